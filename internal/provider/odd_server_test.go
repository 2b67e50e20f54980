package provider

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// An oddServer answers requests with bytes that need not be HTTP.
type oddServer struct {
	// url is where it is.
	url string

	mu       sync.Mutex
	requests int
}

// startOddServer starts a server on a TCP port. The function gives the bytes of
// each answer. The connection stays open after it, unless the answer says
// "Connection: close" or has no header.
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
			_ = c.(net.Conn).Close() //nolint:errcheck // nothing else is in there
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

// asked counts the requests.
func (s *oddServer) asked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

// plainAnswer is an answer as it should be, with further lines of the header.
func plainAnswer(status int, body string, header ...string) string {
	lines := append([]string{
		fmt.Sprintf("HTTP/1.1 %d %s", status, http.StatusText(status)), "Content-Type: application/vnd.api+json",
		fmt.Sprintf("Content-Length: %d", len(body)),
	}, header...)
	return strings.Join(lines, "\r\n") + "\r\n\r\n" + body
}
