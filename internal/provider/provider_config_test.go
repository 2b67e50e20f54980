package provider

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// given has values by attribute, of the provider block or of the environment.
// In the provider block, a question mark is a value that is not known yet.
type given map[string]string

const unknown = "?"

func (g given) value(attribute string) types.String {
	switch v, ok := g[attribute]; {
	case !ok:
		return types.StringNull()
	case v == unknown:
		return types.StringUnknown()
	default:
		return types.StringValue(v)
	}
}

func (g given) configuration() *configuration {
	c := &configuration{texts: map[string]types.String{}}
	for attribute := range providerSettings {
		c.texts[attribute] = g.value(attribute)
	}
	return c
}

func (g given) lookupEnv(name string) (string, bool) {
	for attribute, s := range providerSettings {
		if s.variable == name {
			v, ok := g[attribute]
			return v, ok
		}
	}
	return "", false
}

// resolved describes the result of a configuration and an environment: errors
// and warnings, unknown attributes, or the first request of a read.
func resolved(config, env given) string {
	s, diags := config.configuration().resolve(env.lookupEnv)
	var said []string
	for _, d := range slices.Concat(diags, s.atRead) {
		line := strings.ToLower(d.Severity().String()) + ": " + d.Summary()
		if d, ok := d.(diag.DiagnosticWithPath); ok {
			line = d.Path().String() + " " + line
		}
		said = append(said, line)
	}
	switch {
	case diags.HasError(), s.atRead.HasError():
	case len(s.unknown) > 0:
		said = append(said, "unknown: "+strings.Join(s.unknown, " "))
	default:
		said = append(said, firstRequest(s))
	}
	return strings.Join(said, "; ")
}

