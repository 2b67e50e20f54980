package emulator_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
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

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
)

// requestToken requests a token. more are further names and values of the form.
func requestToken(e *emulator.Emulator, id, secret string, more ...string) answer {
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {secret}}
	for i := 0; i < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return post(e, "/oauth/token", formType, form.Encode())
}

func mustToken(t *testing.T, e *emulator.Emulator, more ...string) grant {
	t.Helper()
	var g grant
	requestToken(e, emulator.DefaultClientID, emulator.DefaultClientSecret, more...).decode(t, &g)
	return g
}

// wantUse checks what the API answers to a token.
func wantUse(t *testing.T, e *emulator.Emulator, token, want string) {
	t.Helper()
	if got := get(e, oneCustomer, withToken(token)).outcome(); got != want {
		t.Errorf("the token is answered with %s, want %s", got, want)
	}
}

func TestCredentialsComeInThreeWays(t *testing.T) {
	e := emulator.New(emulator.WithOrganization("acme", "aCmEaCmEaC"))
	e.AddApplication(emulator.Application{ClientID: "id:with/odd", ClientSecret: "s%cr&t", CanReadCustomers: true})
	for name, a := range map[string]answer{
		"form": requestToken(e, "id:with/odd", "s%cr&t"),
		"JSON": post(e, "https://auth.commercelayer.io/oauth/token", jsonType,
			`{"grant_type":"client_credentials","client_id":"id:with/odd","client_secret":"s%cr&t"}`),
		"Basic": post(e, "https://acme.commercelayer.io/oauth/token", formType, "grant_type=client_credentials",
			func(r *http.Request) { r.SetBasicAuth(url.QueryEscape("id:with/odd"), url.QueryEscape("s%cr&t")) }),
	} {
		var g grant
		a.decode(t, &g)
		if g.TokenType != "Bearer" || g.Scope != "market:all" || g.ExpiresIn != 7200 {
			t.Errorf("%s: %+v", name, g)
		}
		wantUse(t, e, g.AccessToken, "200")
	}
}

func TestTheTokenEndpointRefuses(t *testing.T) {
	const id, secret = emulator.DefaultClientID, emulator.DefaultClientSecret
	e := emulator.New()
	for name, tt := range map[string]struct {
		answer         answer
		outcome, title string
	}{
		"unknown client": {requestToken(e, "nobody", "x"), "401 UNAUTHORIZED", "invalid_client"},
		"wrong secret":   {requestToken(e, id, "x"), "401 UNAUTHORIZED", "invalid_client"},
		"no client":      {requestToken(e, "", ""), "401 UNAUTHORIZED", "invalid_client"},
		"wrong escapes": {post(e, "/oauth/token", formType, "grant_type=client_credentials",
			func(r *http.Request) { r.SetBasicAuth("%zz", secret) }), "401 UNAUTHORIZED", "invalid_client"},
		"another grant": {requestToken(e, id, secret, "grant_type", "password"), "400 BAD_REQUEST", "unsupported_grant_type"},
		"GET":           {get(e, "/oauth/token"), "404 RECORD_NOT_FOUND", "Record Not Found"},
		"GET to revoke": {get(e, "/oauth/revoke"), "404 RECORD_NOT_FOUND", "Record Not Found"},
		"a stranger's end": {post(e, "/oauth/revoke", formType, "client_id=x&client_secret=y&token="+emulator.DefaultToken),
			"403 FORBIDDEN", "unauthorized_client"},
	} {
		body := string(tt.answer.body)
		if tt.answer.outcome() != tt.outcome || !strings.HasPrefix(body, `{"errors":{"title":"`+tt.title+`"`) {
			t.Errorf("%s: %s %s", name, tt.answer.outcome(), body)
		}
	}
	wantUse(t, e, emulator.DefaultToken, "200")
}

