package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// TestErrorsSayWhereTheValueCameFrom gives each setting wrong values, in the
// environment and in the configuration. The file testdata/configuration.txt has more
// kinds of them.
func TestErrorsSayWhereTheValueCameFrom(t *testing.T) {
	t.Parallel()
	right := given{
		attrToken: "t", attrClientID: "i", attrClientSecret: "s", attrScope: "market:all", attrDomain: "acme",
		attrAuthEndpoint: "https://auth.commercelayer.io/oauth/token", attrMode: "test",
	}
	for attribute, s := range providerSettings {
		if s.variable == "" {
			continue
		}
		others := given{attrDomain: "acme", attrClientID: "i", attrClientSecret: "s"}
		if attribute == attrToken {
			others = given{attrDomain: "acme"}
		}
		with := func(value string) given {
			g := given{attribute: value}
			for other, v := range others {
				if other != attribute {
					g[other] = v
				}
			}
			return g
		}
		if atOnce, atRead := diagnosticsOf(nil, with(right[attribute])); len(atOnce)+len(atRead) > 0 {
			t.Fatalf("%s: %v %v", attribute, atOnce, atRead)
		}
		for value, words := range map[string][3]string{
			right[attribute] + "\n":        {"ends with a line end", "trimspace(file(", "export " + s.variable + "="},
			"\"" + right[attribute] + "\"": {"has quotes around it", "In HCL", "env file"},
			"   ":                          {"blank", "trimspace()", "Set the variable again"},
		} {
			atOnce, atRead := diagnosticsOf(nil, with(value))
			if len(atOnce) > 0 || len(atRead) != 1 {
				t.Fatalf("%s is %q in the environment: at once %v, at the read %v", attribute, value, atOnce, atRead)
			}
			wantText(t, atRead[0], s.summary(), words[0], words[2], s.variable)
			if _, on := atRead[0].(diag.DiagnosticWithPath); on {
				t.Errorf("%s: the error points at an attribute that the reader has not", attribute)
			}
			atOnce, atRead = diagnosticsOf(with(value), given{attribute: "x"})
			if len(atOnce) != 1 || len(atRead) > 0 {
				t.Fatalf("%s is %q in the configuration: at once %v, at the read %v", attribute, value, atOnce, atRead)
			}
			wantText(t, atOnce[0], s.summary(), words[0], words[1])
			if d, on := atOnce[0].(diag.DiagnosticWithPath); !on || d.Path().String() != attribute {
				t.Errorf("%s: the error points elsewhere", attribute)
			}
			if strings.Contains(atOnce[0].Detail(), "COMMERCELAYER_") {
				t.Errorf("%s: a variable is blamed: %s", attribute, atOnce[0].Detail())
			}
		}
	}
}

func wantText(t *testing.T, d diag.Diagnostic, summary string, words ...string) {
	t.Helper()
	wantDiagnostic(t, diagnostic{Summary: d.Summary(), Detail: d.Detail()}, summary, words...)
}

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
