package tools

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// goreleaserConfiguration is the part of .goreleaser.yml that these tests check.
type goreleaserConfiguration struct {
	Checksum struct {
		Files []extraFile `yaml:"extra_files"`
	} `yaml:"checksum"`
	Release struct {
		Draft bool        `yaml:"draft"`
		Files []extraFile `yaml:"extra_files"`
	} `yaml:"release"`
}

type extraFile struct {
	Glob string `yaml:"glob"`
	Name string `yaml:"name_template"`
}

func configuration(t *testing.T) goreleaserConfiguration {
	t.Helper()
	var c goreleaserConfiguration
	if err := yaml.Unmarshal(readFile(t, ".goreleaser.yml"), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// readFile reads a file of the source tree.
func readFile(t *testing.T, path ...string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, filepath.Join(path...)))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// TestTheManifestIsSummedAndUploaded reads the configuration, because a snapshot
// uploads nothing that could be checked. The manifest matters. Without it a
// Registry assumes protocol 5, and then CLIs refuse the provider.
func TestTheManifestIsSummedAndUploaded(t *testing.T) {
	t.Parallel()
	c := configuration(t)
	want := extraFile{
		Glob: "terraform-registry-manifest.json", Name: "{{ .ProjectName }}_{{ .Version }}_manifest.json",
	}
	if !slices.Contains(c.Checksum.Files, want) || !slices.Contains(c.Release.Files, want) {
		t.Errorf("got %v in the checksums and %v in the release, want %v in both", c.Checksum.Files, c.Release.Files, want)
	}
	var manifest struct {
		Version  int `json:"version"`
		Metadata struct {
			Protocols []string `json:"protocol_versions"`
		} `json:"metadata"`
	}
	if err := json.Unmarshal(readFile(t, want.Glob), &manifest); err != nil {
		t.Fatal(err)
	}
	if manifest.Version != 1 || !slices.Equal(manifest.Metadata.Protocols, []string{"6.0"}) {
		t.Errorf("the manifest is %+v, want version 1 with protocol 6.0", manifest)
	}
}

// TestAReleaseIsADraftUntilItIsAttested checks what the release workflow relies
// on: that goreleaser makes a draft, and that the steps are in order.
func TestAReleaseIsADraftUntilItIsAttested(t *testing.T) {
	t.Parallel()
	if !configuration(t).Release.Draft {
		t.Error("goreleaser would publish before anything is attested")
	}
	workflow := string(readFile(t, ".github", "workflows", "release.yml"))
	last := -1
	for _, step := range []string{"release-notes.sh", "goreleaser release", "attest-build-provenance@", "--draft=false"} {
		at := strings.LastIndex(workflow, step)
		if at <= last {
			t.Errorf("%q is missing or too early in the workflow", step)
		}
		last = at
	}
}
