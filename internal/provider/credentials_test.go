package provider

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// TestCredentialsThatAreRefused asks with credentials that are wrong, each in its
// own way. The error says in which way, and nothing is asked again.
func TestCredentialsThatAreRefused(t *testing.T) {
	t.Parallel()
	const secret = "wRoNgClIeNtSeCrEt"
	token := func(o emulator.TokenOptions) func(*api) args {
		return func(a *api) args { return args{attrToken: a.IssueToken(o)} }
	}
	client := func(app emulator.Application) func(*api) args {
		return func(a *api) args {
			a.AddApplication(app)
			given := args{attrClientID: app.ClientID}
			if app.ClientSecret != "" {
				given[attrClientSecret] = app.ClientSecret
			}
			return given
		}
	}
	for name, tt := range map[string]struct {
		credentials func(*api) args
		summary     string
		words       []string
		requests    string
	}{
		"an expired token": {
			token(emulator.TokenOptions{TTL: -(3*time.Hour + 12*time.Minute + 30*time.Second)}),
			"Access token expired", []string{"expired 3 h 12 min ago", "renews them before they expire"}, "GET",
		},
		"a token of another organization": {
			token(emulator.TokenOptions{Slug: "globex"}),
			"Access token not accepted", []string{"belongs to another organization", "globex"}, "GET",
		},
		"a token of the other mode": {
			token(emulator.TokenOptions{Live: true}),
			"Wrong mode", []string{"the access token is of the mode live"}, "",
		},
		"a wrong secret": {
			func(*api) args { return args{attrClientID: emulator.DefaultClientID, attrClientSecret: secret} },
			"Client credentials refused", []string{"invalid_client", "`client_id` and `client_secret`"}, "POST",
		},
		"an integration whose role can't read customers": {
			client(emulator.Application{ClientID: "i", ClientSecret: "s"}),
			"Permission missing", []string{"no permission to read", "`read_only` or `admin`", "UNAUTHORIZED"}, "POST GET",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := startAPI(t)
			given := args{attrDomain: api.url, attrMode: "test"}
			maps.Copy(given, tt.credentials(api))
			p := newProtocol(t)
			if said := p.configure(t, given); len(said) > 0 {
				t.Fatal(said)
			}
			d := wantOne(t, p.read(t, oneCustomer, args{"id": "xYZkjABcde"}).diagnostics, tt.summary, tt.words...)
			if strings.Contains(d.Detail, secret) {
				t.Errorf("the secret is quoted: %s", d)
			}
			var methods []string
			for _, r := range api.Requests() {
				methods = append(methods, r.Method)
			}
			if got := strings.Join(methods, " "); got != tt.requests {
				t.Errorf("requests %s, want %s", got, tt.requests)
			}
		})
	}
}
