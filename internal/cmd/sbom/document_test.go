package main

import (
	"debug/buildinfo"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
)

func TestNewDocument(t *testing.T) {
	t.Parallel()

	linux := &buildinfo.BuildInfo{GoVersion: "go1.26.0", Deps: []*debug.Module{
		{Path: "golang.org/x/sys", Version: "v0.1.0"},
		{Path: "example.com/old", Version: "v1.0.0", Replace: &debug.Module{Path: "example.com/new", Version: "v2.0.0+incompatible"}},
	}}
	windows := &buildinfo.BuildInfo{GoVersion: "go1.26.0", Deps: []*debug.Module{
		{Path: "golang.org/x/sys", Version: "v0.1.0"},
		{Path: "example.com/windows", Version: "v0.3.0"},
	}}

	got := newDocument("1.2.3", []*buildinfo.BuildInfo{linux, windows})

	if want := "pkg:golang/" + modulePath + "@v1.2.3"; got.Metadata.Component.PURL != want {
		t.Errorf("the document describes %s, want %s", got.Metadata.Component.PURL, want)
	}

	refs := make([]string, 0, len(got.Components))
	for _, found := range got.Components {
		refs = append(refs, found.Ref)
	}

	want := strings.Join([]string{
		"pkg:golang/example.com/new@v2.0.0%2Bincompatible",
		"pkg:golang/example.com/windows@v0.3.0",
		"pkg:golang/golang.org/x/sys@v0.1.0",
		"pkg:golang/std@1.26.0",
	}, "\n")
	if list := strings.Join(refs, "\n"); list != want {
		t.Errorf("got\n%s\nwant\n%s", list, want)
	}
}

// TestRun reads a real binary: the one that runs this test.
func TestRun(t *testing.T) {
	t.Parallel()

	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}

	content, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}

	dir := t.TempDir()
	for name, data := range map[string][]byte{binaryPrefix + "1.2.3": content, binaryPrefix + "1.2.3_x.zip": []byte("no binary")} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}

	out := filepath.Join(dir, "sbom.cdx.json")
	if err := run([]string{"-version", "1.2.3", "-out", out, dir}); err != nil {
		t.Fatal(err)
	}

	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}

	var got document
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}

	if got.Format != "CycloneDX" || len(got.Components) == 0 {
		t.Errorf("got %+v", got)
	}
}

func TestRunRefusesAnEmptyDirectory(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	if err := run([]string{"-version", "1.2.3", "-out", filepath.Join(dir, "out"), dir}); err == nil {
		t.Error("a release without binaries got a bill of materials")
	}
}
