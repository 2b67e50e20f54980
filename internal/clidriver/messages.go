package clidriver

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Diagnostic is a diagnostic in the JSON output of the CLI. Its text is not
// wrapped, as it is in the output for people.
type Diagnostic struct {
	Severity, Summary, Detail, Address string
	Snippet                            struct{ Context, Code string }
}

// String returns the diagnostic in the form in which tests print it.
func (d Diagnostic) String() string {
	return fmt.Sprintf("%s: %s\n  on %s %s: %s\n%s\n", d.Severity, d.Summary, d.Address, d.Snippet.Context,
		strings.TrimSpace(d.Snippet.Code), d.Detail)
}

// Output has the value of an output as JSON.
type Output struct{ Value json.RawMessage }

// Messages parses the output of plan and apply with -json. It returns the
// diagnostics, and the outputs after the run. It leaves out the CLI's warning
// about development overrides, because that does not come from the provider.
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

// Validation parses the output of validate with -json, and returns the
// diagnostics.
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
