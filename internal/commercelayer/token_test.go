package commercelayer

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// withCredentials returns the options of a client that requests its token.
func withCredentials(t testing.TB, change ...func(*ClientCredentials)) Option {
	t.Helper()
	c := ClientCredentials{
		ID: emulator.DefaultClientID, Secret: emulator.DefaultClientSecret, Endpoint: parseURL(t, testEndpoint),
	}
	for _, f := range change {
		f(&c)
	}
	return func(s *settings) {
		s.token = ""
		WithClientCredentials(c)(s)
	}
}

// expectTokens fails unless exactly n requests for a token were sent.
func (w *wire) expectTokens(t *testing.T, n int) {
	t.Helper()
	expectEqual(t, "the number of token requests", w.paths()["POST /oauth/token"], n)
}

func TestNewWantsATokenOrCredentials(t *testing.T) {
	for name, option := range map[string]Option{
		"nothing":     WithToken(""),
		"no ID":       withCredentials(t, func(c *ClientCredentials) { c.ID = "" }),
		"no endpoint": withCredentials(t, func(c *ClientCredentials) { c.Endpoint = nil }),
	} {
		if _, err := New(option); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := New(WithToken("a token")); err != nil {
		t.Error(err)
	}
}

// The first read requests the token, and one that finds it revoked.
func TestReadersShareOneTokenRequest(t *testing.T) {
	for name, lists := range map[string]http.HandlerFunc{"together": nil, "alone": emulator.Status(403)} {
		bubble(t, name, func(t *testing.T) {
			e, w, c := emulated(t, latency, withCredentials(t))
			w.expect(t, 0)
			if lists != nil {
				e.Inject(emulator.Fault{Match: isCollection, Answer: lists})
			}
			ids := addCustomers(e, 20)
			for n := range 2 {
				for range 2 {
					expectAll(t, ids, readAll(t.Context(), c, ids))
					w.expectTokens(t, n+1)
				}
				e.RevokeAllTokens()
			}
		})
	}
}

func TestRefusalThatNoNewTokenEnds(t *testing.T) {
	renewable := withCredentials(t)
	for name, test := range map[string]struct {
		token            Option
		answer           emulator.Answer
		class            Class
		requests, tokens int
	}{
		"of a token that was given":     {WithToken("given"), emulator.InvalidToken(), ErrInvalidToken, 1, 0},
		"of a permission":               {renewable, emulator.Unauthorized(), ErrPermission, 1, 1},
		"of a token and of the new one": {renewable, emulator.InvalidToken(), ErrInvalidToken, 2, 2},
	} {
		bubble(t, name, func(t *testing.T) {
			e, w, c := emulated(t, latency, test.token)
			e.Inject(emulator.Fault{Answer: func(rw http.ResponseWriter, r *http.Request) {
				e.RevokeAllTokens() // so that the endpoint issues another one
				test.answer(rw, r)
			}})
			expectKind(t, readSeed(t, c), test.class)
			w.expect(t, test.requests+test.tokens)
			w.expectTokens(t, test.tokens)
		})
	}
}

// The endpoint may return the token that the API has just refused. If each
// reader asked again, the requests would only use up the endpoint's limit.
func TestTokenThatTheEndpointKeepsIsAskedForOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency, withCredentials(t))
		e.Inject(emulator.Fault{Answer: emulator.InvalidToken()})
		ids := addCustomers(e, 30)
		for range 3 {
			for _, r := range readAll(t.Context(), c, ids) {
				expectEqual(t, "the code", failureOf(t, r.err, ErrInvalidToken).Code(), codeInvalidToken)
			}
		}
		w.expectTokens(t, 2)
		// The endpoint may return another token later.
		time.Sleep(renewAgain)
		expectKind(t, readSeed(t, c), ErrInvalidToken)
		w.expectTokens(t, 3)
	})
}

func tokenBody(body string) http.HandlerFunc { return respond(200, "application/json", body) }

