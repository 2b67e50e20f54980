package emulator_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

type grant struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int    `json:"expires_in"`
	Scope       string
	CreatedAt   int64 `json:"created_at"`
}

// post sends a POST request with a body.
func post(e *emulator.Emulator, path, contentType, body string, change ...func(*http.Request)) answer {
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	for _, f := range change {
		f(r)
	}
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	return answer{w.Code, w.Header(), w.Body.Bytes()}
}

const formType = "application/x-www-form-urlencoded"

func requestToken(e *emulator.Emulator, grantType, id, secret string, more ...string) answer {
	form := url.Values{"grant_type": {grantType}, "client_id": {id}, "client_secret": {secret}}
	for i := 0; i < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return post(e, "/oauth/token", formType, form.Encode())
}

func mustToken(t *testing.T, e *emulator.Emulator, more ...string) grant {
	t.Helper()
	var g grant
	requestToken(e, "client_credentials", emulator.DefaultClientID, emulator.DefaultClientSecret, more...).decode(t, &g)
	return g
}

func TestCredentialsComeInThreeWays(t *testing.T) {
	e := emulator.New()
	e.AddApplication(emulator.Application{ClientID: "id:with/odd", ClientSecret: "s%cr&t", CanReadCustomers: true})
	const asJSON = `{"grant_type":"client_credentials","client_id":"id:with/odd","client_secret":"s%cr&t"}`
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {"id:with/odd"}, "client_secret": {"s%cr&t"}}
	for name, a := range map[string]answer{
		"form": post(e, "/oauth/token", formType, form.Encode()),
		"JSON": post(e, "/oauth/token", "application/json", asJSON),
		"Basic": post(e, "/oauth/token", formType, "grant_type=client_credentials", func(r *http.Request) {
			r.SetBasicAuth(url.QueryEscape("id:with/odd"), url.QueryEscape("s%cr&t"))
		}),
	} {
		var g grant
		a.decode(t, &g)
		if g.TokenType != "Bearer" || g.Scope != "market:all" || g.ExpiresIn != 7200 {
			t.Errorf("%s: %+v", name, g)
		}
		if res := get(e, oneCustomer, withToken(g.AccessToken)); res.status != http.StatusOK {
			t.Errorf("%s: %d", name, res.status)
		}
	}
	if got := e.Requests()[0].Form.Get("grant_type"); got != "client_credentials" {
		t.Errorf("the log holds %q", got)
	}
}

