package provider

import (
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestAccNothingThatReadsNothingNeedsCredentials(t *testing.T) {
	t.Parallel()
	none := block(customerData, "count = 0", `id = "xYZkjABcde"`)
	result := newCLI(t, providerBlock()+none,
		"COMMERCELAYER_TOKEN=\"t\"\n", "COMMERCELAYER_CLIENT_ID=i", "COMMERCELAYER_DOMAIN=http://acme.example.com",
		"COMMERCELAYER_MODE=both", "COMMERCELAYER_AUTH_ENDPOINT=nowhere", "HTTPS_PROXY=://",
	).plan().ok()
	if len(result.diagnostics) > 0 {
		t.Error(result.diagnostics)
	}
}

func TestAccDestroyNeedsNoCredentials(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	const body = john + "resource \"terraform_data\" \"other\" {}\n"
	c := newCLI(t, api.config(body))
	c.apply().wantOutput("email", `"john@example.com"`)
	c.write("main.tf", body)
	// Without -refresh=false, the CLI reads every data source again before it
	// destroys.
	c.run("destroy", "-json", "-auto-approve", "-refresh=false").ok()
	api.wantRequests(t, "GET /api/customers/xYZkjABcde")
}

func TestAccEnvironmentIsAnErrorOfTheReadThatNeedsIt(t *testing.T) {
	t.Parallel()
	d := newCLI(t, providerBlock()+john, "COMMERCELAYER_DOMAIN=acme", "COMMERCELAYER_TOKEN=t\n").
		plan().wantError("Invalid access token", "ends with a line end", "export COMMERCELAYER_TOKEN=")
	if d.Address != "data.commercelayer_customer.john" {
		t.Errorf("the error is on %q", d.Address)
	}
}

func TestAccUnknownConfigurationIsAnErrorThatNamesItUntilItIsKnown(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	// The environment must not replace unknown values.
	c := newCLI(t, api.configWith(created("value", emulator.DefaultToken)+john, "token = terraform_data.value.output"),
		"COMMERCELAYER_TOKEN=wrong", "COMMERCELAYER_DOMAIN="+api.url)
	c.plan().wantError("Provider configuration not known yet", "`token`", "COMMERCELAYER_TOKEN", "-target")
	api.wantRequests(t)

	c.apply("-target=terraform_data.value").ok()
	c.apply().wantOutput("email", `"john@example.com"`)
}
