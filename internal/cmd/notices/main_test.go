package main

import (
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
	if err := run(t.Context(), []string{"-out", out, self}); err != nil {
		t.Fatal(err)
	}

	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}

	for _, want := range []string{
		"The Go standard library 1.", ": BSD-3-Clause\n", "github.com/google/licensecheck v", "\n--- LICENSE\n",
		"Redistribution and use in source and binary forms", "go mod download",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

func TestNoticesNeedABinary(t *testing.T) {
	t.Parallel()

	for _, args := range [][]string{nil, {"-out", "file"}, {"-out", filepath.Join(t.TempDir(), "out"), "missing"}} {
		if err := run(t.Context(), args); err == nil {
			t.Errorf("%q passed", args)
		}
	}
}
