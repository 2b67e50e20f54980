package commercelayer

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// dialed returns the provider's own transport. Its connections lead to f, in the
// same process, whatever host is asked for.
func dialed(t testing.TB, f func(net.Conn)) *http.Transport {
	t.Helper()
	transport := NewTransport()
	transport.Proxy = nil
	transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		go func() {
			defer there.Close()
			f(there)
		}()
		return here, nil
	}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// answering serves one request of a connection.
func answering(answer string) func(net.Conn) {
	return func(conn net.Conn) {
		if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
			_, _ = io.WriteString(conn, answer)
		}
	}
}

// httpAnswer returns a whole HTTP response. The end of the connection ends its
// body.
func httpAnswer(status string, header []string, body string) string {
	return "HTTP/1.1 " + status + "\r\n" + strings.Join(header, "\r\n") + "\r\n\r\n" + body
}

// over returns a client with a transport to a host of this machine.
func over(t testing.TB, host string, transport *http.Transport, options ...Option) *Client {
	t.Helper()
	return newClient(t, transport, append([]Option{WithDomain(parseURL(t, host)), WithMaxRetries(0)}, options...)...)
}

const (
	plainHost  = "http://127.0.0.1:1"
	secureHost = "https://127.0.0.1:1"
)

// withPlainCredentials makes a client request its token from plainHost.
func withPlainCredentials(t testing.TB, secret string) Option {
	t.Helper()
	return withCredentials(t, func(c *ClientCredentials) {
		c.Secret, c.Endpoint = secret, parseURL(t, plainHost+"/oauth/token")
	})
}

// goType matches the names of Go's types.
var goType = regexp.MustCompile(`\*?\b[a-z0-9]+\.[A-Za-z]*[eE]rr`)

// A cause is told in words. It never quotes the server, and never names a type
// of Go.
func TestCausesAreInWords(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	const chunked = ok + "Transfer-Encoding: chunked\r\n"
	const gzipped = ok + "Content-Encoding: gzip\r\nContent-Length: 40\r\n\r\n\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
	const malformedChunk, closed, invalid = "one of them is malformed", "the other side closed", "is not valid HTTP"
	for name, test := range map[string]struct{ answer, cause string }{
		"two lengths":         {ok + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "that contradict each other"},
		"no length":           {ok + "Content-Length: quoted\r\n\r\n{}", invalid},
		"empty length":        {ok + "Content-Length:\r\n\r\n{}", invalid},
		"no chunk":            {chunked + "\r\nquoted\r\n{}", malformedChunk},
		"a chunk too long":    {chunked + "\r\n2\r\n{}quoted\r\n", malformedChunk},
		"a large chunk":       {chunked + "\r\n" + strings.Repeat("f", 17) + "\r\n{}", malformedChunk},
		"an endless size":     {chunked + "\r\n" + strings.Repeat("0", 9000), malformedChunk},
		"an unknown encoding": {ok + "Transfer-Encoding: quoted\r\n\r\n{}", invalid},
		"two encodings":       {chunked + "Transfer-Encoding: quoted\r\n\r\n", invalid},
		"a malformed header":  {ok + "quoted\r\n\r\n{}", invalid},
		"a large header":      {ok + "X: " + strings.Repeat("x", 300<<10) + "\r\n\r\n{}", "larger than 256 KiB"},
		"no end of interim": {strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: quoted\r\n\r\n", 20<<10),
			"larger than 256 KiB"},
		"no HTTP":             {"SSH-2.0-quoted\r\n\r\n", invalid},
		"no status":           {"HTTP/1.1 quoted\r\n\r\n", invalid},
		"no answer":           {"", closed},
		"half an answer":      {ok + "Content-Length: 100\r\n\r\n{", closed},
		"half a trailer":      {chunked + "Trailer: X\r\n\r\n2\r\n{}\r\n0\r\n", closed},
		"no gzip":             {ok + "Content-Encoding: gzip\r\nContent-Length: 12\r\n\r\nquotedquoted", notGzip},
		"gzip with a mistake": {gzipped + strings.Repeat("\xff", 30), notGzip},
		// The words of the tables must be the library's own.
		"a word of TLS":    {"HTTP/1.1 first record does not look like a TLS handshake\r\n\r\n", invalid},
		"a version of TLS": {"tls: server selected unsupported protocol version\r\n\r\n", invalid},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := over(t, plainHost, dialed(t, answering(test.answer))).Customer(t.Context(), "one", Selection{})
			failure := failureOf(t, err, ErrConnection)
			if failure.Cause == nil || !strings.Contains(failure.Cause.Error(), test.cause) {
				t.Errorf("the cause is %v", failure.Cause)
			}
			if text := failure.Error(); strings.Contains(text, "quoted") || goType.MatchString(text) {
				t.Errorf("the error is %s", text)
			}
		})
	}
}

