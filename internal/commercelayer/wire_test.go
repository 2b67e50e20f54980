package commercelayer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// served serves a handler on a real socket and returns the URL of its host.
func served(t testing.TB, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(func() {
		if e, ok := h.(*emulator.Emulator); ok {
			e.Close()
		}
		server.Close()
	})
	return server.URL
}

// realClient returns a client with its own transport.
func realClient(t testing.TB, host string, options ...Option) *Client {
	t.Helper()
	u, err := ParseDomain(host)
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(append([]Option{WithDomain(u), WithToken(emulator.DefaultToken), WithMaxRetries(0), WithRequestTimeout(time.Minute)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeIdle(c.api.transport) })
	return c
}

func TestRequestHasTheDocumentedHeadersAndNoOther(t *testing.T) {
	e := emulator.New()
	c := realClient(t, served(t, e), WithUserAgent("Terraform/1.9 test/1"))
	if _, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.CustomerByEmail(t.Context(), emulator.FullCustomerEmail, Selection{}); err != nil {
		t.Fatal(err)
	}
	for _, r := range e.Requests() {
		names := slices.Sorted(maps.Keys(r.Header))
		if !slices.Equal(names, []string{"Accept", "Authorization", "User-Agent"}) {
			t.Errorf("%s %s has the headers %v", r.Method, r.Path, names)
		}
		expectEqual(t, "Accept", r.Header.Get("Accept"), "application/vnd.api+json")
		expectEqual(t, "Authorization", r.Header.Get("Authorization"), "Bearer "+emulator.DefaultToken)
		expectEqual(t, "User-Agent", r.Header.Get("User-Agent"), "Terraform/1.9 test/1")
	}
}

func TestTokenNeverReachesAnotherHost(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		other := emulator.New()
		elsewhere := served(t, other)
		e := emulator.New()
		e.Inject(emulator.Fault{PathPrefix: "/", Answer: emulator.Redirect(status, elsewhere+"/api/customers/one")})
		host := served(t, e)
		_, err := realClient(t, host).Customer(t.Context(), "one", Selection{})
		failure := failureOf(t, err, ErrRedirect)
		if !strings.Contains(failure.Reason, elsewhere) {
			t.Errorf("the reason does not say where to: %q", failure.Reason)
		}
		// The client credentials are not in it either.
		_, err = credentialsClient(t, host, WithMaxRetries(0)).Customer(t.Context(), "one", Selection{})
		expectKind(t, err, ErrRedirect)
		expectEqual(t, "the number of requests there", len(other.Requests()), 0)
		expectEqual(t, "the number of requests here", len(e.Requests()), 2)
	}
}

// credentialsClient returns a client that requests its token from the same
// server.
func credentialsClient(t testing.TB, host string, options ...Option) *Client {
	t.Helper()
	return realClient(t, host, append([]Option{
		WithToken(""),
		WithClientCredentials(ClientCredentials{
			ID: emulator.DefaultClientID, Secret: emulator.DefaultClientSecret, Endpoint: parseURL(t, host+"/oauth/token"),
		}),
	}, options...)...)
}

func TestConnectionsThatBreak(t *testing.T) {
	for name, test := range map[string]struct {
		answer func(*emulator.Emulator) emulator.Answer
		want   error
	}{
		"before the header": {func(*emulator.Emulator) emulator.Answer { return emulator.Cut() }, ErrConnection},
		"in the body":       {func(*emulator.Emulator) emulator.Answer { return emulator.CutBody(100) }, ErrConnection},
		"large when refused": {func(*emulator.Emulator) emulator.Answer {
			return emulator.Body(400, "", strings.Repeat("x", MaxAnswerBytes+1))
		}, ErrBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			e := emulator.New()
			e.Inject(emulator.Fault{Answer: test.answer(e)})
			_, err := realClient(t, served(t, e)).Customer(t.Context(), emulator.SeedCustomerID, Selection{})
			expectKind(t, err, test.want)
		})
	}
}

func TestCertificateIsVerified(t *testing.T) {
	e := emulator.New()
	server := httptest.NewUnstartedServer(e)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	_, err := realClient(t, server.URL, WithMaxRetries(4)).Customer(t.Context(), emulator.SeedCustomerID, Selection{})
	failure := failureOf(t, err, ErrTLS)
	expectEqual(t, "the number of attempts", failure.Attempts, 1)
	expectEqual(t, "the number of requests", len(e.Requests()), 0)

	transport := NewTransport()
	transport.TLSClientConfig = &tls.Config{RootCAs: x509.NewCertPool()}
	transport.TLSClientConfig.RootCAs.AddCert(server.Certificate())
	if _, err := realClient(t, server.URL, WithTransport(transport)).Customer(t.Context(), emulator.SeedCustomerID, Selection{}); err != nil {
		t.Errorf("with the certificate's authority: %v", err)
	}
}

func TestPlainHTTPBehindHTTPSIsATLSFailure(t *testing.T) {
	e := emulator.New()
	_, err := realClient(t, strings.Replace(served(t, e), "http://", "https://", 1), WithMaxRetries(4)).Customer(t.Context(), "one", Selection{})
	expectKind(t, err, ErrTLS)
}

func TestCancellationReachesTheServer(t *testing.T) {
	e := emulator.New()
	e.Inject(emulator.Fault{Answer: e.Stall()})
	ctx, cancel := context.WithCancel(t.Context())
	e.OnRequest(func(*http.Request) { cancel() })
	_, err := realClient(t, served(t, e)).Customer(ctx, emulator.SeedCustomerID, Selection{})
	expectKind(t, err, ErrCanceled)
}

func TestNewWantsATokenOrCredentials(t *testing.T) {
	endpoint := parseURL(t, testEndpoint)
	for name, options := range map[string][]Option{
		"nothing":     nil,
		"no ID":       {WithClientCredentials(ClientCredentials{Secret: "s", Endpoint: endpoint})},
		"no endpoint": {WithClientCredentials(ClientCredentials{ID: "id"})},
	} {
		if _, err := New(options...); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// After a 101, net/http no longer ends the request with its context.
func TestSwitchToAnotherProtocolIsNotWaitedFor(t *testing.T) {
	host := served(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "upgrade")
		w.Header().Set("Upgrade", "x")
		w.WriteHeader(http.StatusSwitchingProtocols)
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		_, _ = io.ReadAll(c) // until the client closes the connection
	}))
	_, err := realClient(t, host).Customer(t.Context(), "one", Selection{})
	failure := failureOf(t, err, ErrMalformed)
	expectEqual(t, "the status", failure.Status, http.StatusSwitchingProtocols)
	_, err = credentialsClient(t, host).Customer(t.Context(), "one", Selection{})
	if failure := failureOf(t, err, ErrMalformed); !failure.TokenRequest {
		t.Errorf("the error is %v", failure)
	}
}
