package provider

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// A misconfiguration is a configuration and an environment that are wrong. The file
// testdata/configuration.txt has their diagnostics.
type misconfiguration struct {
	name        string
	config, env given
}

var misconfigured = []misconfiguration{
	{"nothing set", nil, nil},
	{"every credential empty", nil, given{"token": "", "client_id": "", "client_secret": ""}},
	{"one credential empty", nil, given{"client_id": ""}},
	{"token beside ID and secret", nil, given{"token": "t", "client_id": "i", "client_secret": "s"}},
	{"token beside an ID", nil, given{"token": "t", "client_id": "i"}},
	{"token beside a secret", nil, given{"token": "t", "client_secret": "s"}},
	{"secret without an ID", nil, given{"client_secret": "s"}},
	{"secret beside an empty ID", nil, given{"client_id": "", "client_secret": "s"}},
	{"ID beside an empty secret", nil, given{"client_id": "i", "client_secret": ""}},
	{"ID of the configuration beside a secret of the environment", given{"client_id": "i"}, given{"client_secret": "s"}},
	{"token beside ID and secret, in the configuration", given{"token": "t", "client_id": "i", "client_secret": "s"}, nil},
	{"token beside an ID, in the configuration", given{"token": "t", "client_id": "i"}, nil},
	{"token beside a secret, in the configuration", given{"token": "t", "client_secret": "s"}, nil},
	{"token beside a scope, in the configuration", given{"token": "t", "scope": "market:all", "domain": "acme"}, nil},
	{"secret without an ID, in the configuration", given{"client_secret": "s"}, given{"client_id": "i"}},

	{"token that names no organization", nil, given{"token": "t"}},
	{"token that names no organization, with an empty domain", nil, given{"token": "t", "domain": ""}},
	{"no token endpoint", nil, given{"client_id": "i", "client_secret": "s", "domain": "https://10.1.2.3"}},
	{
		"no token endpoint, with an empty variable", nil,
		given{"client_id": "i", "client_secret": "s", "domain": "https://10.1.2.3", "auth_endpoint": ""},
	},
	{"wrong domain", nil, given{"token": "t", "domain": "http://acme.example.com"}},
	{"wrong domain, in the configuration", given{"domain": "https://acme.commercelayer.io/api"}, given{"token": "t"}},
	{
		"token as a domain", nil,
		given{"token": "t", "domain": "eyJhbGciOiJIUzUxMiJ9.eyJvcmdhbml6YXRpb24iOnt9fQ.c2lnbmF0dXJl"},
	},
	{"wrong mode", nil, given{"token": "t", "domain": "acme", "mode": "production"}},
	{"wrong mode, in the configuration", given{"mode": "Test"}, given{"token": "t", "domain": "acme"}},
	{"empty mode", nil, given{"token": "t", "domain": "acme", "mode": ""}},
	{"wrong token endpoint", nil, given{"client_id": "i", "client_secret": "s", "auth_endpoint": "auth.commercelayer.io"}},
	{"wrong request timeout", given{"request_timeout": "soon"}, given{"token": "t", "domain": "acme"}},
	{"wrong proxy that is not used", nil, given{"token": "t", "domain": "http://127.0.0.1:8080", "HTTPS_PROXY": "://"}},
	{"wrong proxy", nil, given{"token": "t", "domain": "acme", "HTTPS_PROXY": "http://user:pass/word@proxy:3128"}},

	{"blank before an ID", nil, given{"client_id": " i", "client_secret": "s"}},
	{"blank before an ID, in the configuration", given{"client_id": " i", "client_secret": "s"}, nil},
	{"quotes around a token", nil, given{"token": `"t"`}},
	{"quotes around a secret, in the configuration", given{"client_id": "i", "client_secret": "'s'"}, nil},
	{"quotes and a line end", nil, given{"client_id": "\"i\"\n", "client_secret": "s"}},
	{"NUL in a secret", nil, given{"client_id": "i", "client_secret": "s\x00s"}},
	{
		"byte order mark before a scope, in the configuration",
		given{"client_id": "i", "client_secret": "s", "scope": "\ufeffmarket:all"}, nil,
	},
	{"the word Bearer before a token", nil, given{"token": "Bearer t", "domain": "acme"}},
	{"blank in a token, in the configuration", given{"token": "a b"}, nil},
	{"empty token, in the configuration", given{"token": ""}, nil},
	{
		"everything empty, in the configuration",
		given{"client_id": "", "client_secret": "", "domain": "", "mode": "", "auth_endpoint": "", "request_timeout": ""},
		nil,
	},
	{
		"everything wrong at once, in the configuration",
		given{"mode": "both", "domain": "http://acme.example.com", "request_timeout": "0s", "token": "a b"}, nil,
	},
	{"token that is not known, beside a wrong mode", given{"token": unknown}, given{"mode": "both"}},
}

// lineEnds has a line end after each setting, in the environment and in the
// configuration.
func lineEnds() []misconfiguration {
	var list []misconfiguration
	for _, attribute := range slices.Sorted(maps.Keys(providerSettings)) {
		wrong := given{attrDomain: "acme", attrClientID: "i", attrClientSecret: "s"}
		if attribute == attrToken {
			wrong = given{attrDomain: "acme"}
		}
		wrong[attribute] = "a\n"
		name := "line end after " + attribute
		list = append(list, misconfiguration{name + ", in the configuration", wrong, given{attribute: "x"}})
		if variable(attribute) != "" {
			list = append(list, misconfiguration{name, nil, wrong})
		}
	}
	return list
}

