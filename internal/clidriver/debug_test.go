package clidriver

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestTheCLIAttachesToAProviderThatRuns(t *testing.T) {
	t.Parallel()
	d := newDriver(t, `echo "$TF_REATTACH_PROVIDERS"`)
	d.Setenv("COMMERCELAYER_DOMAIN", "acme")
	d.Setenv("FAKE_provider", `echo "$1 for $COMMERCELAYER_DOMAIN" >&2
echo "Provider started."
echo "	TF_REATTACH_PROVIDERS='{\"example.com/a/b\":{\"Protocol\":\"grpc\",\"ProtocolVersion\":6,\"Pid\":7,`+
		`\"Test\":true,\"Addr\":{\"Network\":\"unix\",\"String\":\"/socket\"}}}'"
exec sleep 60
`)
	var log strings.Builder
	stop, err := d.Debug(t.Context(), standIn(t, "provider"), &log, "hashicorp/commercelayer")
	if err != nil {
		t.Fatal(err)
	}
	output, err := d.Output(t.Context())
	stop()
	if err != nil {
		t.Fatal(err)
	}
	const attached = `{"Protocol":"grpc","ProtocolVersion":6,"Pid":7,"Test":true,` +
		`"Addr":{"Network":"unix","String":"/socket"}}`
	want := `{"registry.opentofu.org/hashicorp/commercelayer":` + attached +
		`,"registry.terraform.io/hashicorp/commercelayer":` + attached + "}\n"
	if output != want {
		t.Errorf("got  %s\nwant %s", output, want)
	}
	if log.String() != "-debug for acme\n" {
		t.Errorf("got the log %q", log.String())
	}
}

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
	d := newDriver(t, "")
	if _, err := d.Debug(t.Context(), filepath.Join(d.root, "absent"), nil); err == nil ||
		!strings.Contains(err.Error(), "starting absent: ") {
		t.Errorf("got %v", err)
	}
}
