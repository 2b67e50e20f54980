package commercelayer

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// withCredentials returns the options of a client that requests its token.
func withCredentials(t testing.TB, change ...func(*ClientCredentials)) Option {
	t.Helper()
	c := ClientCredentials{ID: emulator.DefaultClientID, Secret: emulator.DefaultClientSecret, Endpoint: parseURL(t, testEndpoint)}
	for _, f := range change {
		f(&c)
	}
	return func(s *settings) {
		s.token = ""
		WithClientCredentials(c)(s)
	}
}

// tokenRequests counts the requests for a token.
func (w *wire) tokenRequests() int { return w.paths()["POST /oauth/token"] }

func TestNewFetchesNothing(t *testing.T) {
	_, w, _ := emulated(t, 0, withCredentials(t))
	w.expect(t, 0)
}

func TestReadersShareOneTokenRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency, withCredentials(t))
		ids := addCustomers(e, 30)
		expectAll(t, ids, readAll(t.Context(), c, ids))
		expectEqual(t, "the number of token requests", w.tokenRequests(), 1)
		expectAll(t, ids, readAll(t.Context(), c, ids))
		expectEqual(t, "the number of token requests", w.tokenRequests(), 1)
	})
}

// A token can be revoked during a run.
func TestRevokedTokenIsRenewedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency, withCredentials(t))
		ids := addCustomers(e, 30)
		expectAll(t, ids[:5], readAll(t.Context(), c, ids[:5]))
		e.RevokeAllTokens()
		expectAll(t, ids, readAll(t.Context(), c, ids))
		expectEqual(t, "the number of token requests", w.tokenRequests(), 2)
		expectAll(t, ids, readAll(t.Context(), c, ids))
		expectEqual(t, "the number of token requests", w.tokenRequests(), 2)
	})
}

func TestRevokedTokenIsRenewedWhileReadersAreAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency, withCredentials(t))
		ids := addCustomers(e, 20)
		e.Inject(emulator.Fault{Match: isCollection, Answer: emulator.Status(403)})
		expectAll(t, ids, readAll(t.Context(), c, ids)) // from now on the customers are read alone
		e.RevokeAllTokens()
		expectAll(t, ids, readAll(t.Context(), c, ids))
		expectEqual(t, "the number of token requests", w.tokenRequests(), 2)
	})
}

func TestGivenTokenIsNeverRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency)
		e.RevokeAllTokens()
		_, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{})
		failure := failureOf(t, err, ErrInvalidToken)
		expectEqual(t, "the code", failure.Code(), codeInvalidToken)
		w.expect(t, 1)
	})
}

func TestMissingPermissionNeverRenews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency, withCredentials(t))
		e.Inject(emulator.Fault{Answer: emulator.Unauthorized()})
		_, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{})
		expectKind(t, err, ErrPermission)
		w.expect(t, 2)
		expectEqual(t, "the number of token requests", w.tokenRequests(), 1)
	})
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
				failure := failureOf(t, r.err, ErrInvalidToken)
				expectEqual(t, "the code", failure.Code(), codeInvalidToken)
			}
		}
		expectEqual(t, "the number of token requests", w.tokenRequests(), 2)
		// The endpoint may return another token later.
		time.Sleep(renewAgain)
		_, err := c.Customer(t.Context(), ids[0], Selection{})
		expectKind(t, err, ErrInvalidToken)
		expectEqual(t, "the number of token requests a minute later", w.tokenRequests(), 3)
	})
}

func TestNewTokenThatIsRefusedTooIsTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency, withCredentials(t))
		e.Inject(emulator.Fault{Answer: emulator.InvalidToken()})
		e.OnRequest(func(r *http.Request) {
			if r.Method == http.MethodGet {
				e.RevokeAllTokens()
			}
		})
		_, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{})
		expectKind(t, err, ErrInvalidToken)
		w.expect(t, 4)
	})
}

