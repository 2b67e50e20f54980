package commercelayer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// transportFunc is a function that is an [http.RoundTripper].
type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// failing returns a transport that always fails, and its count of requests.
func failing(err error) (http.RoundTripper, *int) {
	n := 0
	return transportFunc(func(*http.Request) (*http.Response, error) {
		n++
		return nil, err
	}), &n
}

func TestFailuresThatPassAreRetried(t *testing.T) {
	for name, failure := range map[string]http.HandlerFunc{
		"connection": cut,
		"500":        emulator.Status(500),
		"502":        emulator.Status(502),
		"503":        emulator.Status(503),
		"504":        emulator.Status(504),
		"HTML 503":   emulator.HTML(503),
	} {
		bubble(t, name, func(t *testing.T) {
			e := emulator.New()
			e.Inject(emulator.Fault{Times: 2, Answer: failure})
			w := &wire{handler: e}
			if _, err := newClient(t, w).Customer(t.Context(), emulator.SeedCustomerID, Selection{}); err != nil {
				t.Fatal(err)
			}
			w.expect(t, 3)
		})
	}
}

func TestAnswersThatStayAreNotRetried(t *testing.T) {
	for status, kind := range map[int]error{
		204: ErrNotJSON, 206: ErrNotJSON, 300: ErrNotJSON, 301: ErrNotJSON, 302: ErrNotJSON, 304: ErrNotJSON,
		400: ErrBadRequest, 401: ErrInvalidToken, 403: ErrBlocked, 404: ErrNotFound, 405: ErrBadRequest, 406: ErrBadRequest,
		407: ErrBlocked, 409: ErrBadRequest, 410: ErrBadRequest, 422: ErrBadRequest, 423: ErrBadRequest, 501: ErrServer, 505: ErrServer, 511: ErrBlocked,
	} {
		bubble(t, fmt.Sprint(status), func(t *testing.T) {
			w := &wire{handler: respond(status, "", "")}
			_, err := newClient(t, w).Customer(t.Context(), "one", Selection{})
			failure := failureOf(t, err, kind)
			expectEqual(t, "the status", failure.Status, status)
			expectEqual(t, "the number of attempts", failure.Attempts, 1)
			w.expect(t, 1)
		})
	}
}

func TestNetworkErrors(t *testing.T) {
	timeout := &net.DNSError{Err: "i/o timeout", Name: "acme.commercelayer.io", IsTimeout: true}
	missing := &net.DNSError{Err: "no such host", Name: "acme.commercelayer.io", IsNotFound: true}
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	tests := map[string]struct {
		err     error
		kind    error
		retried bool
	}{
		"connection refused":       {dial(errors.New("connection refused")), ErrConnection, true},
		"end of file":              {errors.New("EOF"), ErrConnection, true},
		"name server out of reach": {dial(timeout), ErrDNS, true},
		"no such host":             {dial(missing), ErrDNS, false},
		"dial timeout":             {dial(context.DeadlineExceeded), ErrTimeout, true},
		"handshake timeout":        {slowHandshakeError{}, ErrTimeout, true},
		"certificate":              {&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, ErrTLS, false},
		"host name":                {x509.HostnameError{Certificate: &x509.Certificate{}, Host: "x"}, ErrTLS, false},
		"no TLS":                   {tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, ErrTLS, false},
		"plain HTTP":               {http.ErrSchemeMismatch, ErrTLS, false},
		"certificate in doubt":     {&tls.CertificateVerificationError{Err: errors.New("in doubt")}, ErrTLS, false},
		"expired certificate":      {x509.CertificateInvalidError{Reason: x509.Expired}, ErrTLS, false},
		"wrong use of certificate": {x509.CertificateInvalidError{Reason: x509.IncompatibleUsage}, ErrTLS, false},
		"no trusted certificates":  {x509.SystemRootsError{}, ErrTLS, false},
		"old version of TLS":       {errors.New("tls: server selected unsupported protocol version 302"), ErrTLS, false},
		"unknown cipher":           {errors.New("tls: server chose an unconfigured cipher suite"), ErrTLS, false},
		"broken rules of TLS":      {errors.New("tls: server's Finished message was incorrect"), ErrConnection, true},
		"damaged record":           {&net.OpError{Op: "local error", Err: errors.New("tls: bad record MAC")}, ErrConnection, true},
		"header of a record":       {tls.RecordHeaderError{Msg: "oversized record received with length 20527"}, ErrConnection, true},
		"connection that is idle":  {errors.New("http: server closed idle connection"), ErrConnection, true},
		"alert of the server":      {&net.OpError{Op: "remote error", Err: errors.New("tls: handshake failure")}, ErrTLS, false},
	}
	for name, test := range tests {
		bubble(t, name, func(t *testing.T) {
			transport, n := failing(test.err)
			_, err := newClient(t, transport, WithMaxRetries(2)).Customer(t.Context(), "one", Selection{})
			failure := failureOf(t, err, test.kind)
			want := 1
			if test.retried {
				want = 3
			}
			expectEqual(t, "the number of requests", *n, want)
			expectEqual(t, "the number of attempts told", failure.Attempts, want)
			if !errors.Is(failure, test.err) && !strings.Contains(failure.Error(), test.err.Error()) {
				t.Errorf("the cause is lost: %v", failure)
			}
		})
	}
}

