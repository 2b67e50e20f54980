package commercelayer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// secured serves over TLS, with HTTP/2 or without, and returns the URL and a
// transport that trusts the certificate. Connections go through wrap, if it is set.
func secured(t *testing.T, h http.Handler, http2 bool, wrap func(net.Conn) net.Conn) (string, *http.Transport) {
	t.Helper()
	server := httptest.NewUnstartedServer(h)
	server.EnableHTTP2 = http2
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	if wrap != nil {
		server.Listener = wrappingListener{server.Listener, wrap}
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	transport := newTransport()
	transport.TLSClientConfig = &tls.Config{RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12}
	transport.TLSClientConfig.RootCAs.AddCert(server.Certificate())
	if !http2 {
		transport.ForceAttemptHTTP2 = false
		transport.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
	}
	return server.URL, transport
}

type wrappingListener struct {
	net.Listener
	wrap func(net.Conn) net.Conn
}

func (l wrappingListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return l.wrap(conn), nil
}

// A connection whose other side has vanished takes no further attempt with it.
func TestAttemptAfterATimeoutGoesOverANewConnection(t *testing.T) {
	for name, http2 := range map[string]bool{"HTTP/1": false, "HTTP/2": true} {
		t.Run(name, func(t *testing.T) {
			e := emulator.New()
			var mu sync.Mutex
			vanished := map[string]bool{}
			addresses := map[string]bool{}
			handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				addresses[r.RemoteAddr] = true
				first := len(addresses) == 1
				if len(vanished) == 0 && len(e.Requests()) > 0 {
					vanished[r.RemoteAddr] = true
				}
				gone := vanished[r.RemoteAddr]
				mu.Unlock()
				if gone && first {
					<-r.Context().Done() // nothing comes over this connection any more
					return
				}
				e.ServeHTTP(w, r)
			})
			host, transport := secured(t, handler, http2, nil)
			c := realClient(t, host, WithTransport(transport), WithRequestTimeout(300*time.Millisecond), WithMaxRetries(2))
			for range 2 {
				if _, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{}); err != nil {
					t.Fatal(err)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			if len(addresses) != 2 {
				t.Errorf("%d connections were used, want 2", len(addresses))
			}
		})
	}
}

// damagedConn damages what it sends, once so many bytes have passed.
type damagedConn struct {
	net.Conn
	left int
	once *sync.Once
}

func (c *damagedConn) Write(p []byte) (int, error) {
	if c.left -= len(p); c.left < 0 {
		c.once.Do(func() {
			damaged := append([]byte{}, p...)
			damaged[len(damaged)-1] ^= 0xff
			p = damaged
		})
	}
	return c.Conn.Write(p)
}

// A damaged record is a connection that broke, after the token was sent.
func TestDamagedRecordIsABrokenConnectionAndRetried(t *testing.T) {
	for name, http2 := range map[string]bool{"HTTP/1": false, "HTTP/2": true} {
		t.Run(name, func(t *testing.T) {
			e := emulator.New()
			answer := emulator.Body(200, "", `{"data":{"id":"one","type":"customers","attributes":{"reference":"`+strings.Repeat("x", 100_000)+`"}}}`)
			e.Inject(emulator.Fault{Answer: answer})
			once := &sync.Once{}
			host, transport := secured(t, e, http2, func(conn net.Conn) net.Conn { return &damagedConn{conn, 50_000, once} })
			var events []Event
			c := realClient(t, host, WithTransport(transport), WithMaxRetries(1), observing(&events))
			if _, err := c.Customer(t.Context(), "one", Selection{}); err != nil {
				t.Fatal(err)
			}
			if len(events) != 2 {
				t.Fatalf("%d attempts, want 2", len(events))
			}
			expectKind(t, events[0].Err, ErrConnection)
		})
	}
}

func TestProxyThatFailsIsNamedWithoutItsPassword(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }))
	defer refusing.Close()
	wanting := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusProxyAuthRequired)
	}))
	defer wanting.Close()
	for name, test := range map[string]struct {
		proxy, reason string
		attempts      int
	}{
		"closed":                {closed.URL, "could not be reached", 2},
		"without a name server": {"http://proxy.invalid:3128", "could not be reached", 2},
		"refusing":              {refusing.URL, "refuses to connect", 1},
		"wanting a password":    {wanting.URL, "wants another user or password", 1},
	} {
		t.Run(name, func(t *testing.T) {
			proxy := parseURL(t, strings.Replace(test.proxy, "http://", "http://jane:pa55word@", 1))
			transport := newTransport()
			transport.Proxy = http.ProxyURL(proxy)
			_, err := newClient(t, transport, WithMaxRetries(1)).Customer(t.Context(), "one", Selection{})
			failure := failureOf(t, err, ErrProxy)
			if want := "the proxy " + proxy.Host; !strings.Contains(failure.Reason, want) || !strings.Contains(failure.Reason, test.reason) {
				t.Errorf("the reason is %q, want %q %s", failure.Reason, want, test.reason)
			}
			expectSecretless(t, failure, "pa55word", "jane")
			expectEqual(t, "the number of attempts", failure.Attempts, test.attempts)
		})
	}
}

// observing returns an option that keeps the events.
func observing(events *[]Event) Option {
	return WithObserver(func(_ context.Context, e Event) { *events = append(*events, e) })
}
