package emulator_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

var update = flag.Bool("update", false, "write the table into ASSUMPTIONS.md")

func TestEachAssumptionSaysWhatItMeans(t *testing.T) {
	slug := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	sentence := regexp.MustCompile("^[A-Z`].*\\.$")
	var names []string
	for _, a := range emulator.Assumptions() {
		if !slug.MatchString(a.Name) || slices.Contains(names, a.Name) {
			t.Errorf("name %q is malformed or not the only one", a.Name)
		}
		names = append(names, a.Name)
		for _, text := range []string{a.Assumed, a.IfWrong} {
			if !sentence.MatchString(text) || strings.Contains(text, "|") {
				t.Errorf("%s: %q is not a sentence, or does not fit into a table", a.Name, text)
			}
		}
		if len(a.Refutations) == 0 {
			t.Errorf("there is no way to turn %s round", a.Name)
		}
		var ways []string
		for _, r := range a.Refutations {
			if !slug.MatchString(r.Way) || slices.Contains(ways, r.Way) || r.Answers == "" {
				t.Errorf("%s: way %q is malformed, not the only one, or unexplained", a.Name, r.Way)
			}
			ways = append(ways, r.Way)
		}
		for _, option := range append(a.Options(), a.Name) {
			if err := emulator.CheckRefutation(option); err != nil {
				t.Errorf("%s: %v", option, err)
			}
			emulator.New(emulator.WithRefuted(option))
		}
	}
}

func TestAWrongRefutationIsNamed(t *testing.T) {
	for option, want := range map[string]string{
		"":                "no assumption",
		"unknown-filters": `no assumption is called "unknown-filters"`,
		"id-in:lost":      "use one of id-in:refused, id-in:ignored",
		"id-in:":          "use one of",
	} {
		err := emulator.CheckRefutation(option)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", option, err)
			continue
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("WithRefuted took %q", option)
				}
			}()
			emulator.New(emulator.WithRefuted(option))
		}()
	}
}

// A comment says where the emulator relies on an assumption, and the list says
// what it is. Both must name the same assumptions.
func TestCommentsAndTheListNameTheSameAssumptions(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	mark := regexp.MustCompile(`(?s)Assumption \(([a-z, -]+)\)`)
	commented := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || file == "assumptions.go" {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := regexp.MustCompile(`\n\s*// ?`).ReplaceAllString(string(source), " ")
		if strings.Contains(text, "Assumption:") {
			t.Errorf("%s holds an assumption without a name", file)
		}
		for _, match := range mark.FindAllStringSubmatch(text, -1) {
			for name := range strings.SplitSeq(match[1], ", ") {
				commented[name] = true
			}
		}
	}
	delete(commented, "name") // from the comments that explain the form
	for _, a := range emulator.Assumptions() {
		if !commented[a.Name] {
			t.Errorf("no comment says where %q is assumed", a.Name)
		}
		delete(commented, a.Name)
	}
	for name := range commented {
		t.Errorf("a comment names %q, which is not in the list", name)
	}
}

// assumptionsTable returns the table in the form of ASSUMPTIONS.md.
func assumptionsTable() string {
	var b strings.Builder
	b.WriteString("| assumption | what is assumed | if it is wrong | how it is refuted |\n|---|---|---|---|\n")
	for _, a := range emulator.Assumptions() {
		ways := make([]string, len(a.Refutations))
		for i, r := range a.Refutations {
			ways[i] = fmt.Sprintf("`%s`: %s", r.Way, r.Answers)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", a.Name, a.Assumed, a.IfWrong, strings.Join(ways, "; "))
	}
	return b.String()
}

func TestAssumptionsAreListed(t *testing.T) {
	const path = "../../ASSUMPTIONS.md"
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, _, found := strings.Cut(string(page), "| assumption |")
	want := before + assumptionsTable() // the page ends with the table
	switch {
	case !found:
		t.Fatal("ASSUMPTIONS.md has no table")
	case string(page) == want:
	case !*update:
		t.Fatal("the table is not that of the list: run `go test ./internal/emulator -run Listed -update`")
	default:
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
