package provider

import (
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// TestAccNothingThatReadsNothingNeedsCredentials runs commands that many
// pipelines run without credentials.
func TestAccNothingThatReadsNothingNeedsCredentials(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	none := "data \"commercelayer_customer\" \"none\" {\n  count = 0\n  id = \"xYZkjABcde\"\n}\n"
	wrong := []string{
		"COMMERCELAYER_TOKEN=\"t\"\n", "COMMERCELAYER_CLIENT_ID=i", "COMMERCELAYER_DOMAIN=http://acme.example.com",
		"COMMERCELAYER_MODE=both", "COMMERCELAYER_AUTH_ENDPOINT=nowhere", "HTTPS_PROXY=://",
	}
	for name, env := range map[string][]string{
		"nothing is set": nil,
		"all is wrong":   wrong,
	} {
		result := newProcessCLI(t, "provider \"commercelayer\" {}\n"+none, env...).plan().ok()
		if len(result.diagnostics) > 0 {
			t.Errorf("%s: %v", name, result.diagnostics)
		}
	}
	// The module has a provider block, but with these arguments it reads
	// nothing.
	c := newProcessCLI(t, "module \"unused\" {\n  source = \"./unused\"\n  ids    = []\n}\n", wrong...)
	c.writeModule("unused", "variable \"ids\" { type = list(string) }\nprovider \"commercelayer\" {}\n"+
		"data \"commercelayer_customer\" \"each\" {\n  for_each = toset(var.ids)\n  id = each.key\n}\n")
	c.run("get").ok()
	c.plan().ok()
	api.wantRequests(t)
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
	d := newCLI(t, "provider \"commercelayer\" {}\n"+john, "COMMERCELAYER_DOMAIN=acme", "COMMERCELAYER_TOKEN=t\n").
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
