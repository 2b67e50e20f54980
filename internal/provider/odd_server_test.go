package provider

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// An oddServer answers requests with any bytes, valid HTTP or not.
type oddServer struct {
	// url is the address of the server.
	url string

	mu       sync.Mutex
	requests int
}

// startOddServer starts a server on a TCP port. The function returns the bytes
// of each answer. After an answer the connection stays open, unless the answer
// has "Connection: close" or no header.
func startOddServer(t *testing.T, answer func(*http.Request) string) *oddServer {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &oddServer{url: "http://" + listener.Addr().String()}
	var serving sync.WaitGroup
	var open sync.Map
	t.Cleanup(func() {
		_ = listener.Close()
		open.Range(func(c, _ any) bool {
			_ = c.(net.Conn).Close() //nolint:errcheck // the map has only connections
			return true
		})
		serving.Wait()
	})
	serving.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			open.Store(c, nil)
			serving.Go(func() {
				defer c.Close()
				for requests := bufio.NewReader(c); ; {
					r, err := http.ReadRequest(requests)
					if err != nil {
						return
					}
					s.mu.Lock()
					s.requests++
					s.mu.Unlock()
					_, _ = io.Copy(io.Discard, r.Body)
					text := answer(r)
					if _, err := c.Write([]byte(text)); err != nil || !strings.HasPrefix(text, "HTTP/1.1 ") ||
						strings.Contains(text, "Connection: close") {
						return
					}
				}
			})
		}
	})
	return s
}

// asked returns the number of requests.
func (s *oddServer) asked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

// plainAnswer returns a valid HTTP answer with further header lines.
func plainAnswer(status int, body string, header ...string) string {
	lines := append([]string{
		fmt.Sprintf("HTTP/1.1 %d %s", status, http.StatusText(status)), "Content-Type: application/vnd.api+json",
		fmt.Sprintf("Content-Length: %d", len(body)),
	}, header...)
	return strings.Join(lines, "\r\n") + "\r\n\r\n" + body
}
