package main

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const project = "terraform-provider-commercelayer"

// dist is what goreleaser leaves: the tree that it built, and the version that it gave the build.
type dist struct {
	tree    string
	version string
	targets []target
}

func openDist(tree string, built []target) (dist, error) {
	content, err := os.ReadFile(filepath.Join(tree, "dist", "metadata.json"))
	if err != nil {
		return dist{}, fmt.Errorf("reading what goreleaser built: %w", err)
	}

	var metadata struct {
		Version string `json:"version"`
	}

	if err := json.Unmarshal(content, &metadata); err != nil {
		return dist{}, fmt.Errorf("reading what goreleaser built: %w", err)
	}

	if metadata.Version == "" {
		return dist{}, fmt.Errorf("goreleaser noted no version in %s", tree)
	}

	return dist{tree: tree, version: metadata.Version, targets: built}, nil
}

func (d dist) path(name string) string {
	return filepath.Join(d.tree, "dist", name)
}

func (d dist) zipName(t target) string {
	return fmt.Sprintf("%s_%s_%s.zip", project, d.version, t.name())
}

func (d dist) binaryName(t target) string {
	name := project + "_v" + d.version
	if t.os == "windows" {
		return name + ".exe"
	}

	return name
}

func (d dist) checksumName() string {
	return project + "_" + d.version + "_SHA256SUMS"
}

func (d dist) manifestName() string {
	return project + "_" + d.version + "_manifest.json"
}

func (d dist) sbomName() string {
	return project + "_" + d.version + "_sbom.cdx.json"
}

// verifyNames compares the archives with the list of targets, both ways.
func (d dist) verifyNames() (string, error) {
	want := make([]string, 0, len(d.targets))
	for _, t := range d.targets {
		want = append(want, d.zipName(t))
	}

	slices.Sort(want)

	paths, err := filepath.Glob(d.path("*.zip"))
	if err != nil {
		return "", fmt.Errorf("listing the archives: %w", err)
	}

	got := make([]string, 0, len(paths))
	for _, path := range paths {
		got = append(got, filepath.Base(path))
	}

	slices.Sort(got)

	if !slices.Equal(got, want) {
		return "", fmt.Errorf("the archives are\n  %s\nand should be\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}

	return fmt.Sprintf("%d archives, one for each target, named %s", len(want), d.zipName(target{"{os}", "{arch}"})), nil
}

// binary reads the provider out of an archive, and refuses one that users could not run.
func (d dist) binary(t target) (content []byte, err error) {
	archive, err := zip.OpenReader(d.path(d.zipName(t)))
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", d.zipName(t), err)
	}

	defer func() { _ = archive.Close() }()

	for _, file := range archive.File {
		if file.Name != d.binaryName(t) {
			continue
		}

		if file.Mode().Perm()&0o111 == 0 {
			return nil, fmt.Errorf("%s in %s is not executable", file.Name, d.zipName(t))
		}

		reader, err := file.Open()
		if err != nil {
			return nil, fmt.Errorf("opening %s: %w", file.Name, err)
		}

		content, err := io.ReadAll(reader)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", file.Name, err)
		}

		return content, reader.Close()
	}

	return nil, fmt.Errorf("%s holds no %s", d.zipName(t), d.binaryName(t))
}
