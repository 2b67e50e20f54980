package clidriver

import "testing"

func TestMessagesAreReadFromTheJSON(t *testing.T) {
	t.Parallel()
	for command, stdout := range map[string]string{
		"plan": `{"type":"version"}
{"type":"diagnostic","diagnostic":{"severity":"warning","summary":"Provider development overrides are in effect"}}
{"type":"diagnostic","diagnostic":{"severity":"error","summary":"Customer not found","address":"data.x.y"}}
{"type":"outputs","outputs":{"id":{"value":"plan"}}}
{"type":"outputs","outputs":{"id":{"value":12345678901234567890}}}
`,
		"validate": `{
  "diagnostics": [
    {"severity": "warning", "summary": "Provider development overrides are in effect"},
    {"severity": "error", "summary": "Customer not found", "address": "data.x.y"}
  ],
  "outputs": {"id": {"value": 12345678901234567890}}
}`,
	} {
		diagnostics, outputs := (&Result{Stdout: stdout}).Messages()
		if len(diagnostics) != 1 || diagnostics[0].Summary != "Customer not found" || diagnostics[0].Address != "data.x.y" {
			t.Errorf("%s: got the diagnostics %v", command, diagnostics)
		}
		if got := string(outputs["id"].Value); got != "12345678901234567890" {
			t.Errorf("%s: got the output %s", command, got)
		}
	}
}
