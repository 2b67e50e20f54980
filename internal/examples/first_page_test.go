package examples

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	pageTitle    = regexp.MustCompile(`(?m)^page_title: "((?:[^"\\]|\\.)*)"$`)
	firstHeading = regexp.MustCompile(`(?m)^# (.+)$`)
)

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

// TestGuidesAreTitledLikeTheirHeadings looks at the title, which is the name of
// the guide in the Registry's list.
func TestGuidesAreTitledLikeTheirHeadings(t *testing.T) {
	t.Parallel()
	for _, file := range files(t, "docs/guides", ".md") {
		match := pageTitle.FindStringSubmatch(read(t, file))
		if match == nil {
			t.Errorf("%s has no page_title", file)
			continue
		}
		title := strings.ReplaceAll(match[1], `\"`, `"`)
		if want := strings.ReplaceAll(headingOf(t, file), "`", ""); title != want {
			t.Errorf("%s has the title %q and the heading %q", file, title, want)
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

// TestThePipelinesPageLeadsToEverySection finds sections that are missing in the
// table at the top, of this page and of the two that continue it.
func TestThePipelinesPageLeadsToEverySection(t *testing.T) {
	t.Parallel()
	guides := filepath.Join(root, "docs", "guides")
	table, _, _ := strings.Cut(read(t, filepath.Join(guides, "pipelines.md")), "\n## ")
	for page, prefix := range map[string]string{"pipelines.md": "", "drift.md": "drift.md", "offline.md": "offline.md"} {
		text := fenced.ReplaceAllString(read(t, filepath.Join(guides, page)), "")
		for _, section := range regexp.MustCompile(`(?m)^## .*$`).FindAllString(text, -1) {
			if target := "(" + prefix + "#" + anchors(section)[0] + ")"; !strings.Contains(table, target) {
				t.Errorf("the table has no link %s", target)
			}
		}
	}
}

// TestPagesSayWhatIsReleased compares the pages with the changelog. The commit
// that gives version 0.1.0 its date also removes what is said about the time
// before.
func TestPagesSayWhatIsReleased(t *testing.T) {
	t.Parallel()
	unreleased := strings.Contains(read(t, filepath.Join(root, "CHANGELOG.md")), "## 0.1.0 (Unreleased)")
	said := 0
	for _, page := range append(files(t, "docs", ".md"), topPages(t)...) {
		if filepath.Base(page) != "CONTRIBUTING.md" && strings.Contains(unwrapped(read(t, page)), "ersion 0.1.0 is not released yet") {
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
