package commercelayer

import (
	"net/http"
	"time"
)

const (
	// idleConnections is enough for a plan with a high -parallelism.
	idleConnections = 32
	// idleTimeout is how long an idle connection is kept. After that time the
	// server, or a firewall in between, may have dropped it.
	idleTimeout = 10 * time.Second
	// maxHeaderBytes bounds the headers of an answer.
	maxHeaderBytes = 256 << 10
)

// NewTransport returns a transport that verifies TLS, takes proxies from the
// environment, and speaks HTTP/1.1. Over HTTP/2, net/http would send a request
// again and without end if the server says that it has not processed it.
func NewTransport() *http.Transport {
	protocols := &http.Protocols{}
	protocols.SetHTTP1(true)
	return &http.Transport{
		Protocols:              protocols,
		Proxy:                  http.ProxyFromEnvironment,
		OnProxyConnectResponse: checkProxy,
		MaxIdleConnsPerHost:    idleConnections,
		IdleConnTimeout:        idleTimeout,
		MaxResponseHeaderBytes: maxHeaderBytes,
		// Go would add an Accept-Encoding header, which the documentation does not
		// have.
		DisableCompression: true,
	}
}

// closeIdle closes the idle connections. After an attempt that broke, the
// others that are idle may lead nowhere either.
func closeIdle(t http.RoundTripper) {
	if t, ok := t.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}
