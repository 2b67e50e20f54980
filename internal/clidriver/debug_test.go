package clidriver

import (
	"strings"
	"testing"
)

func TestAProviderThatDoesNotStartIsAnError(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]string{
		"exit 1": "the provider did not say how to attach to it",
		`echo "TF_REATTACH_PROVIDERS='{'"; exec sleep 60`:  "unexpected end of JSON",
		`echo "TF_REATTACH_PROVIDERS='{}'"; exec sleep 60`: "the provider did not say how to attach to it",
	} {
		d := newDriver(t, "")
		d.Setenv("FAKE_provider", script)
		_, err := d.Debug(t.Context(), standIn(t, "provider"), nil, "hashicorp/commercelayer")
		if err == nil || !strings.Contains(err.Error(), "attaching to provider: "+want) {
			t.Errorf("%s: got %v", script, err)
		}
	}
}
