package commercelayer

import (
	"bufio"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// goType matches the names of Go's types.
var goType = regexp.MustCompile(`\*?\b[a-z0-9]+\.[A-Za-z]*[eE]rr`)

// A cause is told in words. It never quotes the server, and never names a type
// of Go.
func TestCausesAreInWords(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	const gzipped = ok + "Content-Encoding: gzip\r\nContent-Length: 40\r\n\r\n\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
	for name, test := range map[string]struct{ answer, cause string }{
		"two lengths":          {ok + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "two Content-Length headers that contradict each other"},
		"no length":            {ok + "Content-Length: quoted\r\n\r\n{}", "the header Content-Length of the answer holds no length"},
		"empty length":         {ok + "Content-Length:\r\n\r\n{}", "the header Content-Length of the answer holds no length"},
		"no chunk":             {ok + "Transfer-Encoding: chunked\r\n\r\nquoted\r\n{}", "one of them is malformed"},
		"a chunk too long":     {ok + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}quoted\r\n", "one of them is malformed"},
		"a large chunk":        {ok + "Transfer-Encoding: chunked\r\n\r\n" + strings.Repeat("f", 17) + "\r\n{}", "one of them is malformed"},
		"an endless size":      {ok + "Transfer-Encoding: chunked\r\n\r\n" + strings.Repeat("0", 9000), "one of them is malformed"},
		"an unknown encoding":  {ok + "Transfer-Encoding: quoted\r\n\r\n{}", "a transfer encoding that was not asked for"},
		"two encodings":        {ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: quoted\r\n\r\n", "a transfer encoding that was not asked for"},
		"a malformed header":   {ok + "quoted\r\n\r\n{}", "a header of the answer is malformed"},
		"a large header":       {ok + "X: " + strings.Repeat("x", 300<<10) + "\r\n\r\n{}", "larger than 256 KiB"},
		"many headers":         {ok + strings.Repeat("X: quoted\r\n", 50<<10) + "\r\n{}", "larger than 256 KiB"},
		"no end of interim":    {strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: quoted\r\n\r\n", 20<<10), "larger than 256 KiB"},
		"no HTTP":              {"SSH-2.0-quoted\r\n\r\n", "the answer is not valid HTTP"},
		"no status":            {"HTTP/1.1 quoted\r\n\r\n", "the answer is not valid HTTP"},
		"no answer":            {"", "the other side closed the connection"},
		"half an answer":       {ok + "Content-Length: 100\r\n\r\n{", "the other side closed the connection"},
		"half a trailer":       {ok + "Transfer-Encoding: chunked\r\nTrailer: X\r\n\r\n2\r\n{}\r\n0\r\n", "the other side closed the connection"},
		"no gzip":              {ok + "Content-Encoding: gzip\r\nContent-Length: 12\r\n\r\nquotedquoted", notGzip},
		"gzip with a mistake":  {gzipped + strings.Repeat("\xff", 30), notGzip},
		"words of this table":  {"HTTP/1.1 first record does not look like a TLS handshake\r\n\r\n", "the answer is not valid HTTP"},
		"words of other table": {"tls: server selected unsupported protocol version\r\n\r\n", "the answer is not valid HTTP"},
	} {
		t.Run(name, func(t *testing.T) {
			host := connections(t, func(conn net.Conn) {
				if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
					_, _ = io.WriteString(conn, test.answer)
				}
			})
			_, err := realClient(t, "http://"+host).Customer(t.Context(), "one", Selection{})
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

func TestUnknownCauseIsOneSentence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		transport, _ := failing(errors.New("quoted"))
		_, err := newClient(t, transport).Customer(t.Context(), "one", Selection{})
		failure := failureOf(t, err, ErrConnection)
		expectEqual(t, "the cause", failure.Cause.Error(), "the network failed in a way that the provider does not know")
	})
}

// A server that wants a client certificate wants it each time. With TLS 1.3 it
// says so after the request was written.
func TestLastingRefusalOfTLSEndsTheReadWithItsMeaning(t *testing.T) {
	for name, test := range map[string]struct {
		change  func(*tls.Config)
		meaning string
	}{
		"certificate wanted, TLS 1.3": {func(c *tls.Config) { c.ClientAuth = tls.RequireAnyClientCert }, wantsCertificate},
		"certificate wanted, TLS 1.2": {func(c *tls.Config) { c.ClientAuth, c.MaxVersion = tls.RequireAnyClientCert, tls.VersionTLS12 }, "wants a client certificate"},
		"an old version":              {func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 }, "1.2 or 1.3"},
		"no common cipher": {func(c *tls.Config) {
			c.MaxVersion, c.CipherSuites = tls.VersionTLS12, []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA}
		}, "no cipher in common"},
	} {
		t.Run(name, func(t *testing.T) {
			server, transport := secured(t, http.NotFoundHandler(), nil)
			config := server.TLS.Clone()
			test.change(config)
			host := connections(t, func(conn net.Conn) {
				secure := tls.Server(conn, config)
				if secure.HandshakeContext(t.Context()) == nil {
					t.Error("the server accepted the connection")
				}
				_, _ = io.Copy(io.Discard, conn) // until the client has read the alert
			})
			_, err := realClient(t, "https://"+host, WithTransport(transport), WithMaxRetries(4)).Customer(t.Context(), "one", Selection{})
			failure := failureOf(t, err, ErrTLS)
			expectEqual(t, "the number of attempts", failure.Attempts, 1)
			if !strings.Contains(failure.Reason, test.meaning) || !strings.Contains(failure.Cause.Error(), "alert") {
				t.Errorf("the error is %v", failure)
			}
		})
	}
}

func TestAlertThatMayPassIsABrokenConnection(t *testing.T) {
	for _, alert := range []string{"internal error", "bad record MAC", "user canceled", "close notify"} {
		synctest.Test(t, func(t *testing.T) {
			transport, n := failing(&net.OpError{Op: "remote error", Err: errors.New("tls: " + alert)})
			_, err := newClient(t, transport, WithMaxRetries(2)).Customer(t.Context(), "one", Selection{})
			failure := failureOf(t, err, ErrConnection)
			expectEqual(t, "the cause", failure.Cause.Error(), "TLS: the server sent the alert: "+alert)
			expectEqual(t, "the number of requests", *n, 3)
		})
	}
}

func TestSOCKSProxyThatDoesNotConnectIsNamed(t *testing.T) {
	host := connections(t, func(conn net.Conn) {
		_, _ = io.ReadFull(conn, make([]byte, 3))
		_, _ = io.WriteString(conn, "\x05\x00")
		_, _ = io.ReadFull(conn, make([]byte, 5))
		_, _ = io.WriteString(conn, "\x05\x02\x00\x01\x00\x00\x00\x00\x00\x00") // not allowed by ruleset
	})
	transport := NewTransport()
	transport.Proxy = http.ProxyURL(&url.URL{Scheme: "socks5", Host: host})
	_, err := newClient(t, transport, WithMaxRetries(0)).Customer(t.Context(), "one", Selection{})
	failure := failureOf(t, err, ErrProxy)
	expectEqual(t, "the reason", failure.Reason, "the proxy "+host+" did not connect to the server")
	expectEqual(t, "the cause", failure.Cause.Error(), "the proxy refused to connect, or failed to")
}

// 421: the connection leads to a server that does not serve this host.
func TestMisdirectedRequestIsSentAgainOverANewConnection(t *testing.T) {
	var requests atomic.Int32
	e := emulator.New()
	addresses := make(chan string, 3)
	host := served(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		addresses <- r.RemoteAddr
		if requests.Add(1) == 2 {
			w.WriteHeader(http.StatusMisdirectedRequest)
			return
		}
		e.ServeHTTP(w, r)
	}))
	c := realClient(t, host, WithMaxRetries(1), WithRequestTimeout(time.Minute))
	for range 2 {
		if _, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{}); err != nil {
			t.Fatal(err)
		}
	}
	first, second, third := received(t, addresses), received(t, addresses), received(t, addresses)
	expectEqual(t, "whether the connection was kept", first == second, true)
	expectEqual(t, "whether it was given up", second != third, true)
}
