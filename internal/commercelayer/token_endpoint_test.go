package commercelayer

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// strictEndpoint accepts the credentials in one form only, and then issues a
// token.
func strictEndpoint(secret, form string, forms *[]string) http.HandlerFunc {
	api := emulator.New()
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/oauth/token" {
			api.ServeHTTP(w, r)
			return
		}
		sent, got := "none", ""
		if text, found := strings.CutPrefix(r.Header.Get("Authorization"), "Basic "); found {
			raw, _ := base64.StdEncoding.DecodeString(text)
			_, password, _ := strings.Cut(string(raw), ":")
			sent, got = "basic, not decoded", password
			if form == "basic, decoded" {
				sent = form
				got, _ = url.QueryUnescape(password)
			}
		} else if r.Header.Get("Content-Type") == "application/json" {
			var body map[string]string
			_ = json.NewDecoder(r.Body).Decode(&body)
			sent, got = "json", body["client_secret"]
		}
		*forms = append(*forms, sent)
		if sent != form || got != secret {
			respond(401, "application/json", `{"errors":{"title":"invalid_client","code":"UNAUTHORIZED","status":401}}`)(w, r)
			return
		}
		respond(200, "application/json", fmt.Sprintf(`{"access_token":%q,"token_type":"Bearer","expires_in":7200}`, emulator.DefaultToken))(w, r)
	}
}

func TestEverySecretWorksInTheFormThatTheEndpointTakes(t *testing.T) {
	const plain, special = "plain-secret_0.1", "se+cr/et=100% sure"
	for name, test := range map[string]struct {
		secret, form string
		requests     string
		refused      bool
	}{
		"plain, Basic":                     {plain, "basic, decoded", "basic, decoded", false},
		"plain, Basic that is not decoded": {plain, "basic, not decoded", "basic, not decoded", false},
		"special, JSON":                    {special, "json", "json", false},
		"special, Basic":                   {special, "basic, decoded", "json basic, decoded", false},
		// A secret that the endpoint accepts in no form may still be right.
		"plain, refused": {plain, "json", "basic, not decoded", true},
	} {
		bubble(t, name, func(t *testing.T) {
			var forms []string
			w := &wire{handler: strictEndpoint(test.secret, test.form, &forms)}
			c := newClient(t, w, withCredentials(t, func(c *ClientCredentials) { c.Secret = test.secret }))
			_, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{})
			if test.refused {
				expectKind(t, err, ErrCredentials)
			} else if err != nil {
				t.Error(err)
			}
			expectEqual(t, "the forms", strings.Join(forms, " "), test.requests)
		})
	}
}

func TestDocumentedBodyOfATokenRequest(t *testing.T) {
	endpoint := &tokenEndpoint{credentials: ClientCredentials{ID: "id", Secret: "a+b<&>", Scope: " market:all  x "}}
	expectEqual(t, "the body", string(endpoint.json()), `{"client_id":"id","client_secret":"a+b<&>","grant_type":"client_credentials","scope":"market:all x"}`)
}

// tokenAnswer returns a token endpoint that always gives the same answer, and
// an API.
func tokenAnswer(body string) http.HandlerFunc {
	api := emulator.New()
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/oauth/token" {
			respond(200, "application/json", body)(w, r)
			return
		}
		api.ServeHTTP(w, r)
	}
}

func TestLifetimesThatMakeNoSenseCostOneRequestInHalfAMinute(t *testing.T) {
	for _, lifetime := range []string{"0", "-1", "-1e300", "0.001", "1"} {
		bubble(t, lifetime, func(t *testing.T) {
			notice, notices := noticed(t)
			w := &wire{handler: tokenAnswer(fmt.Sprintf(`{"access_token":%q,"expires_in":%s}`, emulator.DefaultToken, lifetime))}
			c := newClient(t, w, withCredentials(t), notice)
			for range 20 {
				if _, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{}); err != nil {
					t.Fatal(err)
				}
			}
			expectEqual(t, "the number of token requests", w.tokenRequests(), 1)
			expectEqual(t, "whether it is said", notices.Load() > 0, lifetime != "1")
			time.Sleep(tokenEvery)
			if _, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{}); err != nil {
				t.Fatal(err)
			}
			expectEqual(t, "the number of token requests later", w.tokenRequests(), 2)
		})
	}
}

func TestVeryLongLifetimesAreBelievedForYears(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{handler: tokenAnswer(fmt.Sprintf(`{"access_token":%q,"expires_in":1e300}`, emulator.DefaultToken))}
		c := newClient(t, w, withCredentials(t))
		for range 2 {
			if _, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(24 * time.Hour)
		}
		expectEqual(t, "the number of token requests", w.tokenRequests(), 1)
	})
}

func TestTokensThatNoHeaderCanHoldAreABrokenEndpoint(t *testing.T) {
	for _, token := range []string{`abcdef\n`, `abc\u0000def`, `abc def`, `abcé`, ``} {
		bubble(t, token, func(t *testing.T) {
			w := &wire{handler: tokenAnswer(`{"access_token":"` + token + `","expires_in":7200}`)}
			_, err := newClient(t, w, withCredentials(t)).Customer(t.Context(), "one", Selection{})
			failure := failureOf(t, err, ErrMalformed)
			expectEqual(t, "whether it is the token request's", failure.TokenRequest, true)
			w.expect(t, 1)
		})
	}
}

func TestRefusalThatIsNotTheEndpointsSaysNothingOfTheCredentials(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{handler: emulatorAnswer(emulator.Body(403, "text/html", "<html><head><title>Request blocked\nby policy</title></head></html>"))}
		_, err := newClient(t, w, withCredentials(t)).Customer(t.Context(), "one", Selection{})
		failure := failureOf(t, err, ErrBlocked)
		expectEqual(t, "whether it is the token request's", failure.TokenRequest, true)
		expectEqual(t, "the reason", failure.Reason, `its page is titled "Request blocked by policy"`)
	})
}
