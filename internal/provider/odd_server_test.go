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

// startOddServer starts a server that answers with any bytes, valid HTTP or not.
// The function returns the bytes of each answer. The result is the URL. After an answer the connection stays open, unless the answer
// has "Connection: close" or no header.
func startOddServer(t *testing.T, answer func(*http.Request) string) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
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
	return "http://" + listener.Addr().String()
}

// plainAnswer returns a valid HTTP answer.
func plainAnswer(body string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.api+json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}
