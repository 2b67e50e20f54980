package examples

import (
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// TestAccBesideAProviderThatWrites runs the part of the guide "Two providers"
// that belongs to this provider. The environment has the credentials of the
// other provider.
func TestAccBesideAProviderThatWrites(t *testing.T) {
	t.Parallel()
	c := realCLI(t)
	w := newWorkspace(t, c, filepath.Join(root, "examples", "two-providers"))
	w.api.AddApplication(emulator.Application{ClientID: "writer", ClientSecret: "of the other provider"})
	w.env["COMMERCELAYER_CLIENT_ID"] = "writer"
	w.env["COMMERCELAYER_CLIENT_SECRET"] = "of the other provider"
	w.env["COMMERCELAYER_AUTH_ENDPOINT"] = w.env["COMMERCELAYER_DOMAIN"] + "/oauth/token"
	w.env["COMMERCELAYER_API_ENDPOINT"] = w.env["COMMERCELAYER_DOMAIN"]
	w.env["COMMERCELAYER_RATE_LIMITER"] = "true"
	// The credentials in the environment have no permission to read customers.
	// So the read succeeds only with the credentials of the provider block.
	w.mustRun(t, "apply", "-input=false", "-auto-approve")
	if n := w.api.Count(http.MethodGet, "/api/customers/"); n != 1 {
		t.Errorf("%d customers were read", n)
	}
	if n := w.api.Count(http.MethodPost, "/oauth/token"); n != 1 {
		t.Errorf("%d tokens were requested", n)
	}
}

// TestAccCredentialsOfAProviderThatWritesAreTaken shows the problem that the
// guide warns of. If the provider block sets no credentials, the credentials of
// the other provider in the environment are used.
func TestAccCredentialsOfAProviderThatWritesAreTaken(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, realCLI(t), filepath.Join(root, "examples", "authentication", "environment"))
	w.api.AddApplication(emulator.Application{ClientID: "writer", ClientSecret: "of the other provider"})
	w.env["COMMERCELAYER_CLIENT_ID"] = "writer"
	w.env["COMMERCELAYER_CLIENT_SECRET"] = "of the other provider"
	if output, err := w.run(t, "plan", "-input=false"); err == nil || !strings.Contains(output, "Permission missing") {
		t.Errorf("got %v\n%s", err, output)
	}
}

// TestTwoProvidersAreWrittenAsTheyAreRun compares the example of the guide,
// which can't be run here, with the example that the tests run.
func TestTwoProvidersAreWrittenAsTheyAreRun(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(root, "examples", "two-providers")
	ours := regexp.MustCompile(`(?s)\n {4}customers = \{.*?\n {4}\}\n`)
	run, written := ours.FindString(read(t, filepath.Join(folder, "versions.tf"))), ours.FindString(read(t,
		filepath.Join(folder, "versions.txt")))
	if run == "" || run != written {
		t.Errorf("versions.tf requires\n%s\nand versions.txt\n%s", run, written)
	}
}
