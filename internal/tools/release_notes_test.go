package tools

import (
	"os"
	"path/filepath"
	"regexp"
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
		"v1.0.1":     "BUG FIXES:\n\n* Fixed.\n",
		"v1.1.0-rc1": "FEATURES:\n\n* New.\n",
	} {
		s := newScript(t, "release-notes.sh")
		s.write(t, "CHANGELOG.md", changelog)
		if succeeded, notes, log := s.run(t, tag); !succeeded || notes != want {
			t.Errorf("%s: got %q, want %q\n%s", tag, notes, want, log)
		}
	}
}

func TestATagWithoutASectionIsRefused(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{
		"v1.1.0": "unreleased", "v1.0.0": "nothing", "v1.0": "no section", "v2.0.0": "no section", "v10.1": "no section",
		"v1.0.2-rc1": "no section", "v1x0.1": "no section",
	} {
		s := newScript(t, "release-notes.sh")
		s.write(t, "CHANGELOG.md", changelog)
		if succeeded, notes, log := s.run(t, tag); succeeded || notes != "" || !strings.Contains(log, want) {
			t.Errorf("%s: got %q, want an error with %q\n%s", tag, notes, want, log)
		}
	}
}

func TestTheChangelogOfThisProjectIsUnderstood(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "CHANGELOG.md"))
	if err != nil {
		t.Fatal(err)
	}
	first := regexp.MustCompile(`(?m)^## (\S+) \(.*\)$`).FindSubmatch(text)
	if first == nil {
		t.Fatal("it has no section")
	}
	s := newScript(t, "release-notes.sh")
	s.write(t, "CHANGELOG.md", string(text))
	if succeeded, notes, log := s.run(t, "v"+string(first[1])+"-rc1"); !succeeded || len(notes) < 2 {
		t.Errorf("got %q\n%s", notes, log)
	}
}
