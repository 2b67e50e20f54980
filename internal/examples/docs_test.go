package examples

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/provider"
)

// files returns the files with a suffix in a folder and its subfolders.
func files(t *testing.T, folder, suffix string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(filepath.Join(root, folder), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && strings.HasSuffix(path, suffix) {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		t.Fatalf("there is no %s in %s", suffix, folder)
	}
	return found
}

var (
	configurationFence = regexp.MustCompile("(?m)^```(hcl|terraform|tf)\\b")
	exampleFile        = regexp.MustCompile(`\{\{-? *(?:tffile|codefile "[a-z]+") "([^"]+)"`)
)

// TestTemplatesQuoteExamples checks that templates have no configurations of
// their own. They must quote the files in examples/, because tests run those.
func TestTemplatesQuoteExamples(t *testing.T) {
	t.Parallel()
	quoted := map[string]bool{}
	for _, file := range files(t, "templates", ".tmpl") {
		text := read(t, file)
		if fence := configurationFence.FindString(text); fence != "" {
			t.Errorf("%s has a block that begins with %s: quote a file of examples/ instead", file, fence)
		}
		for _, match := range exampleFile.FindAllStringSubmatch(text, -1) {
			quoted[match[1]] = true
			if !strings.HasPrefix(match[1], "examples/") {
				t.Errorf("%s quotes %s, which is no example", file, match[1])
			}
		}
	}
	// Each example must be shown by a page, or users will not find it.
	for _, file := range files(t, "examples", "") {
		name, err := filepath.Rel(root, file)
		if err != nil {
			t.Fatal(err)
		}
		name = filepath.ToSlash(name)
		unshown := slices.Contains([]string{"provider.tf", "versions.tf", "customer.tf"}, filepath.Base(file))
		byConvention := slices.Contains([]string{"data-source.tf", "ephemeral-resource.tf"}, filepath.Base(file))
		if !unshown && !byConvention && !quoted[name] {
			t.Errorf("no page shows %s", name)
		}
	}
}

// TestReadmeQuotesExamples checks the same for the pages that are not
// generated.
func TestReadmeQuotesExamples(t *testing.T) {
	t.Parallel()
	var examples []string
	for _, file := range files(t, "examples", "") {
		examples = append(examples, read(t, file))
	}
	for _, page := range topPages(t) {
		for _, block := range fenced.FindAllString(read(t, page), -1) {
			opening, text, _ := strings.Cut(block, "\n")
			text = strings.TrimSuffix(text, "```")
			if configurationFence.MatchString(opening) && !slices.Contains(examples, text) {
				t.Errorf("%s has a configuration that is no file of examples/:\n%s", page, text)
			}
		}
	}
}

// topPages returns the pages at the root of the source tree.
func topPages(t *testing.T) []string {
	t.Helper()
	pages, err := filepath.Glob(filepath.Join(root, "*.md"))
	if err != nil || len(pages) == 0 {
		t.Fatalf("got the pages %q, and the error %v", pages, err)
	}
	return pages
}

var (
	link       = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading    = regexp.MustCompile(`(?m)^#+ (.+)$`)
	anchor     = regexp.MustCompile(`<a id="([^"]+)">`)
	fenced     = regexp.MustCompile("(?ms)^```.*?\n```$")
	notInSlugs = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// anchors returns the anchors of a page, which links can point at.
func anchors(text string) []string {
	var list []string
	for _, match := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
		slug := notInSlugs.ReplaceAllString(strings.ToLower(match[1]), "")
		list = append(list, strings.ReplaceAll(slug, " ", "-"))
	}
	for _, match := range anchor.FindAllStringSubmatch(text, -1) {
		list = append(list, match[1])
	}
	return list
}

func TestLinksResolve(t *testing.T) {
	t.Parallel()
	for _, page := range slices.Concat(files(t, "docs", ".md"), topPages(t)) {
		text := read(t, page)
		for _, match := range link.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
			target, fragment, _ := strings.Cut(match[1], "#")
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			file := page
			if target != "" {
				file = filepath.Join(filepath.Dir(page), filepath.FromSlash(target))
			}
			switch info, err := os.Stat(file); {
			case err != nil:
				t.Errorf("%s links to %s, which is not there", page, match[1])
			case fragment == "":
			case info.IsDir(), !slices.Contains(anchors(read(t, file)), fragment):
				t.Errorf("%s links to %s, which has no such heading", page, match[1])
			}
		}
	}
}

// TestPagesNameFilesThatExist looks for the Go files, and for the packages of the
// client, that the pages for contributors name, and for the folders of the quick
// start.
func TestPagesNameFilesThatExist(t *testing.T) {
	t.Parallel()
	var sources []string
	for _, file := range files(t, ".", ".go") {
		sources = append(sources, filepath.Base(file), filepath.Base(filepath.Dir(file))+"/")
	}
	for _, match := range regexp.MustCompile(`-chdir=(\S+)`).FindAllStringSubmatch(read(t,
		filepath.Join(root, "README.md")), -1) {
		if readAll(t, filepath.Join(root, filepath.FromSlash(match[1])), "*.tf") == "" {
			t.Errorf("the README plans in %s, which holds no configuration", match[1])
		}
	}
	named := regexp.MustCompile("`(?:[a-z/]+/)?([a-z_]+(?:\\.go|/))`")
	for _, page := range []string{"DESIGN.md", "CONTRIBUTING.md"} {
		found := named.FindAllStringSubmatch(read(t, filepath.Join(root, page)), -1)
		if len(found) < 5 {
			t.Errorf("only %d names were found in %s", len(found), page)
		}
		for _, match := range found {
			if !slices.Contains(sources, match[1]) && !exists(filepath.Join(root, match[1])) {
				t.Errorf("%s names %s, which is not there", page, match[0])
			}
		}
	}
}

