package linked

import (
	"context"
	"debug/buildinfo"
	"errors"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

// listing replaces the go command in tests.
func listing(list string) goCommand {
	return func(_ context.Context, args ...string) ([]byte, error) {
		if slices.Equal(args, []string{"env", "GOROOT"}) {
			return []byte("/go\n"), nil
		}
		return []byte(list), nil
	}
}

func TestModulesOfAllBinariesAreUnited(t *testing.T) {
	t.Parallel()

	linux := &buildinfo.BuildInfo{GoVersion: "go1.26.0", Deps: []*debug.Module{
		{Path: "example.com/both", Version: "v0.1.0"},
		{
			Path:    "example.com/old",
			Version: "v1.0.0",
			Replace: &debug.Module{Path: "example.com/new", Version: "v2.0.0"},
		},
	}}
	windows := &buildinfo.BuildInfo{GoVersion: "go1.26.0", Deps: []*debug.Module{
		{Path: "example.com/both", Version: "v0.1.0"},
		{Path: "example.com/windows", Version: "v0.3.0"},
	}}

	got, err := modules(t.Context(), []*buildinfo.BuildInfo{linux, windows}, listing(`
		{"Path":"example.com/unlinked","Version":"v1.0.0","Dir":"/cache/unlinked"}
		{"Path":"example.com/both","Version":"v0.1.0","Dir":"/cache/both"}
		{"Path":"example.com/old","Version":"v1.0.0",
			"Replace":{"Path":"example.com/new","Version":"v2.0.0","Dir":"/cache/new"}}
		{"Path":"example.com/windows","Version":"v0.3.0","Dir":"/cache/windows"}`))
	if err != nil {
		t.Fatal(err)
	}

	want := []Module{
		{"example.com/both", "v0.1.0", "/cache/both"},
		{"example.com/new", "v2.0.0", "/cache/new"},
		{"example.com/windows", "v0.3.0", "/cache/windows"},
		{Std, "1.26.0", "/go"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%v\nwant\n%v", got, want)
	}
}

func TestABinaryOfAnotherTreeIsRefused(t *testing.T) {
	t.Parallel()

	info := &buildinfo.BuildInfo{
		GoVersion: "go1.26.0",
		Deps:      []*debug.Module{{Path: "example.com/a", Version: "v1.0.0"}},
	}

	_, err := modules(
		t.Context(),
		[]*buildinfo.BuildInfo{info},
		listing(`{"Path":"example.com/a","Version":"v1.1.0","Dir":"/a"}`),
	)
	if err == nil || !strings.Contains(err.Error(), "example.com/a v1.0.0") {
		t.Errorf("got %v", err)
	}
}

func TestNoBinariesAreAnError(t *testing.T) {
	t.Parallel()
	if got, err := modules(t.Context(), nil, listing("")); err == nil {
		t.Errorf("got %v, want an error", got)
	}
}

func TestAFileThatIsNoBinaryIsAnError(t *testing.T) {
	t.Parallel()

	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := Modules(t.Context(), file); err == nil {
		t.Errorf("got %v, want an error", got)
	}
}

func TestAllTextsOfALicenceAreFound(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	for name, content := range map[string]string{
		"LICENSE":   strings.ReplaceAll(mit, "\n", "\r\n"),
		"NOTICE.md": "Made by somebody.\n", "license.go": "package p\n", "README": "Read me.\n", "Copying-2": mit,
		"PATENTS": "Additional IP Rights Grant (Patents)\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	m := Module{Path: "example.com/a", Dir: dir}

	texts, err := m.Texts()
	if err != nil {
		t.Fatal(err)
	}

	var names []string
	for _, text := range texts {
		names = append(names, text.Name)
	}

	if want := []string{"Copying-2", "LICENSE", "NOTICE.md", "PATENTS"}; !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
	if ids, err := m.Licences(); err != nil || !slices.Equal(ids, []string{"MIT"}) {
		t.Errorf("got the licences %q, %v", ids, err)
	}
}

func TestAModuleWithoutALicenceIsAnError(t *testing.T) {
	t.Parallel()

	m := Module{Path: "example.com/a", Dir: t.TempDir()}
	_, none := m.Texts()
	if err := os.WriteFile(filepath.Join(m.Dir, "LICENSE"), []byte("Do what I mean.\n"), 0o600); err != nil {
		t.Fatal(err)
	}

	_, unknown := m.Licences()

	m.Dir = filepath.Join(m.Dir, "missing")
	_, missing := m.Licences()

	if none == nil || unknown == nil || !errors.Is(missing, os.ErrNotExist) {
		t.Errorf("got %v, %v and %v, want errors", none, unknown, missing)
	}
}

const mit = `MIT License

Copyright (c) 2026 Somebody

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
`