func TestTheTokenEndpointRefuses(t *testing.T) {
	e := emulator.New()
	e.AddApplication(emulator.Application{ClientID: "storefront", Kind: emulator.KindSalesChannel})
	tests := []struct {
		name, grant, id, secret string
		status                  int
		title                   string
	}{
		{"unknown client", "client_credentials", "nobody", "x", 401, "invalid_client"},
		{"wrong secret", "client_credentials", emulator.DefaultClientID, "x", 401, "invalid_client"},
		{"no secret", "client_credentials", emulator.DefaultClientID, "", 401, "invalid_client"},
		{"no client", "client_credentials", "", "", 401, "invalid_client"},
		{"another grant", "password", emulator.DefaultClientID, emulator.DefaultClientSecret, 400, "unsupported_grant_type"},
		{"no grant", "", emulator.DefaultClientID, emulator.DefaultClientSecret, 400, "unsupported_grant_type"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := requestToken(e, tt.grant, tt.id, tt.secret)
			var body struct {
				Errors struct {
					Title  string
					Status int
				}
			}
			if err := json.Unmarshal(a.body, &body); err != nil {
				t.Fatal(err)
			}
			if a.status != tt.status || body.Errors.Title != tt.title || body.Errors.Status != tt.status {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
	if a := ask(e, http.MethodGet, "/oauth/token"); a.status != http.StatusNotFound {
		t.Errorf("GET: %d", a.status)
	}
	var g grant
	requestToken(e, "client_credentials", "storefront", "").decode(t, &g)
	if g.ExpiresIn != 4*3600 {
		t.Errorf("a sales channel's token lives %d s", g.ExpiresIn)
	}
	if a := get(e, oneCustomer, withToken(g.AccessToken)); a.status != 401 || a.errorCode(t) != "UNAUTHORIZED" {
		t.Errorf("a sales channel reads: %d", a.status)
	}
}

func TestTheSameTokenIsHandedOutUntilFifteenMinutesBeforeItsEnd(t *testing.T) {
	c := newClock()
	e := emulator.New(emulator.WithClock(c.Now))
	first := mustToken(t, e)
	c.advance(time.Hour + 44*time.Minute)
	again := mustToken(t, e)
	if again.AccessToken != first.AccessToken || again.ExpiresIn != 16*60 || again.CreatedAt != first.CreatedAt {
		t.Errorf("with 16 minutes left: %+v", again)
	}
	if scoped := mustToken(t, e, "scope", "market:id:abc"); scoped.AccessToken == first.AccessToken || scoped.Scope != "market:id:abc" {
		t.Errorf("another scope: %+v", scoped)
	}
	c.advance(time.Minute)
	second := mustToken(t, e)
	if second.AccessToken == first.AccessToken || second.ExpiresIn != 7200 || second.CreatedAt != c.Now().Unix() {
		t.Errorf("with 15 minutes left: %+v", second)
	}
	for _, token := range []string{first.AccessToken, second.AccessToken} {
		if a := get(e, oneCustomer, withToken(token)); a.status != http.StatusOK {
			t.Errorf("one of the two is refused: %d", a.status)
		}
	}
	c.advance(15 * time.Minute)
	if a := get(e, oneCustomer, withToken(first.AccessToken)); a.status != 401 || a.errorCode(t) != "INVALID_TOKEN" {
		t.Errorf("an expired token: %d", a.status)
	}
	if a := get(e, oneCustomer, withToken(second.AccessToken)); a.status != http.StatusOK {
		t.Errorf("the newer token: %d", a.status)
	}
}

func TestRevokedAndExpiredTokensAreReplaced(t *testing.T) {
	for name, end := range map[string]func(*emulator.Emulator, string){
		"revoked":     func(e *emulator.Emulator, token string) { e.RevokeToken(token) },
		"all revoked": func(e *emulator.Emulator, _ string) { e.RevokeAllTokens() },
		"all expired": func(e *emulator.Emulator, _ string) { e.ExpireAllTokens() },
		"by request": func(e *emulator.Emulator, token string) {
			form := url.Values{"client_id": {emulator.DefaultClientID}, "client_secret": {emulator.DefaultClientSecret}, "token": {token}}
			if a := post(e, "/oauth/revoke", formType, form.Encode()); a.status != 200 || string(a.body) != "{}" {
				t.Errorf("revoke: %d %s", a.status, a.body)
			}
		},
	} {
		e := emulator.New()
		token := mustToken(t, e).AccessToken
		end(e, token)
		if a := get(e, oneCustomer, withToken(token)); a.status != 401 || a.errorCode(t) != "INVALID_TOKEN" {
			t.Errorf("%s: %d", name, a.status)
		}
		next := mustToken(t, e).AccessToken
		if next == token || get(e, oneCustomer, withToken(next)).status != http.StatusOK {
			t.Errorf("%s: no good token afterwards", name)
		}
	}
	e := emulator.New()
	if a := post(e, "/oauth/revoke", formType, "client_id=x&client_secret=y&token="+emulator.DefaultToken); a.status != 403 || a.errorCode(t) != "FORBIDDEN" {
		t.Errorf("revoke by a stranger: %d %s", a.status, a.body)
	}
}

func TestIssuedTokensSayWhatTheyAre(t *testing.T) {
	c := newClock()
	e := emulator.New(emulator.WithClock(c.Now), emulator.WithOrganization("acme", "aCmEoRgIdX"))
	tests := []struct {
		name    string
		options emulator.TokenOptions
		status  int
		slug    string
		test    bool
		kind    string
		iss     string
		life    time.Duration
	}{
		{"default", emulator.TokenOptions{}, 200, "acme", true, "integration", "https://auth.commercelayer.io", 2 * time.Hour},
		{"live", emulator.TokenOptions{Live: true}, 404, "acme", false, "integration", "https://auth.commercelayer.io", 2 * time.Hour},
		{"another organization", emulator.TokenOptions{Slug: "other"}, 401, "other", true, "integration", "https://auth.commercelayer.io", 2 * time.Hour},
		{"sales channel", emulator.TokenOptions{Kind: "sales_channel"}, 401, "acme", true, "sales_channel", "https://auth.commercelayer.io", 2 * time.Hour},
		{"expired", emulator.TokenOptions{TTL: -time.Minute}, 401, "acme", true, "integration", "https://auth.commercelayer.io", -time.Minute},
		{"short, elsewhere", emulator.TokenOptions{TTL: time.Minute, Issuer: "https://auth.commercelayer.co"}, 200, "acme", true, "integration", "https://auth.commercelayer.co", time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			token := e.IssueToken(tt.options)
			if a := get(e, oneCustomer, withToken(token)); a.status != tt.status {
				t.Errorf("status %d, want %d", a.status, tt.status)
			}
			var claims struct {
				jwt.RegisteredClaims
				Organization struct{ ID, Slug string }
				Application  struct{ Kind string }
				Scope        string
				Test         bool
				Owner        any
			}
			if _, _, err := jwt.NewParser().ParseUnverified(token, &claims); err != nil {
				t.Fatal(err)
			}
			if claims.Organization.Slug != tt.slug || claims.Test != tt.test || claims.Application.Kind != tt.kind ||
				claims.Issuer != tt.iss || claims.Scope != "market:all" || claims.Owner != nil {
				t.Errorf("claims %+v", claims)
			}
			if got := claims.ExpiresAt.Sub(c.Now()); got != tt.life {
				t.Errorf("exp in %s, want %s", got, tt.life)
			}
		})
	}
	if e.IssueToken(emulator.TokenOptions{Opaque: "my-own"}) != "my-own" || get(e, oneCustomer, withToken("my-own")).status != 200 {
		t.Error("an opaque token is not accepted")
	}
}