// After a 101, net/http no longer ends the request with its context.
func TestSwitchToAnotherProtocolIsNotWaitedFor(t *testing.T) {
	transport := dialed(t, func(conn net.Conn) {
		answering("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n")(conn)
		_, _ = io.Copy(io.Discard, conn) // until the client closes the connection
	})
	for name, options := range map[string][]Option{"the API": nil, "the token endpoint": {withPlainCredentials(t, "s")}} {
		_, err := over(t, plainHost, transport, options...).Customer(t.Context(), "one", Selection{})
		failure := failureOf(t, err, ErrMalformed)
		expectEqual(t, "the status of "+name, failure.Status, http.StatusSwitchingProtocols)
	}
}

// certified returns what a server with TLS needs, and the pool that has its
// authority.
func certified(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	server := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	return server.TLS.Clone(), pool
}

// trusting makes a transport trust the authorities of a pool.
func trusting(transport *http.Transport, pool *x509.CertPool) *http.Transport {
	transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	return transport
}

// A server that wants a client certificate wants it each time. With TLS 1.3 it
// says so after the request was written.
func TestLastingRefusalOfTLSEndsTheReadWithItsMeaning(t *testing.T) {
	for name, test := range map[string]struct {
		change  func(*tls.Config)
		meaning string
	}{
		"certificate wanted, TLS 1.3": {func(c *tls.Config) { c.ClientAuth = tls.RequireAnyClientCert }, "certificate"},
		"an old version":              {func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 }, "1.3"},
		"no common cipher": {func(c *tls.Config) {
			c.MaxVersion, c.CipherSuites = tls.VersionTLS12, []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA}
		}, "no cipher in common"},
	} {
		t.Run(name, func(t *testing.T) {
			config, pool := certified(t)
			test.change(config)
			transport := trusting(dialed(t, func(conn net.Conn) {
				if tls.Server(conn, config).HandshakeContext(t.Context()) == nil {
					t.Error("the server accepted the connection")
				}
				_, _ = io.Copy(io.Discard, conn) // until the client has read the alert
			}), pool)
			_, err := over(t, secureHost, transport, WithMaxRetries(4)).Customer(t.Context(), "one", Selection{})
			failure := failureOf(t, err, ErrTLS)
			expectEqual(t, "the number of attempts", failure.Attempts, 1)
			if !strings.Contains(failure.Reason, test.meaning) || !strings.Contains(failure.Cause.Error(), "alert") {
				t.Errorf("the error is %v", failure)
			}
		})
	}
}

// A server that is trusted is spoken to over HTTP/1.1, even if it offers HTTP/2.
// There, net/http would by itself send a request again and without end if the
// server says that it has not processed it.
func TestNothingIsSentToAServerThatIsNotTrusted(t *testing.T) {
	config, pool := certified(t)
	config.NextProtos = []string{"h2", "http/1.1"}
	var requests atomic.Int32
	secure := func(conn net.Conn) {
		secure := tls.Server(conn, config)
		if _, err := http.ReadRequest(bufio.NewReader(secure)); err == nil {
			requests.Add(1)
			_, _ = io.WriteString(secure, httpAnswer("404 Not Found", nil, ""))
		}
	}
	_, err := over(t, secureHost, dialed(t, secure), WithMaxRetries(4)).Customer(t.Context(), "one", Selection{})
	expectEqual(t, "the number of attempts", failureOf(t, err, ErrTLS).Attempts, 1)
	expectEqual(t, "the number of requests", requests.Load(), 0)
	_, err = over(t, secureHost, trusting(dialed(t, secure), pool)).Customer(t.Context(), "one", Selection{})
	expectKind(t, err, ErrNotFound)
}

// If the other side of a connection has vanished, or does not serve this host,
// the next attempt uses another connection. It is our attempt, which has its
// reservation and its pause, and not one that net/http makes by itself.
func TestNextAttemptGoesOverANewConnection(t *testing.T) {
	document := emulator.SeedDocument()
	found := httpAnswer("200 OK", []string{hostileJSON, fmt.Sprint("Content-Length: ", len(document))}, string(document))
	write := func(answer string) func(net.Conn) {
		return func(conn net.Conn) { _, _ = io.WriteString(conn, answer) }
	}
	for name, second := range map[string]func(net.Conn){
		"vanished": func(net.Conn) {}, "closed": func(conn net.Conn) { conn.Close() },
		"421": write(httpAnswer("421 Misdirected Request", []string{"Content-Length: 0"}, "")),
	} {
		bubble(t, name, func(t *testing.T) {
			var connections, requests atomic.Int32
			transport := dialed(t, func(conn net.Conn) {
				connections.Add(1)
				for in := bufio.NewReader(conn); ; {
					if _, err := http.ReadRequest(in); err != nil {
						return
					}
					serve := write(found)
					if requests.Add(1) == 2 {
						serve = second
					}
					serve(conn)
				}
			})
			attempts := 0
			observe := WithObserver(func(context.Context, Event) { attempts++ })
			c := over(t, plainHost, transport, WithMaxRetries(1), observe)
			expectSeed(t, c)
			expectEqual(t, "the number of connections at first", connections.Load(), 1)
			expectSeed(t, c)
			expectEqual(t, "the number of attempts", attempts, 3)
			expectEqual(t, "the number of connections", connections.Load(), 2)
			expectEqual(t, "the number of requests", requests.Load(), 3)
		})
	}
}