// slowHandshakeError is like an error of net/http whose type is not exported.
type slowHandshakeError struct{}

func (slowHandshakeError) Error() string   { return "net/http: TLS handshake timeout" }
func (slowHandshakeError) Timeout() bool   { return true }
func (slowHandshakeError) Temporary() bool { return true }

func TestErrorTellsTheWholeStory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{latency: 100 * time.Millisecond, handler: inTurn(emulator.Throttled(), cut, func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("X-Request-Id", "last-request")
			rw.WriteHeader(http.StatusBadGateway)
		})}
		c := newClient(t, w, WithMaxRetries(3))
		start := time.Now()
		_, err := c.Customer(t.Context(), "one", Selection{})
		failure := failureOf(t, err, ErrServer)
		expectEqual(t, "the request", failure.Method+" "+failure.Host+failure.Path, "GET yourdomain.commercelayer.io/api/customers/one")
		// One attempt is refused. The others are the first attempt and the retries.
		expectEqual(t, "the number of attempts", failure.Attempts, 5)
		expectEqual(t, "the status", failure.Status, 502)
		expectEqual(t, "the request ID", failure.RequestID, "last-request")
		closeTo(t, "the time it took", failure.Elapsed, time.Since(start), 5*time.Millisecond)
		if failure.Waited < time.Second || failure.Waited > failure.Elapsed {
			t.Errorf("the wait is %s of %s", failure.Waited, failure.Elapsed)
		}
		w.expect(t, 5)
	})
}

// A 429 does not count as a failure, and it is retried without a bound.
func TestRateLimitIsWaitedOutUntilTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{latency: latency, handler: emulatorAnswer(emulator.ThrottledWith("0"))}
		c := newClient(t, w, WithMaxRetries(0))
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
		defer cancel()
		start := time.Now()
		_, err := c.Customer(ctx, "one", Selection{})
		failure := failureOf(t, err, ErrRateLimited)
		expectEqual(t, "the status", failure.Status, http.StatusTooManyRequests)
		expectEqual(t, "the code", failure.Code(), "THROTTLED")
		closeTo(t, "the time it took", time.Since(start), 20*time.Minute, time.Second)
		sent := w.requests()
		if len(sent) < 15 || len(sent) > 60 {
			t.Errorf("%d requests were sent in 20 minutes", len(sent))
		}
		for i, s := range sent[1:] {
			if pause := s.at.Sub(sent[i].at); pause < time.Second || pause > time.Minute+5*time.Second {
				t.Errorf("request %d was sent after a pause of %s", i+2, pause)
			}
		}
	})
}

