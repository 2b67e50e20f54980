package provider

import (
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// providerFactories serve the provider in this process to the real CLI.
var providerFactories = map[string]func() (tfprotov6.ProviderServer, error){
	"commercelayer": providerserver.NewProtocol6WithError(New("test")()),
}

// startEmulator starts an emulator of the API for one test and points the
// provider's environment to it, and to nothing else.
func startEmulator(t *testing.T, options ...emulator.Option) (*emulator.Emulator, string) {
	t.Helper()
	e := emulator.New(options...)
	server := httptest.NewServer(e)
	t.Cleanup(func() {
		e.Close()
		server.Close()
	})
	clearEnvironment(t)
	t.Setenv("COMMERCELAYER_DOMAIN", server.URL)
	t.Setenv("COMMERCELAYER_TOKEN", emulator.DefaultToken)
	return e, server.URL
}

func clearEnvironment(t *testing.T) {
	t.Helper()
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "COMMERCELAYER_") {
			t.Setenv(name, "")
		}
	}
}
