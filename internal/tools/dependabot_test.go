package tools

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"testing"

	"go.yaml.in/yaml/v3"
)

// manifests are the files by which Dependabot knows a module, with the names of
// their ecosystems in dependabot.yml.
var manifests = map[string]string{"go.mod": "gomod", "package.json": "npm"}

// TestDependabotUpdatesEachModule exists because a module without an entry is
// never updated, and nobody notices it.
func TestDependabotUpdatesEachModule(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile(filepath.Join(root, ".github", "dependabot.yml"))
	if err != nil {
		t.Fatal(err)
	}
	want := modules(t)
	if !slices.Contains(want, "gomod /") || !slices.Contains(want, "npm /tools/interop") {
		t.Fatalf("found only the modules %q", want)
	}
	if got := updated(t, content); !slices.Equal(got, want) {
		t.Errorf("dependabot.yml updates\n%q\nand the tree has\n%q", got, want)
	}
}

// updated lists the modules that dependabot.yml has an entry for, such as
// "gomod /tools".
func updated(t *testing.T, content []byte) []string {
	t.Helper()
	var configuration struct {
		Updates []struct {
			Ecosystem   string   `yaml:"package-ecosystem"`
			Directory   string   `yaml:"directory"`
			Directories []string `yaml:"directories"`
		} `yaml:"updates"`
	}
	if err := yaml.Unmarshal(content, &configuration); err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, update := range configuration.Updates {
		if update.Ecosystem == "github-actions" {
			continue // this entry is for workflows
		}
		directories := update.Directories
		if update.Directory != "" {
			directories = append(directories, update.Directory)
		}
		for _, directory := range directories {
			found = append(found, update.Ecosystem+" "+directory)
		}
	}
	slices.Sort(found)
	return found
}

// modules lists the modules of the tree in the same form.
func modules(t *testing.T) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		// These folders can hold modules of other projects.
		if entry.IsDir() && slices.Contains([]string{".git", "node_modules", "testdata", "dist"}, entry.Name()) {
			return filepath.SkipDir
		}
		if ecosystem := manifests[entry.Name()]; ecosystem != "" {
			folder, err := filepath.Rel(root, filepath.Dir(file))
			if err != nil {
				return err
			}
			found = append(found, ecosystem+" "+path.Join("/", filepath.ToSlash(folder)))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(found)
	return found
}
