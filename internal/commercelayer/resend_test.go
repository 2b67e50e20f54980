package commercelayer

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// connections serves each connection of a listener with f, and returns the
// listener's address.
func connections(t *testing.T, f func(net.Conn)) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				f(conn)
			}()
		}
	}()
	return listener.Addr().String()
}

// refuse reads one request from a TLS connection, and closes the connection
// without an answer. It returns how many requests came. Over HTTP/2 it says
// first that no request was processed, so that a client may send them again.
func refuse(ctx context.Context, conn *tls.Conn) int32 {
	if conn.HandshakeContext(ctx) != nil {
		return 0
	}
	in := bufio.NewReader(conn)
	if conn.ConnectionState().NegotiatedProtocol != "h2" {
		if _, err := http.ReadRequest(in); err != nil {
			return 0
		}
		return 1
	}
	const preface, frameHeader, typeHeaders = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 9, 1
	const settings, goAway = "\x00\x00\x00\x04\x00\x00\x00\x00\x00", "\x00\x00\x08\x07\x00\x00\x00\x00\x00"
	_, _ = in.Discard(len(preface))
	_, _ = io.WriteString(conn, settings)
	for frame := make([]byte, frameHeader); ; {
		if _, err := io.ReadFull(in, frame); err != nil {
			return 0
		}
		_, _ = in.Discard(int(frame[0])<<16 | int(frame[1])<<8 | int(frame[2]))
		if frame[3] == typeHeaders {
			_, _ = io.WriteString(conn, goAway+strings.Repeat("\x00", 8))
			return 1
		}
	}
}

// Each request is one of our attempts, which has its reservation, its pause and
// its bound. Over HTTP/2, net/http would send thousands by itself.
func TestRequestThatIsNotProcessedIsSentAgainByOurAttemptsOnly(t *testing.T) {
	server, transport := secured(t, http.NotFoundHandler(), nil)
	var requests atomic.Int32
	address := connections(t, func(conn net.Conn) { requests.Add(refuse(t.Context(), tls.Server(conn, server.TLS))) })
	c := realClient(t, "https://"+address, WithTransport(transport), WithMaxRetries(1))
	_, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{})
	failure := failureOf(t, err, ErrConnection)
	expectEqual(t, "the number of attempts", failure.Attempts, 2)
	expectEqual(t, "the number of requests", requests.Load(), 2)
}

// A server may close each connection at its second request. net/http by itself
// would send the request again over every connection that it has kept.
func TestRequestOnAConnectionThatWasKeptIsNotSentAgainByNetHTTP(t *testing.T) {
	const kept = 5
	var requests atomic.Int32
	var together sync.WaitGroup
	together.Add(kept)
	address := connections(t, func(conn net.Conn) {
		in := bufio.NewReader(conn)
		if _, err := http.ReadRequest(in); err != nil {
			return
		}
		requests.Add(1)
		together.Done()
		together.Wait()
		_, _ = io.WriteString(conn, "HTTP/1.1 204 No Content\r\n\r\n")
		if _, err := http.ReadRequest(in); err == nil {
			requests.Add(1)
		}
	})
	transport := NewTransport()
	defer transport.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	send := func() error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/", http.NoBody)
		if err != nil {
			return err
		}
		resp, err := transport.RoundTrip(sendOnce(req))
		if err != nil {
			return err
		}
		return resp.Body.Close()
	}
	var readers sync.WaitGroup
	for range kept {
		readers.Go(func() {
			if err := send(); err != nil {
				t.Error(err)
			}
		})
	}
	readers.Wait()
	if send() == nil {
		t.Error("the connection did not break")
	}
	expectEqual(t, "the number of requests", requests.Load(), kept+1)
}

// What keeps net/http from sending a request again is not seen on the wire.
func TestRequestIsWrittenAsDocumented(t *testing.T) {
	written := make(chan string, 1)
	host := connections(t, func(conn net.Conn) {
		var text strings.Builder
		for in := bufio.NewReader(conn); ; {
			line, err := in.ReadString('\n')
			text.WriteString(line)
			if err != nil || line == "\r\n" {
				break
			}
		}
		written <- text.String()
	})
	c := realClient(t, "http://"+host, WithUserAgent("test/1"))
	_, err := c.Customer(t.Context(), "one", Selection{})
	expectKind(t, err, ErrConnection)
	expectEqual(t, "the request", received(t, written), "GET /api/customers/one HTTP/1.1\r\nHost: "+host+"\r\nUser-Agent: test/1\r\n"+
		"Accept: application/vnd.api+json\r\nAuthorization: Bearer "+emulator.DefaultToken+"\r\n\r\n")
}
