package emulator_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

var update = flag.Bool("update", false, "write the table into ASSUMPTIONS.md")

func TestAWrongRefutationIsNamed(t *testing.T) {
	for option, want := range map[string]string{
		"unknown-filters": `no assumption is called "unknown-filters"`,
		"id-in:lost":      "use one of id-in:refused, id-in:ignored",
		"id-in:":          "use one of",
	} {
		func() {
			defer func() {
				if text := fmt.Sprint(recover()); !strings.Contains(text, want) {
					t.Errorf("WithRefuted took %q, or panicked with %s", option, text)
				}
			}()
			emulator.New(emulator.WithRefuted(option))
		}()
		if emulator.CheckRefutation(option) == nil {
			t.Errorf("%q is taken", option)
		}
	}
}

// A comment says where the emulator relies on an assumption, and the list says
// what it is. Both must name the same assumptions.
func TestCommentsAndTheListNameTheSameAssumptions(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	commented := map[string]bool{}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := regexp.MustCompile(`\n\s*// ?`).ReplaceAllString(string(source), " ")
		for _, match := range regexp.MustCompile(`Assumption \(([a-z, -]+)\)`).FindAllStringSubmatch(text, -1) {
			for name := range strings.SplitSeq(match[1], ", ") {
				commented[name] = true
			}
		}
	}
	listed := map[string]bool{"name": true} // in the comments that explain the form
	for _, a := range emulator.Assumptions() {
		listed[a.Name] = true
	}
	if !maps.Equal(commented, listed) {
		t.Errorf("comments name %q, want %q", slices.Sorted(maps.Keys(commented)), slices.Sorted(maps.Keys(listed)))
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
	before, _, _ := strings.Cut(string(page), "| assumption |")
	wantFile(t, path, before+assumptionsTable()) // the page ends with the table
}
