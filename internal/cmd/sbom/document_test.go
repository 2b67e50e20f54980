package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/cmd/internal/linked"
)

// newModule makes a module with a known licence.
func newModule(t *testing.T, path, version string) linked.Module {
	t.Helper()

	licence, err := os.ReadFile("../../../LICENSE")
	if err != nil {
		t.Fatal(err)
	}

	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "LICENSE"), licence, 0o600); err != nil {
		t.Fatal(err)
	}
	return linked.Module{Path: path, Version: version, Dir: dir}
}

func TestTheDocumentNamesEachModuleWithItsLicence(t *testing.T) {
	t.Parallel()

	got, err := newDocument("", "1.2.3", []linked.Module{
		newModule(t, "std", "1.26.0"), newModule(t, "example.com/new", "v2.0.0+incompatible"),
	})
	if err != nil {
		t.Fatal(err)
	}

	if want := "pkg:golang/" + modulePath + "@v1.2.3"; got.Metadata.Component.PURL != want {
		t.Errorf("the document describes %s, want %s", got.Metadata.Component.PURL, want)
	}

	var refs []string

	for _, found := range got.Components {
		refs = append(refs, found.Ref)

		if len(found.Licences) != 1 || found.Licences[0].License.ID != "MPL-2.0" {
			t.Errorf("%s has the licences %v", found.Ref, found.Licences)
		}
	}

	if want := []string{
		"pkg:golang/example.com/new@v2.0.0%2Bincompatible",
		"pkg:golang/std@1.26.0",
	}; !slices.Equal(
		refs,
		want,
	) {
		t.Errorf("got %q, want %q", refs, want)
	}
}

func TestAProgramBelowTheModuleHasItsOwnName(t *testing.T) {
	t.Parallel()

	got, err := newDocument("internal/cmd/x", "1.2.3", nil)
	if want := "pkg:golang/" + modulePath + "@v1.2.3#internal/cmd/x"; err != nil || got.Metadata.Component.Ref != want {
		t.Errorf("got %q, %v, want %q", got.Metadata.Component.Ref, err, want)
	}
}

func TestAModuleWithoutALicenceGetsNoDocument(t *testing.T) {
	t.Parallel()
	if got, err := newDocument("", "1.2.3", []linked.Module{{Path: "example.com/a", Dir: t.TempDir()}}); err == nil {
		t.Errorf("got %v, want an error", got)
	}
}

// TestRun reads a real binary. It is the binary that runs this test.
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
	for name, data := range map[string][]byte{
		"p_v1.2.3":        content,
		"p_v1.2.3_x.zip":  []byte("no binary"),
		"p_v1.2.3.tar.gz": []byte("no binary"),
		"q":               []byte("other"),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}

	out := filepath.Join(dir, "sbom.cdx.json")
	if err := run(t.Context(), []string{"-version", "1.2.3", "-binary", "p_v", "-out", out, dir}); err != nil {
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

	if got.Format != "CycloneDX" || len(got.Components) == 0 ||
		!strings.Contains(string(data), `"id": "BSD-3-Clause"`) {
		t.Errorf("got %s", data)
	}
}

func TestRunRefusesAnEmptyDirectory(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	args := []string{"-version", "1.2.3", "-binary", "p_v", "-out", filepath.Join(dir, "out"), dir}
	if err := run(t.Context(), args); err == nil {
		t.Error("a release without binaries got a bill of materials")
	}
}
