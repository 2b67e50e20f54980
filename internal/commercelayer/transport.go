package commercelayer

import (
	"net/http"
	"sync"
	"time"
)

const (
	// idleConnections covers a plan with a high -parallelism.
	idleConnections = 32
	// idleTimeout is how long a connection is trusted that nothing was sent over.
	// A peer, or a firewall on the way, may have forgotten it after that.
	idleTimeout = 10 * time.Second
	// pingAfter is how long an HTTP/2 connection may be silent while an answer is
	// awaited before it is asked whether it still lives, and pingTimeout how long
	// its answer to that may take.
	pingAfter   = 5 * time.Second
	pingTimeout = 5 * time.Second
	// maxHeaderBytes bounds the header of an answer.
	maxHeaderBytes = 256 << 10
)

// A transport sends requests over connections that are thought to work. After an
// attempt that broke or timed out, the next one goes over a new connection: in
// HTTP/2 all requests share one, and one whose other side has vanished would take
// every further attempt with it.
type transport struct {
	mu      sync.Mutex
	current http.RoundTripper
}

func newTransport() *http.Transport {
	// The standard one verifies TLS and asks the environment for proxies.
	t := http.DefaultTransport.(*http.Transport).Clone() //nolint:errcheck,forcetypeassert // documented to be one
	t.MaxIdleConnsPerHost = idleConnections
	t.IdleConnTimeout = idleTimeout
	t.HTTP2 = &http.HTTP2Config{SendPingTimeout: pingAfter, PingTimeout: pingTimeout}
	t.MaxResponseHeaderBytes = maxHeaderBytes
	t.OnProxyConnectResponse = checkProxy
	// The request is the documented one, without headers added by the library.
	t.DisableCompression = true
	return t
}

// send sends one request. It also returns what the request was sent with, for
// distrust. Redirects are not followed: a transport never does.
func (t *transport) send(req *http.Request) (*http.Response, http.RoundTripper, error) {
	t.mu.Lock()
	used := t.current
	t.mu.Unlock()
	resp, err := used.RoundTrip(req)
	return resp, used, err
}

// distrust makes later requests go over new connections, unless that has happened
// since. Requests under way keep theirs.
func (t *transport) distrust(used http.RoundTripper) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if pooled, ok := used.(*http.Transport); ok && t.current == used {
		t.current = pooled.Clone()
		pooled.CloseIdleConnections()
	}
}

// close closes the connections that are idle.
func (t *transport) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if closer, ok := t.current.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}
