package tools

import (
	"path"
	"slices"
	"testing"
)

// TestDependabotUpdatesEachModule exists because a module without an entry is
// never updated, and nobody notices it.
func TestDependabotUpdatesEachModule(t *testing.T) {
	t.Parallel()
	var configuration struct {
		Updates []struct {
			Ecosystem   string `yaml:"package-ecosystem"`
			Directory   string
			Directories []string
		}
	}
	readYAML(t, ".github/dependabot.yml", &configuration)
	var updated []string
	for _, update := range configuration.Updates {
		for _, directory := range append(update.Directories, update.Directory) {
			updated = append(updated, update.Ecosystem+" "+directory)
		}
	}
	for file, ecosystem := range map[string]string{"go.mod": "gomod", "package.json": "npm"} {
		for _, module := range slices.Concat(glob(t, file), glob(t, "*/"+file), glob(t, "*/*/"+file)) {
			if want := ecosystem + " " + path.Dir("/"+module); !slices.Contains(updated, want) {
				t.Errorf("dependabot.yml has no entry for %s, only for %q", want, updated)
			}
		}
	}
}
