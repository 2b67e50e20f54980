package commercelayer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// Each row is an error of net/http, or of what is below it. The texts are the
// client's own.
func TestNetworkErrors(t *testing.T) {
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	refused := &net.OpError{
		Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 443}, Err: syscall.ECONNREFUSED,
	}
	unresolved := func(e net.DNSError) error { e.Name = "acme.commercelayer.io"; return dial(&e) }
	alert := func(from, text string) error { return &net.OpError{Op: from, Err: errors.New("tls: " + text)} }
	untrusted := func(err error) error { return &tls.CertificateVerificationError{Err: err} }
	invalid := func(reason x509.InvalidReason) error { return x509.CertificateInvalidError{Reason: reason} }
	for name, test := range map[string]struct {
		err   error
		class Class
		tries int // with two retries
		text  string
	}{
		"unknown":                  {errors.New("quoted"), ErrConnection, 3, "in a way that the provider does not know"},
		"name server out of reach": {unresolved(net.DNSError{IsTimeout: true}), ErrDNS, 3, "did not answer in time"},
		"name server that fails":   {unresolved(net.DNSError{}), ErrDNS, 3, "the name server failed"},
		"no such host":             {unresolved(net.DNSError{IsNotFound: true}), ErrDNS, 1, "no such host"},
		"dial timeout":             {dial(context.DeadlineExceeded), ErrTimeout, 3, "dial tcp: timed out"},
		"handshake timeout":        {slowHandshakeError{}, ErrTimeout, 3, "timed out"},
		"certificate":              {untrusted(x509.UnknownAuthorityError{}), ErrTLS, 1, "authority"},
		"certificate in doubt":     {untrusted(errors.New("?")), ErrTLS, 1, "be verified"},
		"host name":                {x509.HostnameError{}, ErrTLS, 1, "this host name"},
		"expired certificate":      {invalid(x509.Expired), ErrTLS, 1, "has expired"},
		"wrong use of certificate": {invalid(x509.IncompatibleUsage), ErrTLS, 1, "certificate is not valid"},
		"no trusted certificates":  {x509.SystemRootsError{}, ErrTLS, 1, "can't be read"},
		"no TLS":                   {tls.RecordHeaderError{Msg: "first record is not TLS"}, ErrTLS, 1, "it does not speak TLS"},
		"plain HTTP":               {http.ErrSchemeMismatch, ErrTLS, 1, "it does not speak TLS"},
		"old version of TLS":       {errors.New("tls: server selected unsupported protocol version"), ErrTLS, 1, "1.3"},
		"broken rules of TLS":      {errors.New("tls: incorrect Finished message"), ErrConnection, 3, "the rules of TLS"},
		"header of a record":       {tls.RecordHeaderError{Msg: "oversized record"}, ErrConnection, 3, "the rules of TLS"},
		"damaged record":           {alert("local error", "bad record MAC"), ErrConnection, 3, "given up: bad record MAC"},
		"alert that lasts":         {alert("remote error", "handshake failure"), ErrTLS, 1, "alert: handshake"},
		"alert that may pass":      {alert("remote error", "internal error"), ErrConnection, 3, "alert: internal"},
		"connection refused":       {refused, ErrConnection, 3, "dial tcp 127.0.0.1:443: connection refused"},
		"connection that is idle":  {errors.New("http: server closed idle connection"), ErrConnection, 3, "unexpected EOF"},
		"connection that is gone":  {dial(net.ErrClosed), ErrConnection, 3, "the connection was closed"},
	} {
		bubble(t, name, func(t *testing.T) {
			w := &wire{answer: func(*http.Request) (*http.Response, error) { return nil, test.err }}
			_, err := newClient(t, w, WithMaxRetries(2)).Customer(t.Context(), "one", Selection{})
			failure := failureOf(t, err, test.class)
			w.expect(t, test.tries)
			expectEqual(t, "the number of attempts told", failure.Attempts, test.tries)
			if text := failure.Error(); !strings.Contains(text, test.text) || strings.Contains(text, "quoted") {
				t.Errorf("the error is %q, want %q in it", text, test.text)
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
		last := func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("X-Request-Id", "last-request")
			rw.WriteHeader(http.StatusBadGateway)
		}
		w := &wire{latency: 100 * time.Millisecond, handler: inTurn(emulator.Throttled(), cut, last)}
		c := newClient(t, w, WithMaxRetries(3))
		start := time.Now()
		_, err := c.Customer(t.Context(), "one", Selection{})
		failure := failureOf(t, err, ErrServer)
		expectEqual(t, "the request", failure.Method+" "+failure.Host+failure.Path,
			"GET yourdomain.commercelayer.io/api/customers/one")
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

func TestPauseGrowsWithinItsBounds(t *testing.T) {
	after := func(limited bool, retryAfter string) time.Duration {
		return pause(1, limited, &answer{header: http.Header{"Retry-After": {retryAfter}}})
	}
	// Processes that failed together do not all come back together.
	seen := map[time.Duration]bool{}
	for range 200 {
		for n, seconds := range []float64{0.5, 1, 2, 4, 8, 10, 10, 10} {
			if n == 7 {
				n = 1_000_000
			}
			most := time.Duration(seconds * float64(time.Second))
			d := pause(n+1, false, nil)
			if d < most/2 || d > most {
				t.Fatalf("the pause after failure %d is %s, want %s to %s", n+1, d, most/2, most)
			}
			seen[d.Round(time.Millisecond)] = true
		}
	}
	if len(seen) < 500 {
		t.Errorf("1,600 pauses have %d values", len(seen))
	}
	expectEqual(t, "the pause after Retry-After: 7", after(false, "7"), 7*time.Second)
	expectEqual(t, "the pause after Retry-After: 9999", after(false, "9999"), time.Minute)
	if d := after(false, "0"); d < pauseMin/2 {
		t.Errorf("the pause after Retry-After: 0 is %s", d)
	}
	if d := after(true, "0"); d < time.Second {
		t.Errorf("the pause after a refusal of the token endpoint is %s", d)
	}
}
