package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// The programs of a release, as .goreleaser.yml calls them.
const (
	providerID = "provider"
	emulatorID = "emulator"
)

// The kinds of artifacts that matter here, as goreleaser calls them.
const (
	kindBinary   = "Binary"
	kindArchive  = "Archive"
	kindSBOM     = "SBOM"
	kindChecksum = "Checksum"
)

// dist is the result of goreleaser: the tree that it worked in, and its list of
// the files that it made.
type dist struct {
	tree      string
	version   string
	artifacts []artifact
}

// artifact is an entry in goreleaser's list of files.
type artifact struct {
	Name   string `json:"name"`
	Path   string `json:"path"`
	OS     string `json:"goos"`
	Arch   string `json:"goarch"`
	Kind   string `json:"type"`
	Extras struct {
		ID string `json:"ID"`
	} `json:"extra"`
}

// target is the system and the architecture, written as in goreleaser's
// configuration.
func (a artifact) target() string { return a.OS + "_" + a.Arch }

func openDist(tree string) (dist, error) {
	d := dist{tree: tree}

	var metadata struct {
		Version string `json:"version"`
	}
	if err := errors.Join(
		readJSON(d.path("metadata.json"), &metadata),
		readJSON(d.path("artifacts.json"), &d.artifacts),
	); err != nil {
		return dist{}, fmt.Errorf("reading what goreleaser built: %w", err)
	}

	if metadata.Version == "" || len(d.all(kindBinary)) == 0 {
		return dist{}, fmt.Errorf("goreleaser lists no version or no binary in %s", tree)
	}

	d.version = metadata.Version
	return d, nil
}

func readJSON(file string, into any) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return json.Unmarshal(content, into)
}

func (d dist) path(name string) string { return filepath.Join(d.tree, "dist", name) }

// file is the path of an artifact. The paths in goreleaser's list are relative to
// the tree.
func (d dist) file(a artifact) string { return filepath.Join(d.tree, filepath.FromSlash(a.Path)) }

func (d dist) all(kind string) []artifact {
	return slices.DeleteFunc(slices.Clone(d.artifacts), func(a artifact) bool { return a.Kind != kind })
}

// one finds the artifact of a program for a target.
func (d dist) one(kind, id, target string) (artifact, error) {
	for _, a := range d.all(kind) {
		if a.Extras.ID == id && a.target() == target {
			return a, nil
		}
	}
	return artifact{}, fmt.Errorf("goreleaser made no %s of the %s for %s", kind, id, target)
}

// checksums is the file that lists the sums of the release.
func (d dist) checksums() (string, error) {
	list := d.all(kindChecksum)
	if len(list) != 1 {
		return "", fmt.Errorf("goreleaser made %d files of checksums, want one", len(list))
	}
	return d.file(list[0]), nil
}