// firstRequest describes the first request of a read with the settings, or the
// error if no request is sent.
func firstRequest(s settings) string {
	var request string
	transport := roundTrip(func(r *http.Request) (*http.Response, error) {
		if request == "" {
			request = r.URL.Scheme + "://" + r.URL.Host
			if id, secret, ok := r.BasicAuth(); ok {
				request += " id " + id + " secret " + secret
			} else {
				request += " " + r.Header.Get("Authorization")
			}
			if r.Body != nil {
				body, _ := io.ReadAll(r.Body)
				form, _ := url.ParseQuery(string(body))
				for _, name := range []string{"client_id", "scope"} {
					if form.Has(name) {
						request += " " + name + " " + form.Get(name)
					}
				}
			}
		}
		return &http.Response{StatusCode: http.StatusNotFound, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
	})
	client, err := commercelayer.New(append(s.options, commercelayer.WithTransport(transport))...)
	if err != nil {
		return err.Error()
	}
	if _, err := client.Customer(context.Background(), "xYZkjABcde", commercelayer.Selection{}); request == "" {
		return err.Error()
	}
	return strings.Join(strings.Fields(request), " ")
}

// roundTrip is an [http.RoundTripper] that calls a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestConfigurationAndEnvironmentAreResolved shows what is used. The errors are in
// testdata/configuration.txt.
func TestConfigurationAndEnvironmentAreResolved(t *testing.T) {
	t.Parallel()
	issuer := emulator.New(emulator.WithOrganization("acme", "oRg"))
	jwt := issuer.IssueToken(emulator.TokenOptions{})
	live := issuer.IssueToken(emulator.TokenOptions{Live: true})
	staging := issuer.IssueToken(emulator.TokenOptions{Issuer: "https://auth.commercelayer.co"})
	const (
		acme = "https://acme.commercelayer.io"
		auth = "https://auth.commercelayer.io"
	)
	for _, tt := range []struct {
		name        string
		config, env given
		want        string
	}{
		// Each credential alone. Some need another setting.
		{"a token", given{"token": "t", "domain": "acme"}, nil, acme + " Bearer t"},
		{"a token that names its organization", given{"token": jwt}, nil, acme + " Bearer " + jwt},
		{"a token of another issuer", given{"token": staging}, nil, "https://acme.commercelayer.co Bearer " + staging},
		{
			"a domain beats the token's organization", given{"token": jwt, "domain": "https://other.example.com"}, nil,
			"https://other.example.com Bearer " + jwt,
		},
		{"client credentials", given{"client_id": "i", "client_secret": "s", "domain": "acme"}, nil, auth + " id i secret s"},
		{"client credentials without a domain", given{"client_id": "i", "client_secret": "s"}, nil, auth + " id i secret s"},
		{
			"client credentials with a scope", given{"client_id": "i", "client_secret": "s", "scope": "market:id:a market:id:b"},
			nil, auth + " id i secret s scope market:id:a market:id:b",
		},
		{"a public client", given{"client_id": "i"}, nil, auth + " client_id i"},
		{"a token and a scope", given{"token": "t", "scope": "market:all", "domain": "acme"}, nil, acme + " Bearer t"},

		// The same settings in the environment.
		{"a token of the environment", nil, given{"token": "t", "domain": "acme"}, acme + " Bearer t"},
		{
			"client credentials of the environment", nil, given{"client_id": "i", "client_secret": "s", "scope": "market:all"},
			auth + " id i secret s scope market:all",
		},
		{"an ID of the environment", nil, given{"client_id": "i"}, auth + " client_id i"},
		{
			"empty variables beside set ones", nil, given{"token": "t", "client_id": "", "client_secret": "", "domain": "acme"},
			acme + " Bearer t",
		},

		// Both. All credentials come from one of the two. Each other setting is
		// taken from the configuration, or else from the environment.
		{
			"a token beats that of the environment", given{"token": "t", "domain": "acme"}, given{"token": "e", "domain": "env"},
			acme + " Bearer t",
		},
		{
			"a token beats client credentials of the environment", given{"token": "t"},
			given{"client_id": "e", "client_secret": "e", "domain": "acme"}, acme + " Bearer t",
		},
		{
			"client credentials beat a token of the environment", given{"client_id": "i", "client_secret": "s"},
			given{"token": "e"}, auth + " id i secret s",
		},
		{
			"a scope of the environment belongs to its credentials", given{"client_id": "i", "client_secret": "s"},
			given{"client_id": "e", "client_secret": "e", "scope": "e"}, auth + " id i secret s",
		},
		{
			"a secret of the environment belongs to its ID", given{"client_id": "i"},
			given{"client_id": "i", "client_secret": "e"}, "client_id warning: Client secret ignored; " + auth + " client_id i",
		},
		{
			"a scope with credentials of the environment", given{"scope": "market:id:a"},
			given{"client_id": "e", "client_secret": "e", "scope": "market:id:e"}, auth + " id e secret e scope market:id:a",
		},
		{
			"a domain with a token of the environment", given{"domain": "acme"}, given{"token": "e", "domain": "env"},
			acme + " Bearer e",
		},
		{"a token with a domain of the environment", given{"token": "t"}, given{"domain": "acme"}, acme + " Bearer t"},
		{
			"a mode beats that of the environment", given{"token": live, "mode": "live"}, given{"mode": "test"},
			acme + " Bearer " + live,
		},
		{
			"the mode of the environment", given{"token": live}, given{"mode": "test"},
			"wrong mode: the access token is of the mode live",
		},

		// The token endpoint.
		{
			"an endpoint", given{"client_id": "i", "client_secret": "s", "auth_endpoint": "https://id.example.com/token"},
			given{"auth_endpoint": "https://env.example.com/token"}, "https://id.example.com id i secret s",
		},
		{
			"an endpoint of the environment", given{"client_id": "i", "client_secret": "s"},
			given{"auth_endpoint": "https://env.example.com/token"}, "https://env.example.com id i secret s",
		},
		{
			"the endpoint of another base domain",
			given{"client_id": "i", "client_secret": "s", "domain": "acme.commercelayer.co"}, nil,
			"https://auth.commercelayer.co id i secret s",
		},
		{
			"the endpoint of a loopback domain",
			given{"client_id": "i", "client_secret": "s", "domain": "http://127.0.0.1:8080"}, nil,
			"http://127.0.0.1:8080 id i secret s",
		},
		{
			"an endpoint without effect", given{"token": "t", "domain": "acme", "auth_endpoint": "https://id.example.com/token"},
			nil, acme + " Bearer t",
		},

		// Unknown values that a read needs.
		{"an unknown token", given{"token": unknown, "domain": "acme"}, nil, "unknown: token"},
		{
			"an unknown token is not replaced", given{"token": unknown, "domain": "acme"}, given{"token": "e", "client_id": "e"},
			"unknown: token",
		},
		{"an unknown ID", given{"client_id": unknown, "client_secret": "s", "domain": "acme"}, nil, "unknown: client_id"},
		{
			"an unknown secret", given{"client_id": "i", "client_secret": unknown, "domain": "acme"},
			given{"client_secret": "e"}, "unknown: client_secret",
		},
		{
			"an unknown secret without an ID", given{"client_secret": unknown}, given{"client_id": "e"},
			"unknown: client_secret",
		},
		{
			"unknown client credentials",
			given{
				"client_id": unknown, "client_secret": unknown, "scope": unknown, "auth_endpoint": unknown,
				"domain": unknown, "mode": unknown,
			},
			nil, "unknown: mode domain client_id client_secret scope auth_endpoint",
		},
		{"an unknown domain", given{"token": "t", "domain": unknown}, given{"domain": "env"}, "unknown: domain"},
		{"an unknown domain of a token that names another", given{"token": jwt, "domain": unknown}, nil, "unknown: domain"},
		{"an unknown mode", given{"token": "t", "domain": "acme", "mode": unknown}, given{"mode": "test"}, "unknown: mode"},
		{
			"an unknown scope", given{"client_id": "i", "client_secret": "s", "scope": unknown}, given{"scope": "e"},
			"unknown: scope",
		},
		{
			"an unknown endpoint", given{"client_id": "i", "client_secret": "s", "auth_endpoint": unknown}, nil,
			"unknown: auth_endpoint",
		},

		// Unknown values that a read does not need.
		{"an unknown scope beside a token", given{"token": "t", "domain": "acme", "scope": unknown}, nil, acme + " Bearer t"},
		{
			"an unknown endpoint beside a token", given{"token": "t", "domain": "acme", "auth_endpoint": unknown}, nil,
			acme + " Bearer t",
		},
		{
			"an unknown ID beside a token", given{"token": "t", "domain": "acme", "client_id": unknown}, nil, acme + " Bearer t",
		},
		{"an unknown timeout", given{"token": "t", "domain": "acme", "request_timeout": unknown}, nil, acme + " Bearer t"},

		// A value that is wrong is not replaced.
		{
			"an empty token is not replaced", given{"token": "", "domain": "acme"}, given{"token": "e"},
			"token error: Invalid access token",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := resolved(tt.config, tt.env); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestCredentialsAreNeverMixed tests every combination of the three credentials
// in the configuration and in the environment.
func TestCredentialsAreNeverMixed(t *testing.T) {
	t.Parallel()
	combinations := func(values ...string) []given {
		return everyCombination(map[string][]string{attrToken: values, attrClientID: values, attrClientSecret: values})
	}
	for _, config := range combinations("config", unknown) {
		config[attrDomain] = "acme"
		alone := resolved(config, nil)
		for _, env := range combinations("environment") {
			got := strings.TrimPrefix(resolved(config, env), "client_id warning: Client secret ignored; ")
			if len(config) > 1 && got != alone {
				t.Errorf("%v with %v in the environment: %s\nwithout: %s", config, env, got, alone)
			}
			if strings.Contains(got, "bug") || strings.Contains(got, "need") {
				t.Errorf("%v with %v in the environment: no client: %s", config, env, got)
			}
		}
	}
}

func TestAccProviderIsConfiguredByTheEnvironmentAlone(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	newProcessCLI(t, john, "COMMERCELAYER_DOMAIN="+api.url, "COMMERCELAYER_TOKEN="+emulator.DefaultToken,
		"COMMERCELAYER_MODE=test").apply().wantOutput("email", `"john@example.com"`)
	newProcessCLI(t, john, "COMMERCELAYER_DOMAIN="+api.url, "COMMERCELAYER_CLIENT_ID="+emulator.DefaultClientID,
		"COMMERCELAYER_CLIENT_SECRET="+emulator.DefaultClientSecret, "COMMERCELAYER_AUTH_ENDPOINT="+api.url+"/oauth/token").
		apply().wantOutput("email", `"john@example.com"`)
	api.wantRequests(t, "GET /api/customers/xYZkjABcde", "POST /oauth/token", "GET /api/customers/xYZkjABcde")
}
