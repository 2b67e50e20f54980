package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestNoticesHoldTheTextsOfAllLicences reads a real binary. It is the binary that
// runs this test.
func TestNoticesHoldTheTextsOfAllLicences(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "notices", "NOTICES.txt")
	if err := run(t.Context(), self, out); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"  The Go standard library 1.", ": BSD-3-Clause\n", "  github.com/google/licensecheck v", "\n--- LICENSE\n",
		"\n--- PATENTS\n", "Redistribution and use in source and binary forms", "go mod download",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

func TestAllTextsOfALicenceAreFound(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mpl := licence(t)
	for name, content := range map[string]string{
		"LICENSE":   strings.ReplaceAll(mpl, "\n", "\r\n"),
		"NOTICE.md": "Made by somebody.\n", "license.go": "package p\n", "README": mpl, "Copying-2": mpl,
		"PATENTS": "Additional IP Rights Grant (Patents)\n",
	} {
		write(t, dir, name, content)
	}
	text, err := compose([]part{{"example.com/a v1.0.0", dir}})
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "  example.com") || strings.HasPrefix(line, "--- ") {
			found = append(found, strings.TrimSpace(line))
		}
	}
	want := []string{"example.com/a v1.0.0: MPL-2.0", "--- Copying-2", "--- LICENSE", "--- NOTICE.md", "--- PATENTS"}
	if !slices.Equal(found, want) {
		t.Errorf("got %q", found)
	}
}

func TestAModuleWithoutAPermittedLicenceIsAnError(t *testing.T) {
	t.Parallel()
	for name, file := range map[string][2]string{
		"an unknown licence": {"LICENSE", "Do what I mean.\n"},
		"further terms":      {"LICENSE", licence(t) + strings.Repeat("You owe us a beer.\n", 999)},
		"a notice alone":     {"NOTICE", licence(t)},
		"a folder":           {"LICENSE/file", licence(t)},
	} {
		dir := t.TempDir()
		write(t, dir, file[0], file[1])
		if text, err := compose([]part{{"example.com/a v1.0.0", dir}}); err == nil ||
			!strings.HasPrefix(err.Error(), "example.com/a v1.0.0: ") {
			t.Errorf("%s: got %q, %v", name, text, err)
		}
	}
	if _, err := compose([]part{{"example.com/a v1.0.0", "absent"}}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no source: got %v", err)
	}
}

// licence returns the text of a licence that is permitted: this project's own.
func licence(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../../LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, dir, name, content string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(content), 0o600)); err != nil {
		t.Fatal(err)
	}
}