func TestTokenIsRenewedBeforeItsEnd(t *testing.T) {
	for name, test := range map[string]struct {
		ttl, renewed time.Duration
	}{
		"documented lifetime": {2 * time.Hour, 2*time.Hour - renewBefore},
		"short":               {8 * time.Minute, 4 * time.Minute},
	} {
		bubble(t, name, func(t *testing.T) {
			e, w, c := emulated(t, 0, withCredentials(t))
			e.AddApplication(emulator.Application{ClientID: emulator.DefaultClientID, ClientSecret: emulator.DefaultClientSecret, CanReadCustomers: true, TTL: test.ttl})
			read := func(want int) {
				t.Helper()
				if _, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{}); err != nil {
					t.Fatal(err)
				}
				expectEqual(t, "the number of token requests", w.tokenRequests(), want)
			}
			read(1)
			time.Sleep(test.renewed - 2*time.Second)
			read(1)
			time.Sleep(3 * time.Second)
			read(2)
			read(2)
		})
	}
}

// If a renewal fails, reads go on while the old token is valid.
func TestOldTokenGoesOnWhileTheEndpointFails(t *testing.T) {
	for name, answer := range map[string]emulator.Answer{
		"refuses": emulator.Status(401), "fails": emulator.Status(503), "is throttled": emulator.Throttled(),
	} {
		bubble(t, name, func(t *testing.T) {
			e, w, c := emulated(t, latency, withCredentials(t))
			read := func() error {
				_, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{})
				return err
			}
			if err := read(); err != nil {
				t.Fatal(err)
			}
			e.Inject(emulator.Fault{PathPrefix: "/oauth/", Answer: answer})
			time.Sleep(2*time.Hour - renewBefore)
			w.reset()
			start := time.Now()
			if err := read(); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(start); took > renewPatience+time.Second {
				t.Errorf("the reader waited %s for the endpoint", took)
			}
			asked := w.tokenRequests()
			if asked == 0 {
				t.Error("the endpoint was not asked")
			}
			if err := read(); err != nil || w.tokenRequests() != asked {
				t.Errorf("got %v and %d token requests, want the old token without asking", err, w.tokenRequests()-asked)
			}
			time.Sleep(renewAgain)
			if err := read(); err != nil || w.tokenRequests() == asked {
				t.Errorf("got %v and no token request a minute later", err)
			}
			e.ClearFaults()
			time.Sleep(renewAgain)
			if err := read(); err != nil || !c.tokens.current.good() {
				t.Errorf("the endpoint has recovered, but the token is not renewed: %v", err)
			}
		})
	}
}

// The race detector fails this test if the time of the next renewal is read
// while another reader sets it.
func TestReadersShareTheTimeOfTheNextRenewal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, _, c := emulated(t, 0, withCredentials(t))
		if _, err := c.tokens.get(t.Context()); err != nil {
			t.Fatal(err)
		}
		e.Inject(emulator.Fault{PathPrefix: "/oauth/", Answer: emulator.Status(401)})
		time.Sleep(2*time.Hour - renewBefore)
		for range 8 {
			var readers sync.WaitGroup
			for range 20 {
				readers.Go(func() {
					for range 5 {
						if _, err := c.tokens.get(t.Context()); err != nil {
							t.Error(err)
						}
					}
				})
			}
			readers.Wait()
			time.Sleep(renewAgain)
		}
	})
}

func TestExpiredTokenAndFailingEndpointIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency, withCredentials(t))
		if _, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{}); err != nil {
			t.Fatal(err)
		}
		e.Inject(emulator.Fault{PathPrefix: "/oauth/", Answer: emulator.Status(401)})
		time.Sleep(2 * time.Hour)
		w.reset()
		_, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{})
		failure := failureOf(t, err, ErrCredentials)
		expectEqual(t, "whether it is the token request's", failure.TokenRequest, true)
		w.expect(t, 1)
	})
}

func TestReaderThatGivesUpLeavesTheTokenToTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, w, c := emulated(t, 10*time.Second, withCredentials(t))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		first := make(chan error, 1)
		go func() {
			_, err := c.CustomerByEmail(ctx, emulator.FullCustomerEmail, Selection{})
			first <- err
		}()
		synctest.Wait()
		if _, err := c.CustomerByEmail(t.Context(), emulator.FullCustomerEmail, Selection{}); err != nil {
			t.Error(err)
		}
		failure := failureOf(t, <-first, ErrTimeout)
		expectEqual(t, "what it waited for", failure.Method+" "+failure.Path, "POST /oauth/token")
		expectEqual(t, "the number of token requests", w.tokenRequests(), 1)
		w.expect(t, 2)
	})
}

