package provider

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// diagnostic is a diagnostic in the JSON output of the CLI. Its text is not
// wrapped, as it is in the output for people.
type diagnostic struct {
	Severity, Summary, Detail, Address string
	Snippet                            struct{ Context, Code string }
}

// String returns the diagnostic in the form in which tests print it.
func (d diagnostic) String() string {
	return fmt.Sprintf("%s: %s\n  on %s %s: %s\n%s\n", d.Severity, d.Summary, d.Address, d.Snippet.Context,
		strings.TrimSpace(d.Snippet.Code), d.Detail)
}

// output has the value of an output as JSON.
type output struct{ Value json.RawMessage }

// messages parses what validate, plan or apply print with -json. It returns the
// diagnostics, and the outputs after the run. It leaves out the CLI's warning
// about development overrides, because that does not come from the provider.
func messages(stdout string) (diagnostics []diagnostic, outputs map[string]output) {
	decoder := json.NewDecoder(strings.NewReader(stdout))
	for {
		var message struct {
			Diagnostic  *diagnostic  // of plan and apply
			Diagnostics []diagnostic // of validate
			Outputs     map[string]output
		}
		if decoder.Decode(&message) != nil {
			break // the end, or a command without -json
		}
		diagnostics = append(diagnostics, message.Diagnostics...)
		if message.Diagnostic != nil {
			diagnostics = append(diagnostics, *message.Diagnostic)
		}
		if message.Outputs != nil {
			outputs = message.Outputs
		}
	}
	return slices.DeleteFunc(diagnostics, func(d diagnostic) bool {
		return strings.Contains(d.Summary, "development overrides")
	}), outputs
}
