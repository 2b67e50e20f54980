package main

import (
	"errors"
	"os"
	"path/filepath"
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

func TestAFileThatIsNoBinaryHasNoNotices(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "out")
	if err := run(t.Context(), "main.go", out); err == nil {
		t.Error("it passed")
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("notices are written")
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
		write(t, dir, name, content)
	}
	text, err := compose([]part{{"example.com/a v1.0.0", dir}})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text, "\n  example.com/a v1.0.0: MIT\n") || strings.Contains(text, "package p") {
		t.Errorf("got\n%s", text)
	}
	at := 0
	for _, want := range []string{"--- Copying-2\n", "--- LICENSE\n", "--- NOTICE.md\n\nMade", "--- PATENTS\n\nAdditional"} {
		next := strings.Index(text, want)
		if next < at {
			t.Errorf("%q is missing or out of order in\n%s", want, text)
		}
		at = next
	}
	if strings.Count(text, "\n---") != 4 {
		t.Errorf("got more texts:\n%s", text)
	}
}

func TestAModuleWithoutAPermittedLicenceIsAnError(t *testing.T) {
	t.Parallel()
	for name, file := range map[string][2]string{
		"no licence":         {"README", mit},
		"an unknown licence": {"LICENSE", "Do what I mean.\n"},
		"a notice alone":     {"NOTICE", mit},
		"a folder":           {"LICENSE/file", mit},
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

func write(t *testing.T, dir, name, content string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(content), 0o600)); err != nil {
		t.Fatal(err)
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
