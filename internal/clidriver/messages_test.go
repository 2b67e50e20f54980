package clidriver

import (
	"testing"
)

func TestMessagesAreReadFromTheJSONOfAPlan(t *testing.T) {
	t.Parallel()
	diagnostics, outputs := (&Result{Stdout: `{"type":"version"}
no JSON
{"type":"diagnostic","diagnostic":{"severity":"warning","summary":"Provider development overrides are in effect"}}
{"type":"diagnostic","diagnostic":{"severity":"error","summary":"Customer not found","detail":"There is none.",
{"type":"diagnostic","diagnostic":{"severity":"error","summary":"Customer not found","address":"data.x.y"}}
{"type":"outputs","outputs":{"id":{"value":"plan"}}}
{"type":"outputs","outputs":{"id":{"value":12345678901234567890}}}
`}).Messages()
	if len(diagnostics) != 1 || diagnostics[0].Summary != "Customer not found" || diagnostics[0].Address != "data.x.y" {
		t.Errorf("got the diagnostics %v", diagnostics)
	}
	if got := string(outputs["id"].Value); got != "12345678901234567890" {
		t.Errorf("got the output %s", got)
	}
}

func TestValidationIsReadFromItsJSON(t *testing.T) {
	t.Parallel()
	got, err := (&Result{Stdout: `{"diagnostics":[{"severity":"warning","summary":"Provider development overrides"},
		{"severity":"error","summary":"Missing argument"}]}`}).Validation()
	if err != nil || len(got) != 1 || got[0].Summary != "Missing argument" {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err := (&Result{Stdout: "no JSON"}).Validation(); err == nil {
		t.Errorf("got %v, want an error", got)
	}
}
