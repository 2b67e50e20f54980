package examples

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	// place matches the lines in which the CLI names the place in the
	// configuration.
	place = regexp.MustCompile(`(?m)^ {2}with .*,\n(?: {2}on .*:\n)?(?: +\d+: .*\n)*`)
	// onArgument matches the place in the texts of the provider's tests.
	onArgument = regexp.MustCompile("(?m)^((?:Error|Warning): .*) \\(on `.*`\\)$")
	specimen   = regexp.MustCompile("(?ms)^```text\n((?:Error|Warning): .*?\n)```$")
)

// TestSpecimensAreErrorsThatTheProviderPrints compares the errors that the
// pages show with the texts in the test data of the provider.
func TestSpecimensAreErrorsThatTheProviderPrints(t *testing.T) {
	t.Parallel()
	printed := map[string]bool{}
	for _, file := range files(t, filepath.Join("internal", "provider", "testdata"), ".txt") {
		for _, text := range strings.Split(read(t, file), "\n==== ")[1:] {
			_, text, _ = strings.Cut(text, "====\n")
			printed[unwrapped(onArgument.ReplaceAllString(text, "$1"))] = true
		}
	}
	if len(printed) < 50 {
		t.Errorf("only %d texts were found: this test no longer understands how they are written", len(printed))
	}
	shown := 0
	for _, page := range pages(t) {
		for _, match := range specimen.FindAllStringSubmatch(read(t, page), -1) {
			shown++
			if !printed[unwrapped(place.ReplaceAllString(match[1], ""))] {
				t.Errorf("%s shows an error that the provider does not print:\n%s", page, match[1])
			}
		}
	}
	if shown == 0 {
		t.Error("no page shows an error")
	}
}

// unwrapped returns a text on one line, so that texts with different line
// breaks can be compared.
func unwrapped(text string) string { return strings.Join(strings.Fields(text), " ") }
