package tools

import (
	"strings"
	"testing"
)

// TestAReleaseIsADraftUntilItIsAttested reads what only the release workflow does.
func TestAReleaseIsADraftUntilItIsAttested(t *testing.T) {
	t.Parallel()
	var configuration struct {
		Release struct {
			Draft bool
			Files []struct{ Glob string } `yaml:"extra_files"`
		}
	}
	readYAML(t, ".goreleaser.yml", &configuration)
	release := configuration.Release
	if !release.Draft {
		t.Error("goreleaser would publish before anything is attested")
	}
	// Without the manifest a Registry assumes protocol 5, and then CLIs refuse the
	// provider.
	if len(release.Files) != 1 || !strings.Contains(readFile(t, release.Files[0].Glob), `"protocol_versions": ["6.0"]`) {
		t.Errorf("the release has the files %v, want the manifest with protocol 6", release.Files)
	}
	workflow := readFile(t, ".github/workflows/release.yml")
	last := -1
	for _, step := range []string{"release-notes.sh", "goreleaser release", "attest-build-provenance@", "--draft=false"} {
		at := strings.LastIndex(workflow, step)
		if at <= last {
			t.Errorf("%q is missing or too early in the workflow", step)
		}
		last = at
	}
}