// registryDocs is the URL under which the Registry serves the pages.
const registryDocs = "https://registry.terraform.io/providers/commercelayer/commercelayer/latest/docs/"

// TestTheFirstPageHasAbsoluteLinks checks index.md. The Registry serves that
// page at a path without a slash at its end, so relative links in it would be
// broken. The other pages are served one level deeper, where relative links
// work.
func TestTheFirstPageHasAbsoluteLinks(t *testing.T) {
	t.Parallel()
	count := 0
	text := fenced.ReplaceAllString(read(t, filepath.Join(root, "docs", "index.md")), "")
	for _, match := range link.FindAllStringSubmatch(text, -1) {
		target, fragment, _ := strings.Cut(match[1], "#")
		page, ours := strings.CutPrefix(target, registryDocs)
		switch {
		case target == "":
			continue // a heading of the page itself
		case !strings.Contains(target, "://"):
			t.Errorf(
				"docs/index.md links to %s: write %s instead",
				target,
				registryDocs+strings.TrimSuffix(target, ".md"),
			)
		case ours:
			count++
			file := filepath.Join(root, "docs", filepath.FromSlash(page)+".md")
			if !exists(file) {
				t.Errorf("docs/index.md links to %s, which the Registry does not serve", match[1])
			} else if fragment != "" && !slices.Contains(anchors(read(t, file)), fragment) {
				t.Errorf("docs/index.md links to %s, which has no such heading", match[1])
			}
		}
	}
	if count == 0 {
		t.Error("docs/index.md links to no other page")
	}
}

// TestDocsNameEveryAttribute checks that the pages have the name of every
// attribute of the schemas. `make generate-check` compares the descriptions.
func TestDocsNameEveryAttribute(t *testing.T) {
	t.Parallel()
	schemas, err := provider.NewServer("test")().GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]*tfprotov6.Schema{"index.md": schemas.Provider}
	for folder, list := range map[string]map[string]*tfprotov6.Schema{
		"data-sources":        schemas.DataSourceSchemas,
		"resources":           schemas.ResourceSchemas,
		"ephemeral-resources": schemas.EphemeralResourceSchemas,
	} {
		for name, schema := range list {
			pages[folder+"/"+strings.TrimPrefix(name, "commercelayer_")+".md"] = schema
		}
	}
	listed := regexp.MustCompile("(?m)^- `([^`]+)` \\(")
	for page, schema := range pages {
		var got []string
		text := read(t, filepath.Join(root, "docs", filepath.FromSlash(page)))
		for _, match := range listed.FindAllStringSubmatch(text, -1) {
			got = append(got, match[1])
		}
		want := blockNames(schema.Block)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("docs/%s lists\n%q\nand the schema has\n%q\nRun make generate.", page, got, want)
		}
	}
	// The generator does not remove the pages of data sources that no longer
	// exist.
	for _, file := range slices.Concat(files(t, "docs/data-sources", ".md"), files(t, "docs/ephemeral-resources", ".md")) {
		name, err := filepath.Rel(filepath.Join(root, "docs"), file)
		if err != nil {
			t.Fatal(err)
		}
		if pages[filepath.ToSlash(name)] == nil {
			t.Errorf("docs/%s documents nothing that the provider has", name)
		}
	}
}

func blockNames(block *tfprotov6.SchemaBlock) []string {
	names := attributeNames(block.Attributes)
	for _, nested := range block.BlockTypes {
		names = append(append(names, nested.TypeName), blockNames(nested.Block)...)
	}
	return names
}

func attributeNames(attributes []*tfprotov6.SchemaAttribute) []string {
	var names []string
	for _, attribute := range attributes {
		names = append(names, attribute.Name)
		if attribute.NestedType != nil {
			names = append(names, attributeNames(attribute.NestedType.Attributes)...)
		}
	}
	return names
}

// TestEveryErrorIsExplained checks that the guide Troubleshooting has the title of
// every diagnostic in the test data of the provider.
func TestEveryErrorIsExplained(t *testing.T) {
	t.Parallel()
	guide := read(t, filepath.Join(root, "docs", "guides", "troubleshooting.md"))
	// The guide has the titles about customers, and those about other resources differ
	// in the noun alone.
	nouns := strings.NewReplacer("Related resources", "Customers", "related resources", "customers")
	title := regexp.MustCompile(`(?m)^(?:Error|Warning): (.*?)(?: \(on .*)?$`)
	titles := []string{"Second configuration in one process"}
	for _, file := range files(t, filepath.Join("internal", "provider", "testdata"), ".txt") {
		for _, match := range title.FindAllStringSubmatch(read(t, file), -1) {
			titles = append(titles, nouns.Replace(match[1]))
		}
	}
	for _, title := range slices.Compact(slices.Sorted(slices.Values(titles))) {
		if !strings.Contains(guide, title) {
			t.Errorf("the guide Troubleshooting does not mention %q", title)
		}
	}
}