// A token is renewed before its end. A lifetime that makes no sense costs no
// more than a request in half a minute.
func TestTokenIsRenewedByItsLifetime(t *testing.T) {
	for lifetime, test := range map[string]struct {
		renewed time.Duration
		noticed bool
	}{
		"7200":   {2*time.Hour - 10*time.Minute, false},
		"480":    {4 * time.Minute, false},
		"1":      {30 * time.Second, false},
		"0":      {30 * time.Second, true},
		"-1e300": {30 * time.Second, true},
		"1e300":  {maxLifetime - 10*time.Minute, false},
	} {
		bubble(t, lifetime, func(t *testing.T) {
			say, notices := sentences(t)
			body := fmt.Sprintf(`{"access_token":%q,"expires_in":%s}`, emulator.DefaultToken, lifetime)
			e, w, c := emulated(t, 0, withCredentials(t), WithNotice(say))
			e.Inject(emulator.Fault{PathPrefix: "/oauth/", Answer: tokenBody(body)})
			expectSeed(t, c)
			w.expectTokens(t, 1)
			expectEqual(t, "whether it is said", len(notices()) > 0, test.noticed)
			time.Sleep(test.renewed - 2*time.Second)
			expectSeed(t, c)
			w.expectTokens(t, 1)
			time.Sleep(3 * time.Second)
			expectSeed(t, c)
			w.expectTokens(t, 2)
		})
	}
}

// If a renewal fails, reads go on while the old token is valid.
func TestOldTokenGoesOnWhileTheEndpointFails(t *testing.T) {
	for name, test := range map[string]struct {
		answer emulator.Answer
		class  Class
	}{
		"refuses": {emulator.Status(401), ErrCredentials}, "fails": {emulator.Status(503), ErrServer},
		"is throttled": {emulator.Throttled(), ErrRateLimited},
	} {
		bubble(t, name, func(t *testing.T) {
			e, w, c := emulated(t, latency, withCredentials(t))
			read := func(class Class) (requests int) {
				before := w.paths()["POST /oauth/token"]
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				for _, r := range readApart(ctx, c, 3) {
					expectKind(t, r.err, class)
				}
				return w.paths()["POST /oauth/token"] - before
			}
			expectEqual(t, "the number of token requests at first", read(ErrNotFound), 1)
			failing := emulator.Fault{PathPrefix: "/oauth/", Answer: test.answer}
			e.Inject(failing)
			time.Sleep(2*time.Hour - renewBefore)
			start := time.Now()
			if read(ErrNotFound) == 0 {
				t.Error("the endpoint was not asked")
			}
			if took := time.Since(start); took > renewPatience+time.Second {
				t.Errorf("the readers waited %s for the endpoint", took)
			}
			expectEqual(t, "the number of token requests within a minute", read(ErrNotFound), 0)
			time.Sleep(renewAgain)
			if read(ErrNotFound) == 0 {
				t.Error("the endpoint was not asked a minute later")
			}
			e.ClearFaults()
			time.Sleep(renewAgain)
			expectEqual(t, "the number of token requests when it has recovered", read(ErrNotFound), 1)
			e.Inject(failing)
			time.Sleep(2 * time.Hour) // the token has expired, too
			read(test.class)
		})
	}
}