// What keeps net/http from sending a request again is not seen on the wire.
func TestRequestIsWrittenAsDocumented(t *testing.T) {
	written := ""
	transport := dialed(t, func(conn net.Conn) {
		for in := bufio.NewReader(conn); !strings.HasSuffix(written, "\r\n\r\n"); {
			line, err := in.ReadString('\n')
			if err != nil {
				return
			}
			written += line
		}
	})
	_, err := over(t, plainHost, transport).Customer(t.Context(), "one", Selection{})
	expectKind(t, err, ErrConnection)
	expectEqual(t, "the request", written, "GET /api/customers/one HTTP/1.1\r\nHost: 127.0.0.1:1\r\n"+
		"User-Agent: test/1\r\nAccept: application/vnd.api+json\r\nAuthorization: Bearer "+emulator.DefaultToken+"\r\n\r\n")
}

func TestProxyThatFailsIsNamedWithoutItsPassword(t *testing.T) {
	gone := dialed(t, nil)
	gone.DialContext = func(context.Context, string, string) (net.Conn, error) { return nil, syscall.ECONNREFUSED }
	socks := dialed(t, func(conn net.Conn) {
		_, _ = conn.Read(make([]byte, 100))
		_, _ = io.WriteString(conn, "\x05\x00")
		_, _ = conn.Read(make([]byte, 100))
		_, _ = io.WriteString(conn, "\x05\x02\x00\x01\x00\x00\x00\x00\x00\x00") // not allowed by ruleset
	})
	refusing := func(status string) *http.Transport { return dialed(t, answering(httpAnswer(status, nil, ""))) }
	unknown := dialed(t, nil)
	unknown.DialContext = func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.DNSError{Name: "proxy", IsNotFound: true}
	}
	plain := dialed(t, func(conn net.Conn) {
		_, _ = conn.Read(make([]byte, 1<<14))
		_, _ = io.WriteString(conn, httpAnswer("400 Bad Request", nil, ""))
	})
	config, pool := certified(t)
	secure := func(config *tls.Config) *http.Transport {
		return dialed(t, func(conn net.Conn) {
			_, _ = io.Copy(io.Discard, tls.Server(conn, config))
			_, _ = io.Copy(io.Discard, conn) // until the client has read the alert
		})
	}
	old := config.Clone()
	old.MinVersion, old.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	const unconnected = "did not connect to the server"
	for name, test := range map[string]struct {
		transport *http.Transport
		scheme    string
		attempts  int
		reason    string
	}{
		"gone":        {gone, "http", 2, "could not be reached"},
		"unknown":     {unknown, "http", 1, "could not be found"},
		"403":         {refusing("403 Forbidden"), "http", 1, "refuses to connect"},
		"502":         {refusing("502 Bad Gateway"), "http", 2, "could not connect"},
		"407":         {refusing("407 Proxy Authentication Required"), "http", 1, "wants another user or password"},
		"SOCKS":       {socks, "socks5", 2, unconnected},
		"no HTTP":     {dialed(t, answering("SSH-2.0-quoted\r\n\r\n")), "http", 2, unconnected},
		"hangs up":    {dialed(t, answering("")), "http", 2, unconnected},
		"no TLS":      {plain, "https", 1, "does not speak TLS"},
		"not trusted": {secure(config), "https", 1, "has a certificate that is not trusted"},
		"old":         {trusting(secure(old), pool), "https", 1, "refuses the TLS connection"},
	} {
		bubble(t, name, func(t *testing.T) {
			test.transport.Proxy = http.ProxyURL(parseURL(t, test.scheme+"://jane:pa55word@proxy:3128"))
			_, err := newClient(t, test.transport, WithMaxRetries(1)).Customer(t.Context(), "one", Selection{})
			failure := failureOf(t, err, ErrProxy)
			expectEqual(t, "the reason", failure.Reason, "the proxy proxy:3128 "+test.reason)
			expectSecretless(t, failure, "pa55word", "jane")
			expectEqual(t, "the number of attempts", failure.Attempts, test.attempts)
		})
	}
}

// A proxy that has connected is not to blame for what the server then does.
func TestServerBehindAProxyFailsByItself(t *testing.T) {
	for name, test := range map[string]struct {
		answer string
		class  Class
	}{"hangs up": {"", ErrConnection}, "no TLS": {"SSH-2.0-x\r\n\r\n", ErrTLS}} {
		t.Run(name, func(t *testing.T) {
			transport := dialed(t, func(conn net.Conn) {
				answering(httpAnswer("200 OK", nil, ""))(conn)
				_, _ = conn.Read(make([]byte, 1<<14))
				_, _ = io.WriteString(conn, test.answer)
			})
			transport.Proxy = http.ProxyURL(parseURL(t, "http://proxy:3128"))
			_, err := newClient(t, transport, WithMaxRetries(0)).Customer(t.Context(), "one", Selection{})
			expectKind(t, err, test.class)
		})
	}
}
