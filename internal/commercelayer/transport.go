package commercelayer

import (
	"net/http"
	"sync"
	"time"
)

const (
	// idleConnections is enough for a plan with a high -parallelism.
	idleConnections = 32
	// idleTimeout is how long an idle connection is kept. After that time the
	// server, or a firewall in between, may have dropped it.
	idleTimeout = 10 * time.Second
	// pingAfter is how long nothing may arrive on an HTTP/2 connection while an
	// answer is expected. Then a ping is sent. pingTimeout is how long the reply
	// to the ping may take.
	pingAfter   = 5 * time.Second
	pingTimeout = 5 * time.Second
	// maxHeaderBytes bounds the headers of an answer.
	maxHeaderBytes = 256 << 10
)

// A transport sends requests over connections that are thought to work. In
// HTTP/2 all requests share one connection. If the other side of it has
// vanished, every further attempt would fail, too. So after an attempt that
// broke off or timed out, the next one uses a new connection.
type transport struct {
	mu      sync.Mutex
	current http.RoundTripper
}

func newTransport() *http.Transport {
	// The default transport verifies TLS and takes proxies from the environment.
	t := http.DefaultTransport.(*http.Transport).Clone() //nolint:errcheck,forcetypeassert // documented type
	t.MaxIdleConnsPerHost = idleConnections
	t.IdleConnTimeout = idleTimeout
	t.HTTP2 = &http.HTTP2Config{SendPingTimeout: pingAfter, PingTimeout: pingTimeout}
	t.MaxResponseHeaderBytes = maxHeaderBytes
	t.OnProxyConnectResponse = checkProxy
	// Go would add an Accept-Encoding header, which the documentation does not
	// have.
	t.DisableCompression = true
	return t
}

// send sends one request. It also returns the RoundTripper that sent it, which
// the caller passes to distrust if the attempt breaks. It does not follow
// redirects, since a RoundTripper never does.
func (t *transport) send(req *http.Request) (*http.Response, http.RoundTripper, error) {
	t.mu.Lock()
	used := t.current
	t.mu.Unlock()
	resp, err := used.RoundTrip(req)
	return resp, used, err
}

// distrust makes later requests use new connections. It does nothing if another
// caller has done so already. Requests that are under way keep their
// connections.
func (t *transport) distrust(used http.RoundTripper) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if pooled, ok := used.(*http.Transport); ok && t.current == used {
		t.current = pooled.Clone()
		pooled.CloseIdleConnections()
	}
}

// close closes the idle connections.
func (t *transport) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if closer, ok := t.current.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}