// An application's credentials are sent in a form that can carry them. If that
// form is refused, it may be the form and not the secret.
func TestCredentialsAreSentInAFormThatCarriesThem(t *testing.T) {
	const plain, special = "plain-secret_0.1", "se+cr/et=100% <sure>"
	const plainForm = "Basic id:" + plain + " grant_type=client_credentials"
	const encodedForm = "Basic id:se%2Bcr%2Fet%3D100%25+%3Csure%3E grant_type=client_credentials"
	const document = `{"client_id":"id","client_secret":"` + special + `","grant_type":"client_credentials"}`
	for name, test := range map[string]struct {
		id, secret, scope string
		accepted          bool // whether the endpoint accepts the last form
		sent              []string
	}{
		"plain":                          {"id", plain, "", true, []string{plainForm}},
		"with scopes":                    {"id", plain, " market:all  x ", true, []string{plainForm + "&scope=market%3Aall+x"}},
		"special, and JSON is accepted":  {"id", special, "", true, []string{document}},
		"special, and Basic is accepted": {"id", special, "", true, []string{document, encodedForm}},
		"special with a scope": {"id", special, "x", false, []string{
			strings.Replace(document, "}", `,"scope":"x"}`, 1), encodedForm + "&scope=x",
		}},
		"plain, and refused": {"id", plain, "", false, []string{plainForm}},
		"a public client":    {"shop", "", "", true, []string{"client_id=shop&grant_type=client_credentials"}},
	} {
		bubble(t, name, func(t *testing.T) {
			var sent []string
			e, _, c := emulated(t, 0, withCredentials(t, func(c *ClientCredentials) {
				c.ID, c.Secret, c.Scope = test.id, test.secret, test.scope
			}))
			e.Inject(emulator.Fault{PathPrefix: "/oauth/", Answer: func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				form, mediaType := string(body), "application/x-www-form-urlencoded"
				if text, found := strings.CutPrefix(r.Header.Get("Authorization"), "Basic "); found {
					credentials, _ := base64.StdEncoding.DecodeString(text)
					form = "Basic " + string(credentials) + " " + form
				}
				if strings.HasPrefix(form, "{") {
					mediaType = "application/json"
				}
				expectEqual(t, "Content-Type", r.Header.Get("Content-Type"), mediaType)
				expectEqual(t, "Accept", r.Header.Get("Accept"), "application/json")
				expectEqual(t, "User-Agent", r.Header.Get("User-Agent"), "test/1")
				if sent = append(sent, form); !test.accepted || len(sent) < len(test.sent) {
					respond(401, "application/json", `{"errors":{"title":"invalid_client","code":"UNAUTHORIZED"}}`)(w, r)
					return
				}
				tokenBody(fmt.Sprintf(`{"access_token":%q,"token_type":"Bearer"}`, emulator.DefaultToken))(w, r)
			}})
			err := readSeed(t, c)
			expectEqual(t, "what was sent", sent, test.sent)
			if test.accepted {
				expectEqual(t, "the error", err, nil)
				return
			}
			failure := failureOf(t, err, ErrCredentials)
			expectEqual(t, "the request", failure.Method+" "+failure.Host+failure.Path, "POST auth.commercelayer.io/oauth/token")
			expectEqual(t, "the title", failure.API[0].Title, "invalid_client")
			expectSecretless(t, failure, test.secret)
		})
	}
}

// An endpoint that refuses both forms understands only one of them. The error
// is the refusal by which it judged the credentials.
func TestRefusalOfBothFormsIsToldByTheOneThatWasUnderstood(t *testing.T) {
	refusal := func(status int, title string) http.HandlerFunc {
		return respond(status, "application/json", `{"errors":{"title":"`+title+`"}}`)
	}
	client, scope, form := refusal(401, "invalid_client"), refusal(400, "invalid_scope"), refusal(415, "media type")
	for name, test := range map[string]struct {
		json, basic http.HandlerFunc
		class       Class
		title       string
		requests    int
	}{
		"scope":                {scope, client, ErrCredentials, "invalid_scope", 1},
		"client, then form":    {client, form, ErrCredentials, "invalid_client", 2},
		"client, then scope":   {client, scope, ErrCredentials, "invalid_scope", 2},
		"client, then failure": {client, refusal(503, "down"), ErrCredentials, "invalid_client", 2},
		"form, then client":    {form, client, ErrCredentials, "invalid_client", 2},
		"form, then scope":     {form, scope, ErrCredentials, "invalid_scope", 2},
		"form, then failure":   {form, refusal(503, "down"), ErrServer, "down", 2},
		"form, and form":       {form, form, ErrBadRequest, "media type", 2},
	} {
		bubble(t, name, func(t *testing.T) {
			w := &wire{handler: inTurn(test.json, test.basic)}
			c := newClient(t, w, WithMaxRetries(0), withCredentials(t, func(c *ClientCredentials) { c.Secret = "a/b" }))
			failure := failureOf(t, readSeed(t, c), test.class)
			expectEqual(t, "the title", failure.API[0].Title, test.title)
			w.expect(t, test.requests)
		})
	}
}

