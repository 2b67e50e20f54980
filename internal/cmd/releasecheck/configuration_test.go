package main

import (
	"bytes"
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
	Builds []struct {
		ID      string   `yaml:"id"`
		Targets []string `yaml:"targets"`
	} `yaml:"builds"`
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

// root is the source tree, seen from this package.
var root = filepath.FromSlash("../../..")

func configuration(t *testing.T) ([]byte, goreleaserConfiguration) {
	t.Helper()

	content, err := os.ReadFile(filepath.Join(root, ".goreleaser.yml"))
	if err != nil {
		t.Fatal(err)
	}
	return content, parse(t, content)
}

func parse(t *testing.T, content []byte) goreleaserConfiguration {
	t.Helper()

	var c goreleaserConfiguration
	if err := yaml.Unmarshal(content, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestTheManifestIsSummedAndUploaded reads the configuration, because a snapshot
// uploads nothing that could be checked. The manifest matters. Without it a
// Registry assumes protocol 5, and then CLIs refuse the provider.
func TestTheManifestIsSummedAndUploaded(t *testing.T) {
	t.Parallel()

	_, c := configuration(t)
	want := extraFile{
		Glob: "terraform-registry-manifest.json", Name: "{{ .ProjectName }}_{{ .Version }}_manifest.json",
	}

	if !slices.Contains(c.Checksum.Files, want) || !slices.Contains(c.Release.Files, want) {
		t.Errorf(
			"got %v in the checksums and %v in the release, want %v in both",
			c.Checksum.Files,
			c.Release.Files,
			want,
		)
	}

	content, err := os.ReadFile(filepath.Join(root, want.Glob))
	if err != nil {
		t.Fatal(err)
	}

	var manifest struct {
		Version  int `json:"version"`
		Metadata struct {
			Protocols []string `json:"protocol_versions"`
		} `json:"metadata"`
	}
	if err := json.Unmarshal(content, &manifest); err != nil {
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

	if _, c := configuration(t); !c.Release.Draft {
		t.Error("goreleaser would publish before anything is attested")
	}

	workflow, err := os.ReadFile(filepath.Join(root, ".github", "workflows", "release.yml"))
	if err != nil {
		t.Fatal(err)
	}

	last := -1

	for _, step := range []string{"releasenotes", "goreleaser release", "attest-build-provenance@", "--draft=false"} {
		at := strings.LastIndex(string(workflow), step)
		if at <= last {
			t.Errorf("%q is missing or too early in the workflow", step)
		}

		last = at
	}
}

func TestBothProgramsHaveTheSameTargets(t *testing.T) {
	t.Parallel()

	_, c := configuration(t)
	if len(c.Builds) != 2 || len(c.Builds[0].Targets) == 0 || !slices.Equal(c.Builds[0].Targets, c.Builds[1].Targets) {
		t.Errorf("got %+v", c.Builds)
	}
}

func TestTargetsAreRestricted(t *testing.T) {
	t.Parallel()

	content, all := configuration(t)

	same, left, err := restrict(content, parseTargets(""))
	if err != nil || left != 0 || !bytes.Equal(same, content) {
		t.Errorf("no choice left %d targets out, %v", left, err)
	}

	some, left, err := restrict(content, parseTargets("windows_arm64 freebsd_386"))
	if err != nil {
		t.Fatal(err)
	}

	for _, build := range parse(t, some).Builds {
		for _, name := range []string{"windows_arm64", "freebsd_386", host()} {
			if !slices.Contains(build.Targets, name) {
				t.Errorf("%s: %s is missing in %v", build.ID, name, build.Targets)
			}
		}

		if len(build.Targets)+left != len(all.Builds[0].Targets) || len(build.Targets) > 3 {
			t.Errorf("%s: %v remain, and %d are left out", build.ID, build.Targets, left)
		}
	}

	for _, wrong := range []string{"linux_mips", "linux"} {
		if _, _, err := restrict(content, []string{wrong}); err == nil || !strings.Contains(err.Error(), wrong) {
			t.Errorf("%s: got %v, want an error that names it", wrong, err)
		}
	}
	if _, _, err := restrict([]byte("version: 2\n"), []string{"linux_amd64"}); err == nil {
		t.Error("a configuration without builds passed")
	}
}
