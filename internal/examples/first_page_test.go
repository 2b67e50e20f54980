package examples

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var firstHeading = regexp.MustCompile(`(?m)^# (.+)$`)

// TestTheFirstPageLeadsToEveryPage finds pages that a reader of the first one
// would not find, and guides that it calls by another name than their own.
func TestTheFirstPageLeadsToEveryPage(t *testing.T) {
	t.Parallel()
	first := read(t, filepath.Join(root, "docs", "index.md"))
	for _, file := range files(t, "docs", ".md") {
		name, err := filepath.Rel(filepath.Join(root, "docs"), file)
		if err != nil {
			t.Fatal(err)
		}
		name = strings.TrimSuffix(filepath.ToSlash(name), ".md")
		if name == "index" {
			continue
		}
		target := "(" + registryDocs + name + ")"
		if strings.HasPrefix(name, "guides/") {
			target = "[" + headingOf(t, file) + "]" + target
		}
		if !strings.Contains(first, target) {
			t.Errorf("docs/index.md has no link %s", target)
		}
	}
}

func headingOf(t *testing.T, file string) string {
	t.Helper()
	match := firstHeading.FindStringSubmatch(read(t, file))
	if match == nil {
		t.Fatalf("%s has no heading", file)
	}
	return match[1]
}

// TestPagesSayWhatIsReleased compares the pages with the changelog. The commit
// that gives version 0.1.0 its date also removes what is said about the time
// before.
func TestPagesSayWhatIsReleased(t *testing.T) {
	t.Parallel()
	unreleased := strings.Contains(read(t, filepath.Join(root, "CHANGELOG.md")), "## 0.1.0 (Unreleased)")
	said := 0
	for _, page := range append(files(t, "docs", ".md"), topPages(t)...) {
		if filepath.Base(page) != "CONTRIBUTING.md" &&
			strings.Contains(unwrapped(read(t, page)), "ersion 0.1.0 is not released yet") {
			said++
			if !unreleased {
				t.Errorf("%s says that version 0.1.0 is not released yet", page)
			}
		}
	}
	if unreleased && said < 4 {
		t.Errorf("only %d pages say that version 0.1.0 is not released yet", said)
	}
}