// diagnosticsOf returns the diagnostics of a validation and of Configure, and
// those of a read.
func diagnosticsOf(config, env given) (atOnce, atRead diag.Diagnostics) {
	configuration := config.configuration()
	s, configured := configuration.resolve(env.lookup)
	atOnce = configuration.conflicts()
	atOnce.Append(configured...)
	data := &providerData{settings: s}
	if data.clientPossible() {
		data.client = &commercelayer.Client{}
	}
	data.ready(&atRead)
	return atOnce, atRead
}

func TestDiagnosticsOfTheConfigurationSayWhatIsWrongAndWhatToDo(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("The texts about the provider's configuration, each as a person reads it. `go test " +
		"./internal/provider -run Diagnostics -update` writes them.\n")
	for _, tt := range slices.Concat(misconfigured, lineEnds()) {
		fmt.Fprintf(&b, "\n\n==== %s ====\n", tt.name)
		atOnce, atRead := diagnosticsOf(tt.config, tt.env)
		for _, d := range slices.Concat(atOnce, atRead) {
			b.WriteString("\n" + written(d))
		}
	}
	wantGolden(t, filepath.Join("testdata", "configuration.txt"), b.String())
}

// wantGolden compares texts with those of a file. It reports each text that
// differs.
func wantGolden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		noError(t, os.WriteFile(path, []byte(got), 0o600))
	}
	want, err := os.ReadFile(path)
	noError(t, err)
	texts, wanted := strings.Split(got, "\n==== "), strings.Split(string(want), "\n==== ")
	if len(texts) != len(wanted) {
		t.Errorf("%d texts, and %d in %s", len(texts), len(wanted), path)
	}
	for i := range min(len(texts), len(wanted)) {
		if texts[i] != wanted[i] {
			t.Errorf("got\n%s\nwant\n%s", texts[i], wanted[i])
		}
	}
}

// everyCombination returns all combinations in which each attribute has one of
// its values or is missing.
func everyCombination(values map[string][]string) []given {
	list := []given{{}}
	for _, attribute := range slices.Sorted(maps.Keys(values)) {
		for _, g := range slices.Clone(list) {
			for _, v := range values[attribute] {
				more := maps.Clone(g)
				more[attribute] = v
				list = append(list, more)
			}
		}
	}
	return list
}

// TestDiagnosticsOfEveryCombination checks the diagnostics of every combination of
// the variables with configurations of every kind.
func TestDiagnosticsOfEveryCombination(t *testing.T) {
	t.Parallel()
	const secret = "sEcReTvAlUe"
	envs := everyCombination(map[string][]string{
		attrToken: {"", secret, secret + "\n"}, attrClientID: {"", "id"}, attrClientSecret: {"", secret, " " + secret},
		attrDomain: {"", "ac me"}, attrMode: {"both"},
	})
	configs := everyCombination(map[string][]string{
		attrToken: {secret, unknown}, attrClientID: {"id"}, attrClientSecret: {"“" + secret + "”"},
		attrDomain: {"https://10.1.2.3"},
	})
	for _, config := range configs {
		for _, env := range envs {
			atOnce, atRead := diagnosticsOf(config, env)
			for _, d := range slices.Concat(atOnce, atRead) {
				if text := written(d); strings.Contains(text, secret) || strings.Contains(text, "..") {
					t.Errorf("%v in the configuration, %v in the environment:\n%s", config, env, text)
				}
			}
			if len(config) == 0 && atOnce.HasError() {
				t.Errorf("%v in the environment alone is an error before a read: %v", env, atOnce)
			}
		}
	}
}

func TestConfigureDoesNotRepeatTheWarningsOfTheValidation(t *testing.T) {
	t.Parallel()
	configuration := given{"token": "t", "scope": "market:all", "domain": "acme"}.configuration()
	if diags := configuration.conflicts(); len(diags) != 1 || diags[0].Summary() != "Scope without effect" {
		t.Errorf("the validation says %v", diags)
	}
	if _, diags := configuration.resolve(given{}.lookup); len(diags) > 0 {
		t.Errorf("Configure says %v", diags)
	}
}

// Without a provider block, the CLI has no line to show beside a warning of
// Configure. It points to line 0 of a file without a name.
func TestAccWarningAboutTheModeHasALine(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	c := newCLI(t, john+"data \"commercelayer_customers\" \"all\" {}\n", "COMMERCELAYER_DOMAIN="+api.url,
		"COMMERCELAYER_TOKEN="+emulator.DefaultToken, "COMMERCELAYER_MODE=")
	warnings := c.plan().ok().warnings()
	if len(warnings) != 1 || warnings[0].Summary != "Mode without effect" ||
		!strings.HasPrefix(warnings[0].Address, "data.") || warnings[0].Snippet.Code == "" {
		t.Errorf("got %v, want one warning beside a data source", warnings)
	}
}