// expectSecretless fails if any text of an error contains a secret.
func expectSecretless(t *testing.T, e *Error, secrets ...string) {
	t.Helper()
	text := e.Error() + fmt.Sprintf("%+v", *e)
	for _, secret := range secrets {
		if strings.Contains(text, secret) {
			t.Errorf("the error holds the secret: %s", text)
		}
	}
}

// What the status alone decides is in [TestStatusDecidesWhateverTheBody].
func TestTokenEndpointThatFails(t *testing.T) {
	refusal := func(status int, body string) http.HandlerFunc { return respond(status, "application/json", body) }
	issued := func(token string) http.HandlerFunc { return tokenBody(`{"access_token":"` + token + `"}`) }
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		class  Class
		text   string
	}{
		"400":      {refusal(400, `{"errors":{"title":"invalid_scope"}}`), ErrCredentials, "invalid_scope"},
		"RFC 6749": {refusal(401, `{"error":"invalid_client","error_description":"no"}`), ErrCredentials, "invalid_client"},
		"RFC 6749, 200": {refusal(200, `{"error":"invalid_client","error_description":"unknown client"}`), ErrCredentials,
			"invalid_client"},
		"RFC 6749, 200, and null": {refusal(200, `{"error":"invalid_scope","access_token":null}`), ErrCredentials,
			"invalid_scope"},
		"a firewall": {respond(403, "text/html", "<title>Request blocked\nby policy</title>"), ErrBlocked,
			`its page is titled "Request blocked by policy"`},
		"HTML":              {emulator.HTML(200), ErrNotJSON, "HTML page"},
		"empty":             {emulator.Empty200(), ErrNotJSON, "empty"},
		"text":              {respond(200, "text/plain", "access_token=secret-token"), ErrMediaType, "text/plain"},
		"no token":          {tokenBody(`{"token_type":"Bearer"}`), ErrMalformed, "no access token"},
		"no JSON":           {tokenBody(`{"access_token":"secret-token`), ErrMalformed, "not the JSON object"},
		"more than JSON":    {tokenBody(`{"access_token":"secret-token"} {}`), ErrMalformed, "more text"},
		"token of a number": {tokenBody(`{"access_token":1234567}`), ErrMalformed, "not the JSON object"},
		"another type":      {tokenBody(`{"access_token":"secret-token","token_type":"mac"}`), ErrMalformed, "type bearer"},
		"another lifetime":  {tokenBody(`{"access_token":"secret-token","expires_in":"soon"}`), ErrMalformed, "JSON object"},
		"line end in token": {issued(`secret-token\n`), ErrMalformed, "a character that no token has"},
		"letter in token":   {issued("abcé"), ErrMalformed, "a character that no token has"},
	} {
		bubble(t, name, func(t *testing.T) {
			w := &wire{handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				rw.Header().Set("X-Request-Id", "req-12345")
				test.answer(rw, r)
			})}
			failure := failureOf(t, readSeed(t, newClient(t, w, withCredentials(t))), test.class)
			expectEqual(t, "the request ID", failure.RequestID, "req-12345")
			expectEqual(t, "whether it is the token request's", failure.TokenRequest, true)
			expectSecretless(t, failure, emulator.DefaultClientSecret, "secret-token")
			if text := failure.Error(); !strings.Contains(text, test.text) {
				t.Errorf("the error is %q, want %q in it", text, test.text)
			}
			w.expect(t, 1)
		})
	}
}
