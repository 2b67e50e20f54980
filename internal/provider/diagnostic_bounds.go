package provider

import (
	"fmt"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

const (
	// maxAlike is the greatest number of diagnostics with the same title that
	// are shown.
	maxAlike = 25
	// maxDetail is the greatest length of a diagnostic's text, in bytes. The
	// longest text of the provider's own is a list of [maxAlike] IDs, each as
	// long as a quote may be.
	maxDetail = 10_000
)

// boundedDiagnostics limits the number and the length of diagnostics, so that a
// person can read them. Their number grows with the arguments of a read. The
// provider's own texts are short already, but the framework's texts may quote
// long values. The provider block has a few short texts only.
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

// cutText shortens a text to the given number of bytes. It does not cut a
// character in two.
func cutText(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most] + "…"
}

// shownPath ends a path before a key that must not be shown, because it is too
// long or contains an e-mail address. The CLI logs paths.
func shownPath(path *tftypes.AttributePath) *tftypes.AttributePath {
	for i, step := range path.Steps() {
		if key, ok := step.(tftypes.ElementKeyString); ok && redact.Name(string(key)) != string(key) {
			return tftypes.NewAttributePathWithSteps(path.Steps()[:i])
		}
	}
	return path
}
