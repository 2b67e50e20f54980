package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const changelog = `## 1.1.0 (Unreleased)

FEATURES:

* New.

## 1.0.1 (May 4, 2027)

BUG FIXES:

* Fixed.

## 1.0.0 (May 1, 2027)
`

func TestTheNotesAreTheSectionOfTheVersion(t *testing.T) {
	t.Parallel()

	for tag, want := range map[string]string{
		"v1.0.1":     "BUG FIXES:\n\n* Fixed.",
		"v1.1.0-rc1": "FEATURES:\n\n* New.",
	} {
		if got, err := section(changelog, tag); err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", tag, got, err, want)
		}
	}
}

func TestATagWithoutASectionIsRefused(t *testing.T) {
	t.Parallel()

	for tag, want := range map[string]string{
		"v1.1.0": "unreleased", "v1.0.0": "empty", "v1.0": "no section", "v2.0.0": "no section", "v10.1": "no section",
	} {
		if got, err := section(changelog, tag); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %q, %v, want an error with %q", tag, got, err, want)
		}
	}
}

func TestTheChangelogOfThisProjectIsUnderstood(t *testing.T) {
	t.Parallel()

	text, err := os.ReadFile(filepath.FromSlash("../../../CHANGELOG.md"))
	if err != nil {
		t.Fatal(err)
	}

	first := title.FindStringSubmatch(string(text))
	if first == nil {
		t.Fatal("it has no section")
	}
	if notes, err := section(string(text), "v"+first[1]+"-rc1"); err != nil || notes == "" {
		t.Errorf("got %q, %v", notes, err)
	}
}
