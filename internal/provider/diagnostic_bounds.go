package provider

import (
	"fmt"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

const (
	// maxAlike is how many diagnostics with the same title a person is shown.
	maxAlike = 25
	// maxDetail bounds a diagnostic, in bytes. The longest that the provider
	// writes is a list of [maxAlike] IDs with the longest quote that is allowed.
	maxDetail = 10_000
)

// boundedDiagnostics makes diagnostics fit to be read by a person: not too many, and none
// too long. Each text of the provider quotes with a bound of its own. This is
// for their number, which grows with the configuration, and for the framework's
// texts.
func boundedDiagnostics(diagnostics []*tfprotov6.Diagnostic) []*tfprotov6.Diagnostic {
	type kind struct {
		severity tfprotov6.DiagnosticSeverity
		summary  string
	}
	counts := map[kind]int{}
	var kept []*tfprotov6.Diagnostic
	var left []kind
	for _, d := range diagnostics {
		of := kind{d.Severity, d.Summary}
		if counts[of]++; counts[of] > maxAlike {
			if counts[of] == maxAlike+1 {
				left = append(left, of)
			}
			continue
		}
		d.Summary, d.Detail, d.Attribute = cutText(d.Summary, maxDetail), cutText(d.Detail, maxDetail),
			shownPath(d.Attribute)
		kept = append(kept, d)
	}
	for _, of := range left {
		kept = append(kept, &tfprotov6.Diagnostic{
			Severity: of.severity, Summary: cutText(of.summary, maxDetail),
			Detail: fmt.Sprintf("There are %s more like the %d above.", thousands(counts[of]-maxAlike), maxAlike),
		})
	}
	return kept
}

// cutText shortens a text to so many bytes, between two characters.
func cutText(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most] + "…"
}

// shownPath ends a path before a key that must not be shown: one that is too
// long, or an e-mail address. Paths are logged.
func shownPath(path *tftypes.AttributePath) *tftypes.AttributePath {
	for i, step := range path.Steps() {
		if key, ok := step.(tftypes.ElementKeyString); ok && commercelayer.Redact(string(key)) != string(key) {
			return tftypes.NewAttributePathWithSteps(path.Steps()[:i])
		}
	}
	return path
}