func TestLastReaderThatGivesUpEndsTheTokenRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, w, c := emulated(t, 10*time.Second, withCredentials(t))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		for _, r := range readAll(ctx, c, []string{"one", "two", "three"}) {
			expectKind(t, r.err, ErrTimeout)
		}
		synctest.Wait()
		if s := w.expect(t, 1)[0]; s.err == nil {
			t.Error("the token request was not canceled")
		}
		// The next reader sends a new request.
		if _, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{}); err != nil {
			t.Error(err)
		}
		expectEqual(t, "the number of token requests", w.tokenRequests(), 2)
	})
}

func TestCredentialsTravelAsRecorded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, _, c := emulated(t, 0, withCredentials(t, func(c *ClientCredentials) { c.Scope = "market:code:eu  stock_location:id:x" }))
		if _, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{}); err != nil {
			t.Fatal(err)
		}
		r := e.Requests()[0]
		expectEqual(t, "the request", r.Method+" "+r.Path+r.RawQuery, "POST /oauth/token")
		expectEqual(t, "the form", r.Form.Encode(), "grant_type=client_credentials&scope=market%3Acode%3Aeu+stock_location%3Aid%3Ax")
		expectEqual(t, "Accept", r.Header.Get("Accept"), "application/json")
		expectEqual(t, "Content-Type", r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
		expectEqual(t, "User-Agent", r.Header.Get("User-Agent"), "test/1")
		if !strings.HasPrefix(r.Header.Get("Authorization"), "Basic ") {
			t.Error("the credentials are not in the header")
		}
	})
}

func TestPublicClientSaysWhoItIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, 0, withCredentials(t, func(c *ClientCredentials) { c.ID, c.Secret = "storefront", "" }))
		e.AddApplication(emulator.Application{ClientID: "storefront", Kind: emulator.KindSalesChannel})
		_, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{})
		failure := failureOf(t, err, ErrPermission) // a sales channel may not read customers
		expectEqual(t, "the kind of the application", failure.Token.Kind, KindSalesChannel)
		expectEqual(t, "the form", e.Requests()[0].Form.Encode(), "client_id=storefront&grant_type=client_credentials")
		expectEqual(t, "Authorization", e.Requests()[0].Header.Get("Authorization"), "")
		w.expect(t, 2)
	})
}

func TestRefusedCredentialsShowTheReasonAndNotTheSecret(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const secret = "sEcReT/with+odd=characters"
		_, w, c := emulated(t, 0, withCredentials(t, func(c *ClientCredentials) { c.Secret = secret }))
		for _, r := range readAll(t.Context(), c, []string{"one", "two"}) {
			failure := failureOf(t, r.err, ErrCredentials)
			expectEqual(t, "the status", failure.Status, http.StatusUnauthorized)
			expectEqual(t, "the request", failure.Method+" "+failure.Host+failure.Path, "POST auth.commercelayer.io/oauth/token")
			expectEqual(t, "the title", failure.API[0].Title, "invalid_client")
			expectSecretless(t, failure, secret)
		}
		// There is one request in each form, because HTTP Basic would have to encode
		// the secret.
		w.expect(t, 2)
	})
}

// expectSecretless fails if any text of an error contains the secret.
func expectSecretless(t *testing.T, e *Error, secrets ...string) {
	t.Helper()
	for err := error(e); err != nil; err = errors.Unwrap(err) {
		for _, text := range []string{err.Error(), fmt.Sprintf("%+v", *e)} {
			for _, secret := range secrets {
				if strings.Contains(text, secret) {
					t.Errorf("the error holds the secret: %s", text)
				}
			}
		}
	}
}

// A server may quote the request.
func TestQuotedSecretsAreLeftOut(t *testing.T) {
	const secret, token = "sEcReT-quoted", "opaque-token-quoted"
	quote := func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintf(w, `{"errors":{"code":"PARAM_NOT_ALLOWED","title":"%[1]s %[2]s","detail":"%[3]s%[1]s %[2]s"}}`, secret, token, strings.Repeat("x", 490))
	}
	synctest.Test(t, func(t *testing.T) {
		w := &wire{handler: http.HandlerFunc(quote)}
		_, err := newClient(t, w, WithToken(token)).Customer(t.Context(), "one", Selection{})
		expectSecretless(t, failureOf(t, err, ErrBadRequest), token, token[:7])
		_, err = newClient(t, w, withCredentials(t, func(c *ClientCredentials) { c.Secret = secret })).Customer(t.Context(), "one", Selection{})
		expectSecretless(t, failureOf(t, err, ErrCredentials), secret, secret[:7])
	})
}

