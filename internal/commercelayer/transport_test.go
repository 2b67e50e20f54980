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
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// secured starts a server with TLS and both versions of HTTP. It returns the
// server, and a transport that trusts its certificate. If wrap is set, it may
// change the connections.
func secured(t *testing.T, h http.Handler, wrap func(net.Conn) net.Conn) (*httptest.Server, *http.Transport) {
	t.Helper()
	server := httptest.NewUnstartedServer(h)
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	if wrap != nil {
		server.Listener = wrappingListener{server.Listener, wrap}
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server, trusting(server)
}

// trusting returns a transport that trusts the server's certificate.
func trusting(server *httptest.Server) *http.Transport {
	transport := NewTransport()
	transport.TLSClientConfig = &tls.Config{RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12}
	transport.TLSClientConfig.RootCAs.AddCert(server.Certificate())
	return transport
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

// A pipeListener accepts connections in the same process, so that they share
// the clock of a synctest bubble.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

func (l *pipeListener) dial(context.Context, string, string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case l.conns <- there:
		return here, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// If the other side of a connection has vanished, the next attempt uses another
// connection.
func TestAttemptAfterATimeoutGoesOverANewConnection(t *testing.T) { synctest.Test(t, loseAConnection) }

func loseAConnection(t *testing.T) {
	e := emulator.New()
	type number struct{}
	var connections, requests atomic.Int32
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests.Add(1) > 1 && r.Context().Value(number{}) == int32(1) {
			<-r.Context().Done() // the first connection sends nothing any more
			return
		}
		e.ServeHTTP(w, r)
	})
	listener := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := httptest.NewUnstartedServer(handler)
	_ = server.Listener.Close()
	server.Listener = listener
	server.Config.ConnContext = func(ctx context.Context, _ net.Conn) context.Context {
		return context.WithValue(ctx, number{}, connections.Add(1))
	}
	server.StartTLS()
	transport := trusting(server)
	transport.DialContext = listener.dial
	c := realClient(t, server.URL, WithTransport(transport), WithRequestTimeout(15*time.Second), WithMaxRetries(2))
	for range 2 {
		if _, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{}); err != nil {
			t.Error(err)
		}
	}
	expectEqual(t, "the number of connections", connections.Load(), 2)
	expectEqual(t, "the number of requests", requests.Load(), 3)
	transport.CloseIdleConnections()
	server.CloseClientConnections()
	server.Close()
}

// A damagedConn damages what it sends, after a number of bytes.
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

// A damaged TLS record breaks the connection after the token was sent.
func TestDamagedRecordIsABrokenConnectionAndRetried(t *testing.T) {
	e := emulator.New()
	answer := emulator.Body(200, "", `{"data":{"id":"one","type":"customers","attributes":{"reference":"`+strings.Repeat("x", 100_000)+`"}}}`)
	e.Inject(emulator.Fault{Answer: answer})
	once := &sync.Once{}
	server, transport := secured(t, e, func(conn net.Conn) net.Conn { return &damagedConn{conn, 50_000, once} })
	var events []Event
	c := realClient(t, server.URL, WithTransport(transport), WithMaxRetries(1), observing(&events))
	if _, err := c.Customer(t.Context(), "one", Selection{}); err != nil {
		t.Fatal(err)
	}
	if len(events) != 2 {
		t.Fatalf("%d attempts, want 2", len(events))
	}
	expectKind(t, events[0].Err, ErrConnection)
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
			transport := NewTransport()
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

// observing returns an option that records the events.
func observing(events *[]Event) Option {
	return WithObserver(func(_ context.Context, e Event) { *events = append(*events, e) })
}
