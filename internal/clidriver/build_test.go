package clidriver

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// newTree returns a directory with a module that has one program.
func newTree(t *testing.T, program string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{"go.mod": "module example.com/p\n", "main.go": program} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestTheProviderIsBuiltWithItsVersion(t *testing.T) {
	t.Parallel()
	tree := newTree(t, "package main\n\nvar version string\n\nfunc main() { println(version) }\n")
	binary, err := Build(t.Context(), tree, t.TempDir(), "9.8.7", RaceFlag()...)
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(binary)
	if err != nil || !strings.Contains(string(content), "9.8.7") {
		t.Errorf("the binary does not know its version: %v", err)
	}
}

func TestABuildThatFailsSaysWhy(t *testing.T) {
	t.Parallel()
	tree := newTree(t, "package main\n\nfunc main() { nothing() }\n")
	_, err := Build(t.Context(), tree, t.TempDir(), "9.8.7", RaceFlag()...)
	if err == nil || !strings.Contains(err.Error(), "undefined: nothing") {
		t.Errorf("got %v", err)
	}
}
