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

// lookup returns the value of an environment variable. The key of a setting is its
// attribute. The key of any other variable is its name.
func (g given) lookup(name string) (string, bool) {
	for attribute, s := range providerSettings {
		if s.variable == name {
			name = attribute
			break
		}
	}
	v, ok := g[name]
	return v, ok
}

// settingsOf reads settings in a short form, such as "token=t domain=acme".
func settingsOf(text string) given {
	g := given{}
	for setting := range strings.FieldsSeq(text) {
		attribute, value, _ := strings.Cut(setting, "=")
		g[attribute] = value
	}
	return g
}

// resolved describes the result of a configuration and an environment: errors
// and warnings, unknown attributes, or the first request of a read.
func resolved(config, env given) string {
	s, diags := config.configuration().resolve(env.lookup)
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
		acme   = "https://acme.commercelayer.io"
		auth   = "https://auth.commercelayer.io"
		client = "client_id=i client_secret=s"
		own    = "auth_endpoint=https://id.example.com/token"
		other  = "auth_endpoint=https://env.example.com/token"
	)
	for _, tt := range []struct{ config, env, want string }{
		// Each credential alone. Some need another setting.
		{"token=t domain=acme", "", acme + " Bearer t"},
		{"token=" + jwt, "", acme + " Bearer " + jwt},
		{"token=" + staging, "", "https://acme.commercelayer.co Bearer " + staging},
		{"domain=https://other.example.com token=" + jwt, "", "https://other.example.com Bearer " + jwt},
		{client + " domain=acme", "", auth + " id i secret s"},
		{client, "", auth + " id i secret s"},
		{client + " scope=market:id:a", "", auth + " id i secret s scope market:id:a"},
		{"client_id=i", "", auth + " client_id i"},
		{"token=t scope=market:all domain=acme", "", acme + " Bearer t"},

		// The same settings in the environment.
		{"", "token=t domain=acme", acme + " Bearer t"},
		{"", client + " scope=market:all", auth + " id i secret s scope market:all"},
		{"", "client_id=i", auth + " client_id i"},
		{"", "token=t client_id= client_secret= domain=acme", acme + " Bearer t"},

		// Both. All credentials come from one of the two. Each other setting is
		// taken from the configuration, or else from the environment.
		{"token=t domain=acme", "token=e domain=env", acme + " Bearer t"},
		{"token=t", "client_id=e client_secret=e domain=acme", acme + " Bearer t"},
		{client, "token=e", auth + " id i secret s"},
		{client, "client_id=e client_secret=e scope=e", auth + " id i secret s"},
		{"client_id=i", "client_id=i client_secret=e", "client_id warning: Client secret ignored; " + auth + " client_id i"},
		{"scope=market:id:a", "client_id=e client_secret=e scope=b", auth + " id e secret e scope market:id:a"},
		{"domain=acme", "token=e domain=env", acme + " Bearer e"},
		{"token=t", "domain=acme", acme + " Bearer t"},
		{"mode=live token=" + live, "mode=test", acme + " Bearer " + live},
		{"token=" + live, "mode=test", "wrong mode: the access token is of the mode live"},

		// The token endpoint.
		{client + " " + own, other, "https://id.example.com id i secret s"},
		{client, other, "https://env.example.com id i secret s"},
		{client + " domain=acme.commercelayer.co", "", "https://auth.commercelayer.co id i secret s"},
		{client + " domain=http://127.0.0.1:8080", "", "http://127.0.0.1:8080 id i secret s"},
		{"token=t domain=acme " + own, "", acme + " Bearer t"},

		// Unknown values that a read needs. Nothing replaces them.
		{"token=? domain=acme", "token=e client_id=e", "unknown: token"},
		{"client_id=? client_secret=s domain=acme", "", "unknown: client_id"},
		{"client_id=i client_secret=? domain=acme", "client_secret=e", "unknown: client_secret"},
		{"client_secret=?", "client_id=e", "unknown: client_secret"},
		{
			"client_id=? client_secret=? scope=? auth_endpoint=? domain=? mode=?", "",
			"unknown: mode domain client_id client_secret scope auth_endpoint",
		},
		{"token=t domain=?", "domain=env", "unknown: domain"},
		{"domain=? token=" + jwt, "", "unknown: domain"},
		{"token=t domain=acme mode=?", "mode=test", "unknown: mode"},
		{client + " scope=?", "scope=e", "unknown: scope"},
		{client + " auth_endpoint=?", "", "unknown: auth_endpoint"},

		// Unknown values that a read does not need.
		{"token=t domain=acme scope=? auth_endpoint=? client_id=? request_timeout=?", "", acme + " Bearer t"},

		// A value that is wrong is not replaced.
		{"token= domain=acme", "token=e", "token error: Invalid access token"},
	} {
		if got := resolved(settingsOf(tt.config), settingsOf(tt.env)); got != tt.want {
			t.Errorf("%s, and %s in the environment:\ngot  %s\nwant %s", tt.config, tt.env, got, tt.want)
		}
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
