package main

import (
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// dependencyFiles has a file name for each ecosystem, by Dependabot's name of the
// ecosystem. A directory with such a file has dependencies to update.
var dependencyFiles = map[string]string{"gomod": "go.mod", "npm": "package-lock.json"}

// TestDependabotWatchesEachModuleAndPackage compares the directories in
// Dependabot's configuration with those in the tree. Nobody notices a directory
// that is missing there, because its dependencies just stay old.
func TestDependabotWatchesEachModuleAndPackage(t *testing.T) {
	t.Parallel()

	tree := os.DirFS(root)

	content, err := fs.ReadFile(tree, ".github/dependabot.yml")
	if err != nil {
		t.Fatal(err)
	}

	watched, err := watchedDirectories(content)
	if err != nil {
		t.Fatal(err)
	}

	for ecosystem, file := range dependencyFiles {
		present, err := directoriesWith(tree, file)
		if err != nil {
			t.Fatal(err)
		}

		if len(present) == 0 {
			t.Errorf("no %s was found in the tree", file)
		}

		if got := watched[ecosystem]; !slices.Equal(got, present) {
			t.Errorf("%s: Dependabot watches %v, but the tree has %s in %v", ecosystem, got, file, present)
		}
	}
}

// watchedDirectories lists the directories of each ecosystem in order.
func watchedDirectories(configuration []byte) (map[string][]string, error) {
	var c struct {
		Updates []struct {
			Ecosystem   string   `yaml:"package-ecosystem"`
			Directory   string   `yaml:"directory"`
			Directories []string `yaml:"directories"`
		} `yaml:"updates"`
	}
	if err := yaml.Unmarshal(configuration, &c); err != nil {
		return nil, err
	}

	watched := map[string][]string{}

	for _, update := range c.Updates {
		directories := update.Directories
		if update.Directory != "" {
			directories = append(directories, update.Directory)
		}

		watched[update.Ecosystem] = append(watched[update.Ecosystem], directories...)
	}

	for _, directories := range watched {
		slices.Sort(directories)
	}
	return watched, nil
}

// directoriesWith lists the directories with such a file in order, written as in
// Dependabot's configuration. It skips installed packages and the directories
// that a build writes, because they are not part of the project.
func directoriesWith(tree fs.FS, file string) ([]string, error) {
	var found []string

	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}

		skipped := strings.HasPrefix(name, ".") || entry.Name() == "node_modules" ||
			slices.Contains([]string{"bin", "dist", "bench"}, name)
		if entry.IsDir() && skipped && name != "." {
			return fs.SkipDir
		}

		if entry.Name() == file {
			found = append(found, path.Join("/", path.Dir(name)))
		}
		return nil
	})
	slices.Sort(found)
	return found, err
}