func TestTokenEndpointThatFails(t *testing.T) {
	tests := map[string]struct {
		handler  http.HandlerFunc
		kind     error
		attempts int
	}{
		"400":               {respond(400, "application/json", `{"errors":{"title":"invalid_scope","code":"BAD_REQUEST","status":400}}`), ErrCredentials, 1},
		"403":               {respond(403, "application/json", `{"errors":{"title":"unauthorized_client","code":"FORBIDDEN","status":403}}`), ErrCredentials, 1},
		"RFC 6749":          {respond(401, "application/json", `{"error":"invalid_client","error_description":"no"}`), ErrCredentials, 1},
		"404":               {emulator.HTML(404), ErrBadRequest, 1},
		"500":               {emulator.Status(500), ErrServer, 3},
		"connection":        {cut, ErrConnection, 3},
		"HTML":              {emulator.HTML(200), ErrNotJSON, 1},
		"empty":             {emulator.Empty200(), ErrNotJSON, 1},
		"no token":          {respond(200, "application/json", `{"token_type":"Bearer"}`), ErrMalformed, 1},
		"no JSON":           {respond(200, "application/json", `{"access_token":"secret-token`), ErrMalformed, 1},
		"token of a number": {respond(200, "application/json", `{"access_token":1234567}`), ErrMalformed, 1},
		"another lifetime":  {respond(200, "application/json", `{"access_token":"secret-token","expires_in":"soon"}`), ErrMalformed, 1},
		"text":              {respond(200, "text/plain", "access_token=secret-token"), ErrMediaType, 1},
	}
	for name, test := range tests {
		bubble(t, name, func(t *testing.T) {
			w := &wire{handler: test.handler}
			_, err := newClient(t, w, withCredentials(t), WithMaxRetries(2)).Customer(t.Context(), "one", Selection{})
			failure := failureOf(t, err, test.kind)
			expectEqual(t, "the number of attempts", failure.Attempts, test.attempts)
			expectEqual(t, "whether it is the token request's", failure.TokenRequest, true)
			expectSecretless(t, failure, emulator.DefaultClientSecret, "secret-token")
			w.expect(t, test.attempts)
		})
	}
}

func TestTokenEndpointThatRecovers(t *testing.T) {
	for name, answer := range map[string]emulator.Answer{"5xx": emulator.Status(502), "429": emulator.Throttled()} {
		bubble(t, name, func(t *testing.T) {
			e, w, c := emulated(t, latency, withCredentials(t))
			e.Inject(emulator.Fault{PathPrefix: "/oauth/", Times: 3, Answer: answer})
			if _, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{}); err != nil {
				t.Fatal(err)
			}
			sent := w.expect(t, 5)
			for i, s := range sent[1:4] {
				if pause := s.at.Sub(sent[i].at); pause < pauseMin/2 {
					t.Errorf("the endpoint was asked again after %s", pause)
				}
			}
		})
	}
}

func TestPanicInTheTokenRequestIsNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := emulator.New()
		w := &wire{handler: inTurn(func(http.ResponseWriter, *http.Request) { panic("oh") }, e.ServeHTTP)}
		c := newClient(t, w, withCredentials(t))
		_, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{})
		expectKind(t, err, ErrInternal)
		if _, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{}); err != nil {
			t.Errorf("the next read: %v", err)
		}
	})
}

// A log must tell a request for a token from a read.
func TestObserverSeesTokenRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var events []Event
		_, _, c := emulated(t, 0, withCredentials(t), WithObserver(func(_ context.Context, e Event) { events = append(events, e) }))
		if _, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{}); err != nil {
			t.Fatal(err)
		}
		if len(events) != 2 {
			t.Fatalf("%d events, want 2", len(events))
		}
		expectEqual(t, "the first", fmt.Sprint(events[0].TokenRequest, " ", events[0].Method, " ", events[0].Host, events[0].Path), "true POST auth.commercelayer.io/oauth/token")
		expectEqual(t, "the second", fmt.Sprint(events[1].TokenRequest, " ", events[1].Method), "false GET")
	})
}
