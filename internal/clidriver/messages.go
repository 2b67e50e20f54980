package clidriver

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Diagnostic is a diagnostic as the CLI gives it to programs, before it wraps
// the text for people.
type Diagnostic struct {
	Severity, Summary, Detail, Address string
	Snippet                            struct{ Context, Code string }
}

// String is the diagnostic as a test shows it.
func (d Diagnostic) String() string {
	return fmt.Sprintf("%s: %s\n  on %s %s: %s\n%s\n", d.Severity, d.Summary, d.Address, d.Snippet.Context,
		strings.TrimSpace(d.Snippet.Code), d.Detail)
}

// Output is the value of an output, as the JSON that the CLI printed.
type Output struct{ Value json.RawMessage }

// Messages reads what plan and apply print with -json: the diagnostics, and the
// outputs after the run. A warning about a provider that is overridden says
// nothing of the provider, and is left out.
func (r *Result) Messages() ([]Diagnostic, map[string]Output) {
	var (
		diagnostics []Diagnostic
		outputs     map[string]Output
	)

	for line := range strings.Lines(r.Stdout) {
		var message struct {
			Diagnostic *Diagnostic
			Outputs    map[string]Output
		}

		if json.Unmarshal([]byte(line), &message) != nil {
			continue
		}

		if message.Diagnostic != nil {
			diagnostics = append(diagnostics, *message.Diagnostic)
		}

		if message.Outputs != nil {
			outputs = message.Outputs
		}
	}
	return withoutOverrides(diagnostics), outputs
}

// Validation reads what validate prints with -json.
func (r *Result) Validation() ([]Diagnostic, error) {
	var report struct{ Diagnostics []Diagnostic }
	if err := json.Unmarshal([]byte(r.Stdout), &report); err != nil {
		return nil, r.explain(fmt.Errorf("reading the validation: %w", err))
	}
	return withoutOverrides(report.Diagnostics), nil
}

func withoutOverrides(list []Diagnostic) []Diagnostic {
	return slices.DeleteFunc(list, func(d Diagnostic) bool {
		return strings.Contains(d.Summary, "development overrides")
	})
}