func TestTheSameTokenIsHandedOutUntilFifteenMinutesBeforeItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := emulator.New()
		first := mustToken(t, e)
		time.Sleep(time.Hour + 44*time.Minute)
		again := mustToken(t, e)
		if again.AccessToken != first.AccessToken || again.ExpiresIn != 16*60 || again.CreatedAt != first.CreatedAt {
			t.Errorf("with 16 minutes left: %+v", again)
		}
		if scoped := mustToken(t, e, "scope", "market:id:abc"); scoped.AccessToken == first.AccessToken ||
			scoped.Scope != "market:id:abc" {
			t.Errorf("another scope: %+v", scoped)
		}
		time.Sleep(time.Minute)
		second := mustToken(t, e)
		if second.AccessToken == first.AccessToken || second.ExpiresIn != 7200 || second.CreatedAt != time.Now().Unix() {
			t.Errorf("with 15 minutes left: %+v", second)
		}
		wantUse(t, e, first.AccessToken, "200")
		time.Sleep(15 * time.Minute)
		wantUse(t, e, first.AccessToken, "401 INVALID_TOKEN")
		wantUse(t, e, second.AccessToken, "200")
	})
}

func TestRevokedAndExpiredTokensAreReplaced(t *testing.T) {
	for name, end := range map[string]func(*emulator.Emulator, string){
		"all revoked": func(e *emulator.Emulator, _ string) { e.RevokeAllTokens() },
		"all expired": func(e *emulator.Emulator, _ string) { e.ExpireAllTokens() },
		"by request": func(e *emulator.Emulator, token string) {
			form := url.Values{
				"client_id": {emulator.DefaultClientID}, "client_secret": {emulator.DefaultClientSecret}, "token": {token},
			}
			if a := post(e, "/oauth/revoke", formType, form.Encode()); a.status != 200 || string(a.body) != "{}" {
				t.Errorf("revoke: %d %s", a.status, a.body)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := emulator.New()
			token := mustToken(t, e).AccessToken
			end(e, token)
			wantUse(t, e, token, "401 INVALID_TOKEN")
			wantUse(t, e, mustToken(t, e).AccessToken, "200")
		})
	}
}

func TestTokensSayWhatTheyAre(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := emulator.New(emulator.WithOrganization("acme", "aCmEoRgIdX"))
		for _, tt := range []struct {
			token emulator.TokenOptions
			want  string
		}{
			{emulator.TokenOptions{}, "acme integration true https://auth.commercelayer.io 2h0m0s"},
			{emulator.TokenOptions{Kind: emulator.KindSalesChannel, Live: true, Slug: "other", TTL: -time.Minute,
				Issuer: "https://auth.commercelayer.co"}, "other sales_channel false https://auth.commercelayer.co -1m0s"},
		} {
			var claims struct {
				jwt.RegisteredClaims
				Organization struct{ Slug string }
				Application  struct{ Kind string }
				Scope        string
				Test         bool
			}
			if _, _, err := jwt.NewParser().ParseUnverified(e.IssueToken(tt.token), &claims); err != nil {
				t.Fatal(err)
			}
			got := fmt.Sprint(claims.Organization.Slug, " ", claims.Application.Kind, " ", claims.Test, " ", claims.Issuer, " ",
				time.Until(claims.ExpiresAt.Time))
			if got != tt.want || claims.Scope != "market:all" {
				t.Errorf("got %s, want %s; scope %s", got, tt.want, claims.Scope)
			}
		}
	})
}

func TestNotEveryTokenReadsCustomers(t *testing.T) {
	e := emulator.New()
	e.AddApplication(emulator.Application{ClientID: "storefront", Kind: emulator.KindSalesChannel, CanReadCustomers: true})
	e.AddApplication(emulator.Application{ClientID: "powerless", ClientSecret: "secret"})
	var storefront, powerless grant
	requestToken(e, "storefront", "").decode(t, &storefront)
	requestToken(e, "powerless", "secret").decode(t, &powerless)
	if storefront.ExpiresIn != 4*60*60 {
		t.Errorf("a sales channel's token expires in %d s", storefront.ExpiresIn)
	}
	wantUse(t, e, storefront.AccessToken, "401 UNAUTHORIZED")
	wantUse(t, e, powerless.AccessToken, "401 UNAUTHORIZED")
	e.IssueToken(emulator.TokenOptions{Opaque: "my-own"})
	wantUse(t, e, "my-own", "200")
	wantUse(t, e, e.IssueToken(emulator.TokenOptions{TTL: -time.Minute}), "401 INVALID_TOKEN")
	wantUse(t, e, e.IssueToken(emulator.TokenOptions{Slug: "other"}), "401 INVALID_TOKEN")
}
