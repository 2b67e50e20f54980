package tools

import (
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
	s := newScript(t, "release-notes.sh")
	s.write(t, "CHANGELOG.md", changelog)
	for tag, want := range map[string]struct{ notes, problem string }{
		"v1.0.1": {"BUG FIXES:\n\n* Fixed.\n", ""}, "v1.1.0-rc1": {"FEATURES:\n\n* New.\n", ""},
		"v1.1.0": {"", "unreleased"}, "v1.0.0": {"", "nothing"}, "v2.0.0": {"", "no section"}, "v1.0": {"", "no section"},
		"v1.0.2-rc1": {"", "no section"}, "v1x0.1": {"", "no section"},
	} {
		if succeeded, notes, log := s.run(t, tag); succeeded != (want.problem == "") || notes != want.notes ||
			!strings.Contains(log, want.problem) {
			t.Errorf("%s: got %q, want %q\n%s", tag, notes, want, log)
		}
	}
}
