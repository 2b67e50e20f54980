package emulator

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Request is one request as the emulator received it, and how it was answered.
type Request struct {
	Time       time.Time   // of its arrival
	Method     string      // the HTTP method
	Path       string      // the path as escaped on the wire
	RawQuery   string      // the query as encoded on the wire
	Header     http.Header // the headers as received
	Form       url.Values  // the body's parameters with secrets, for token endpoints only
	Status     int         // the status sent, 0 until headers are sent
	RemoteAddr string      // the client's address and port
	Fault      string      // the name of the last fault that hit the request
}

// Query returns the decoded query parameters.
func (r Request) Query() url.Values {
	q, _ := url.ParseQuery(r.RawQuery)
	return q
}

// requestLog holds the last requests in order of arrival. An emulator may serve
// for days, so the log forgets the oldest ones when it gets too large.
type requestLog struct {
	mu        sync.Mutex
	entries   []*Request
	size      int // of all entries, in bytes
	forgotten int
}

// mostLogged is how many bytes the log may hold. No test sends that much.
const mostLogged = 32 << 20

// size is about how much memory an entry takes.
func (r *Request) size() int {
	n := 1024 + len(r.Path) + len(r.RawQuery)
	for _, values := range []map[string][]string{r.Header, r.Form} {
		for key, list := range values {
			n += 64 + len(key)
			for _, value := range list {
				n += 16 + len(value)
			}
		}
	}
	return n
}

func (l *requestLog) add(r *http.Request) *Request {
	entry := &Request{
		Time:       time.Now(),
		Method:     r.Method,
		Path:       r.URL.EscapedPath(),
		RawQuery:   r.URL.RawQuery,
		Header:     r.Header.Clone(),
		RemoteAddr: r.RemoteAddr,
	}
	if strings.HasPrefix(entry.Path, "/oauth/") {
		entry.Form = readForm(r)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = append(l.entries, entry)
	for l.size += entry.size(); l.size > mostLogged; l.forgotten++ {
		l.size -= l.entries[0].size()
		l.entries[0], l.entries = nil, l.entries[1:]
	}
	return entry
}

func (l *requestLog) setStatus(entry *Request, status int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if entry.Status == 0 {
		entry.Status = status
	}
}

func (l *requestLog) setFault(entry *Request, name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	entry.Fault = name
}

func (l *requestLog) count(match func(*Request) bool) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, entry := range l.entries {
		if match(entry) {
			n++
		}
	}
	return n
}

// Requests returns a copy of the log, in order of arrival. It has all requests,
// unless Forgotten counts some.
func (e *Emulator) Requests() []Request {
	e.log.mu.Lock()
	defer e.log.mu.Unlock()
	requests := make([]Request, len(e.log.entries))
	for i, entry := range e.log.entries {
		requests[i] = *entry
	}
	return requests
}

// Forgotten returns how many requests the log no longer has, because it had
// become too large.
func (e *Emulator) Forgotten() int {
	e.log.mu.Lock()
	defer e.log.mu.Unlock()
	return e.log.forgotten
}

// ResetLog empties the log.
func (e *Emulator) ResetLog() {
	e.log.mu.Lock()
	defer e.log.mu.Unlock()
	e.log.entries, e.log.size, e.log.forgotten = nil, 0, 0
}

// Count counts the logged requests of a method whose escaped path begins with
// pathPrefix.
func (e *Emulator) Count(method, pathPrefix string) int {
	return e.log.count(func(r *Request) bool {
		return r.Method == method && strings.HasPrefix(r.Path, pathPrefix)
	})
}

// CountStatus counts the logged requests that were answered with status.
func (e *Emulator) CountStatus(status int) int {
	return e.log.count(func(r *Request) bool { return r.Status == status })
}

// CountFault counts the logged requests that the named fault hit.
func (e *Emulator) CountFault(name string) int {
	return e.log.count(func(r *Request) bool { return r.Fault == name })
}

// loggedWriter logs the status before it sends it. So a test that has the
// answer finds the status in the log.
type loggedWriter struct {
	http.ResponseWriter
	log   *requestLog
	entry *Request
}

// WriteHeader sends the status.
func (w *loggedWriter) WriteHeader(status int) {
	w.log.setStatus(w.entry, status)
	w.ResponseWriter.WriteHeader(status)
}

// Write sends a part of the body.
func (w *loggedWriter) Write(b []byte) (int, error) {
	w.log.setStatus(w.entry, http.StatusOK)
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the server's writer.
func (w *loggedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
