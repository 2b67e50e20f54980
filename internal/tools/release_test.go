package tools

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

const (
	project  = "terraform-provider-commercelayer"
	emulator = "commercelayer-emulator"
	notices  = "/THIRD_PARTY_NOTICES.txt"
)

// A release is what goreleaser wrote: its files by name, and the files of each
// archive in a folder with the archive's name without .zip.
type release struct {
	Version, Commit string
	files           fstest.MapFS
}

func readRelease(t *testing.T, dist string) *release {
	t.Helper()
	entries, err := os.ReadDir(dist)
	if err != nil {
		t.Fatal(err)
	}
	r := &release{files: fstest.MapFS{}}
	for _, entry := range entries {
		if entry.IsDir() {
			continue // here goreleaser worked
		}
		content, err := os.ReadFile(filepath.Join(dist, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		r.files[entry.Name()] = &fstest.MapFile{Data: content}
		folder, packed := strings.CutSuffix(entry.Name(), ".zip")
		if !packed {
			continue
		}
		archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range archive.File {
			content, err := fs.ReadFile(archive, file.Name)
			if err != nil {
				t.Fatal(err)
			}
			r.files[folder+"/"+file.Name] = &fstest.MapFile{Data: content, Mode: file.Mode()}
		}
	}
	if err := json.Unmarshal(r.content("metadata.json"), r); err != nil {
		t.Fatal(err)
	}
	// goreleaser uploads this file from where it is.
	manifest := readFile(t, "terraform-registry-manifest.json")
	r.files[r.name(project, "manifest.json")] = &fstest.MapFile{Data: []byte(manifest)}
	return r
}

// content returns nothing if the file is missing. Then what should be in it is
// missed.
func (r *release) content(name string) []byte {
	if file := r.files[name]; file != nil {
		return file.Data
	}
	return nil
}

// name has the form that the Registries require of the provider. They ignore the
// emulator because of its other name.
func (r *release) name(program, rest string) string { return program + "_" + r.Version + "_" + rest }

// program is the path of a program in its archive.
func (r *release) program(program, target string) string {
	path := r.name(program, target) + "/" + program
	if program == project {
		path += "_v" + r.Version
	}
	if strings.HasPrefix(target, "windows_") {
		path += ".exe"
	}
	return path
}

// verify checks a release for the given targets.
func (r *release) verify(targets []string) error {
	var problems []error
	// goreleaser sums up only what its configuration names, so a file could be missing.
	summed := []string{r.name(project, "manifest.json")}
	for _, target := range targets {
		for _, program := range []string{project, emulator} {
			name := r.name(program, target)
			summed = append(summed, name+".zip", name+".cdx.json")
			if err := r.verifyArchive(program, target); err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", name, err))
			}
		}
	}
	var sums []string
	for _, name := range summed {
		sums = append(sums, fmt.Sprintf("%x  %s\n", sha256.Sum256(r.content(name)), name))
	}
	list := r.name(project, "SHA256SUMS")
	problems = append(problems, compare(list, slices.Collect(strings.Lines(string(r.content(list)))), sums))
	if bytes.HasPrefix(r.content(list+".sig"), []byte("-")) {
		problems = append(problems, errors.New("the signature is armoured, which the Registry refuses"))
	}
	return errors.Join(problems...)
}

func (r *release) verifyArchive(program, target string) error {
	name, path := r.name(program, target), r.program(program, target)
	var files []string
	for file := range r.files {
		if strings.HasPrefix(file, name+"/") {
			files = append(files, file)
		}
	}
	if err := compare("the archive", files, []string{name + "/LICENSE", name + notices, path}); err != nil {
		return err
	}
	// Pipelines download the provider in each run, so its size has a limit.
	const maxBytes = 22_000_000
	file := r.files[path]
	switch {
	case file.Mode&0o111 == 0:
		return errors.New("the program can't be run")
	case len(file.Data) > maxBytes:
		return fmt.Errorf("the program has more than %d bytes", maxBytes)
	}
	built, err := buildinfo.Read(bytes.NewReader(file.Data))
	if err != nil {
		return err
	}
	noticed := []string{"\n  The Go standard library " + strings.TrimPrefix(built.GoVersion, "go") + ": "}
	listed := []string{"pkg:golang/std@" + built.GoVersion + "?"}
	for _, module := range built.Deps {
		noticed = append(noticed, "\n  "+module.Path+" "+module.Version+": ")
		listed = append(listed, "pkg:golang/"+module.Path+"@"+strings.ReplaceAll(module.Version, "+", "%2B")+"?")
	}
	system, architecture, _ := strings.Cut(target, "_")
	return errors.Join(
		// The linker writes the version into the bytes. The build information does not
		// have it, because of -trimpath.
		contains("the program", file.Data, r.Version),
		contains("the build information", []byte(built.String()), "\tGOOS="+system+"\n", "\tGOARCH="+architecture+"\n",
			"\tCGO_ENABLED=0\n", "\t-trimpath=true\n", "\tvcs.revision="+r.Commit+"\n", "\tvcs.modified=false\n"),
		contains("THIRD_PARTY_NOTICES.txt", r.content(name+notices), noticed...),
		contains("the bill of materials", r.content(name+".cdx.json"), listed...))
}

// contains returns an error if a text is missing.
func contains(name string, content []byte, texts ...string) error {
	for _, text := range texts {
		if !bytes.Contains(content, []byte(text)) {
			return fmt.Errorf("%s has no %q", name, text)
		}
	}
	return nil
}

// compare returns an error if two lists differ in more than their order.
func compare(name string, got, want []string) error {
	slices.Sort(got)
	slices.Sort(want)
	if slices.Equal(got, want) {
		return nil
	}
	return fmt.Errorf("%s has\n%q\nand should have\n%q", name, got, want)
}

// TestAReleaseIsWhole verifies the release that `make release-check` has built, and
// then copies of it, each of which is spoiled in a way that must be noticed.
func TestAReleaseIsWhole(t *testing.T) {
	t.Parallel()
	dist := os.Getenv("RELEASE_DIST")
	if dist == "" {
		t.Skip("RELEASE_DIST is not set: `make release-check` builds a release")
	}
	targets := slices.Compact(slices.Sorted(slices.Values(strings.Fields(os.Getenv("RELEASE_TARGETS")))))
	whole := readRelease(t, dist)
	if err := whole.verify(targets); err != nil {
		t.Fatal(err)
	}
	program, archive := whole.program(project, targets[0]), whole.name(project, targets[0])
	sums := whole.name(project, "SHA256SUMS")
	for want, spoil := range map[string]func(fstest.MapFS){
		"the archive has":           func(files fstest.MapFS) { delete(files, archive+"/LICENSE") },
		"the program can't be run":  func(files fstest.MapFS) { files[program].Mode = 0o600 },
		"the program has more than": func(files fstest.MapFS) { files[program].Data = make([]byte, 1<<25) },

		`the program has no "` + whole.Version:       overwrite(program, whole.Version),
		`the build information has no "\tGOOS`:       overwrite(program, "GOOS"),
		`the build information has no "\tGOARCH`:     overwrite(program, "GOARCH"),
		`the build information has no "\tCGO_`:       overwrite(program, "CGO_ENABLED"),
		`the build information has no "\t-trim`:      overwrite(program, "-trimpath"),
		`the build information has no "\tvcs.rev`:    overwrite(program, whole.Commit),
		`the build information has no "\tvcs.mod`:    overwrite(program, "vcs.modified"),
		`THIRD_PARTY_NOTICES.txt has no "\n  The Go`: overwrite(archive+notices, "The Go standard library"),
		`THIRD_PARTY_NOTICES.txt has no "\n  github`: overwrite(archive+notices, "hashicorp/go-plugin"),
		`the bill of materials has no "pkg:golang`:   overwrite(archive+".cdx.json", "hashicorp/go-plugin"),
		sums + " has":               overwrite(archive+".zip", "LICENSE"),
		"the signature is armoured": overwrite(sums+".sig", "\x89"),
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			spoiled := release{whole.Version, whole.Commit, fstest.MapFS{}}
			for name, file := range whole.files {
				copied := *file
				spoiled.files[name] = &copied
			}
			spoil(spoiled.files)
			if err := spoiled.verify(targets); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// overwrite spoils a file: wherever it has the text, it gets another one as long.
func overwrite(name, text string) func(fstest.MapFS) {
	return func(files fstest.MapFS) {
		files[name].Data = bytes.ReplaceAll(files[name].Data, []byte(text), []byte(strings.Repeat("-", len(text))))
	}
}