// emulatorAnswer returns a handler that answers every request with a fault of
// an emulator.
func emulatorAnswer(answer emulator.Answer) http.Handler {
	e := emulator.New()
	e.Inject(emulator.Fault{PathPrefix: "/", Answer: answer})
	return e
}

func TestPauseGrowsWithinItsBounds(t *testing.T) {
	after := func(limited bool, retryAfter string) time.Duration {
		return pause(1, limited, &answer{header: http.Header{"Retry-After": {retryAfter}}})
	}
	for range 200 {
		for n, seconds := range []float64{0.5, 1, 2, 4, 8, 10, 10} {
			most := time.Duration(seconds * float64(time.Second))
			if d := pause(n+1, false, nil); d < most/2 || d > most {
				t.Fatalf("the pause after failure %d is %s, want %s to %s", n+1, d, most/2, most)
			}
		}
		if d := pause(1_000_000, false, nil); d < pauseMax/2 || d > pauseMax {
			t.Fatalf("the pause after very many failures is %s", d)
		}
		if d := after(false, "0"); d < pauseMin/2 {
			t.Fatalf("Retry-After: 0 gives a pause of %s", d)
		}
	}
	expectEqual(t, "the pause after Retry-After: 7", after(false, "7"), 7*time.Second)
	expectEqual(t, "the pause after Retry-After: 9999", after(false, "9999"), time.Minute)
	if d := after(true, "0"); d < time.Second {
		t.Errorf("the pause after a refusal of the token endpoint is %s", d)
	}
}

func TestFailuresTogetherDoNotComeBackTogether(t *testing.T) {
	seen := map[time.Duration]bool{}
	for range 50 {
		seen[pause(4, false, nil).Round(time.Millisecond)] = true
	}
	if len(seen) < 25 {
		t.Errorf("50 pauses have %d values", len(seen))
	}
}

func TestCancellationEndsThePauseBetweenAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{handler: emulatorAnswer(emulator.ThrottledWith("60"))}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(2*time.Second, cancel)
		start := time.Now()
		_, err := newClient(t, w).Customer(ctx, "one", Selection{})
		failure := failureOf(t, err, ErrCanceled)
		expectEqual(t, "the status of the last attempt", failure.Status, 429)
		closeTo(t, "the time it took", time.Since(start), 2*time.Second, 0)
		w.expect(t, 1)
	})
}

func TestDeadlineTellsTheLastFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{latency: latency, handler: emulatorAnswer(emulator.Status(503))}
		ctx, cancel := context.WithTimeout(t.Context(), 700*time.Millisecond)
		defer cancel()
		_, err := newClient(t, w).Customer(ctx, "one", Selection{})
		failure := failureOf(t, err, ErrTimeout)
		expectEqual(t, "the status of the last attempt", failure.Status, 503)
		if errors.Is(failure, ErrServer) {
			t.Error("the error is of two kinds")
		}
	})
}

func TestRedirectIsRefused(t *testing.T) {
	const nowhere = "a status 3xx without an address to go to is no answer to this request"
	for _, test := range []struct {
		status           int
		location, reason string
		class            Class
	}{
		{302, "https://evil.example.com/path?token=abc", "the server answered with a redirect to https://evil.example.com", ErrRedirect},
		{308, "https://user:pw@evil.example.com/", "the server answered with a redirect to https://evil.example.com", ErrRedirect},
		{307, "/elsewhere?email=john@example.com", "the server answered with a redirect", ErrRedirect},
		{302, "", nowhere, ErrNotJSON},
		{302, "http://[::1/john@example.com", nowhere, ErrNotJSON},
		{302, "about:blank", nowhere, ErrNotJSON},
		{304, "https://evil.example.com/", nowhere, ErrNotJSON},
	} {
		bubble(t, test.location, func(t *testing.T) {
			w := &wire{handler: emulatorAnswer(emulator.Redirect(test.status, test.location))}
			_, err := newClient(t, w).Customer(t.Context(), "one", Selection{})
			failure := failureOf(t, err, test.class)
			expectEqual(t, "the reason", failure.Reason, test.reason)
			w.expect(t, 1)
		})
	}
}
