package commercelayer

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"os"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact/redacttest"
)

const (
	hostileSecret  = `s3cr3t/V&lue+"of'client%41~Zq9`
	hostileToken   = "eyJhbGciOiJIUzUxMiJ9.eyJ0ZXN0Ijp0cnVlLCJyYW5kIjowLjEyM30.c2lnbmF0dXJlT2ZUaGVUb2tlbg"
	hostileAddress = `jo'hn+d/oe&@topsecretcorp.com`
)

// hostileRemains are the parts of these secrets that must not be shown either.
var hostileRemains = []string{hostileSecret, hostileSecret[:12], hostileToken, hostileToken[25:50],
	hostileAddress, "topsecretcorp", "jo'hn+d/oe"}

// A hostileServer answers with bytes that need not be HTTP. It closes each
// connection after one answer.
type hostileServer struct {
	// token answers requests for a token, first the first read, and later all
	// others.
	token, first, later []byte

	mu            sync.Mutex
	tokens, reads int
}

// serve answers one request.
func (s *hostileServer) serve(conn net.Conn) {
	r, err := http.ReadRequest(bufio.NewReader(conn))
	if err != nil {
		return
	}
	_, _ = io.Copy(io.Discard, r.Body)
	_, _ = conn.Write(s.answer(r))
}

func (s *hostileServer) answer(r *http.Request) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.URL.Path == "/oauth/token" {
		s.tokens++
		return s.token
	}
	if s.reads++; s.reads > 1 {
		return s.later
	}
	return s.first
}

// read makes one read. It returns the error, and everything else that a person
// may see.
func (s *hostileServer) read(t *testing.T, operation byte) (texts []string, err error) {
	t.Helper()
	var mu sync.Mutex
	note := func(text string) {
		mu.Lock()
		defer mu.Unlock()
		texts = append(texts, text)
	}
	synctest.Test(t, func(t *testing.T) {
		options := []Option{
			WithMaxRetries(1), WithToken(hostileToken),
			WithObserver(func(_ context.Context, e Event) { note(fmt.Sprintf("%+v", e)) }),
			WithNotice(func(_ context.Context, sentence string) { note(sentence) }),
			WithAnnouncer(func(_ context.Context, sentence string) { note(sentence) }),
		}
		if len(s.token) > 0 {
			options = append(options, withPlainCredentials(t, hostileSecret))
		}
		if operation&0x80 != 0 {
			options = append(options, WithMode(ModeTest))
		}
		c := over(t, plainHost, dialed(t, s.serve), options...)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		err = hostileReads[int(operation&0x7f)%len(hostileReads)](ctx, c)
	})
	return texts, err
}

// hostileReads are the reads of the provider. Each asks for the customer "one"
// or for the address that the answers in the seeds contain.
var hostileReads = []func(context.Context, *Client) error{
	func(ctx context.Context, c *Client) error {
		_, err := c.Customer(ctx, "one", Selection{})
		return err
	},
	func(ctx context.Context, c *Client) error {
		_, err := c.CustomerByEmail(ctx, hostileAddress, Selection{Include: []string{"tags"}})
		return err
	},
	hostileList(Query{Limit: 60}),
	hostileList(Query{Limit: 60, Sort: []string{"email"}}),
	hostileList(Query{IDs: []string{"one", "two", hostileAddress}}),
	hostileList(Query{Emails: []string{hostileAddress, "else@example.com"}}),
	hostileList(Query{Filter: map[string]string{"email_eq": hostileAddress}, Limit: 30}),
	hostileList(Query{Count: true}),
	func(ctx context.Context, c *Client) error {
		for _, r := range readAll(ctx, c, []string{"one", "two", "three"}) {
			if r.err != nil {
				return r.err
			}
		}
		return nil
	},
}

func hostileList(q Query) func(context.Context, *Client) error {
	return func(ctx context.Context, c *Client) error {
		_, err := collect(c.Customers(q).Pages(ctx))
		return err
	}
}

// isHarmless fails if the outcome of a read shows something secret, or more
// text than a person would read.
func isHarmless(t *testing.T, err error, texts []string) {
	t.Helper()
	if err != nil {
		failure := failureOf(t, err, err)
		if failure.Class == ErrInternal {
			t.Errorf("the client is broken: %v", err)
		}
		texts = append(texts, failure.Error(), fmt.Sprintf("%+v", *failure))
	}
	for _, text := range texts {
		if len(text) > 20_000 {
			t.Errorf("a text has %d bytes", len(text))
		}
		if redacttest.Tells(text, hostileRemains...) {
			t.Errorf("it tells too much: %q", text)
		}
	}
}

// hostileBytes puts the secrets into an answer, in one of many forms.
func hostileBytes(answer []byte, form byte) []byte {
	forms := redacttest.Encodings()
	names := slices.Sorted(maps.Keys(forms))
	encode := forms[names[int(form)%len(names)]]
	return []byte(strings.NewReplacer("{token}", encode(hostileToken), "{secret}", encode(hostileSecret),
		"{address}", encode(hostileAddress), "{issued}", hostileToken, "{mail}", hostileAddress).Replace(string(answer)))
}

// allocated returns how many bytes were allocated so far, including those that
// were freed.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

const hostileJSON = "Content-Type: application/vnd.api+json"

// hostileCustomer is the customer that the reads ask for.
func hostileCustomer(id string) string { return customerJSON(id, "{mail}", "repeat") }

// hostileSeeds try each answer in some of the forms, for reads and for the
// token.
func hostileSeeds(f *testing.F) {
	f.Helper()
	token := []byte(httpAnswer("200 OK", []string{"Content-Type: application/json"},
		`{"access_token":"{issued}","token_type":"bearer","expires_in":7200}`))
	one := []byte(httpAnswer("200 OK", []string{hostileJSON}, `{"data":`+hostileCustomer("one")+`}`))
	list := []byte(httpAnswer("200 OK", []string{hostileJSON}, listJSON(1, hostileCustomer("one"))))
	for i := range hostileReads {
		f.Add([]byte(nil), one, list, byte(0), byte(i))
		f.Add(token, list, list, byte(1), byte(i)|0x80)
	}
	for i, text := range hostileAnswers() {
		answer := []byte(text)
		f.Add([]byte(nil), answer, list, byte(i), byte(i))
		for form := i % 8; form < len(redacttest.Encodings()); form += 8 {
			f.Add(token, answer, answer, byte(form), byte(i+form))
			f.Add(answer, one, one, byte(form), byte(0))
		}
	}
}

// hostileAnswers have secrets in each part of an answer.
func hostileAnswers() []string {
	const all, ok = "{token} {secret} {address}", "HTTP/1.1 200 OK\r\n"
	answers := []string{
		"", all, "HTTP/1.1 " + all + "\r\n\r\n", "HTTP/1.1 200 " + all + "\r\n\r\n{}", all + " 200 OK\r\n\r\n",
		ok + all + "\r\n\r\n", ok + ": " + all + "\r\n\r\n", ok + all + ": a\r\n\r\n{}",
		ok + "\r\n<html><title>" + all + "</title>" + all,
		"HTTP/1.1 100 Continue\r\n\r\n" + ok + "Content-Length: 2\r\n\r\n{}" + all,
		"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: " + all + "\r\n\r\n" + all,
		"HTTP/1.1 999 x\r\n\r\n" + all, "HTTP/1.1 204 No Content\r\n\r\n",
	}
	header := []string{
		hostileJSON, "X-Request-Id: " + all, "Retry-After: " + all, "X-Ratelimit-Remaining: " + all, "X-Ratelimit-Limit: 1",
		"X-Ratelimit-Interval: 1000000", "Location: https://{secret}.{token}/{address}", "Server: " + all,
	}
	failure := strings.ReplaceAll(`{"errors":[{"code":"*","title":"*","detail":"*","status":"*"}],"error":"*",`+
		`"error_description":"*"}`, "*", all)
	for _, status := range []string{
		"200 OK", "201 Created", "302 Found", "400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found",
		"429 Too Many Requests", "500 Oops",
	} {
		answers = append(answers, httpAnswer(status, header, failure),
			httpAnswer(status, []string{"Content-Type: text/html", "Server: " + all}, "<title>"+all+"</title>"),
			httpAnswer(status, []string{"Content-Type: {token}/{address}"}, all))
	}
	for _, header := range []string{
		"Content-Length: " + all, "Content-Length: 9999", "Content-Length: 1", "Content-Length: 1\r\nContent-Length: 2",
		"Transfer-Encoding: " + all, "Transfer-Encoding: chunked", "Content-Encoding: " + all, "Content-Encoding: gzip",
	} {
		answers = append(answers, httpAnswer("200 OK", []string{hostileJSON, header}, `{"data":{"id":"`+all+`"}}`))
	}
	for _, body := range []string{
		`{"data":{"id":"{token}","type":"customers"}}`, `{"data":{"id":"one","type":"*"}}`,
		`{"data":[{"id":"{address}","type":"customers","attributes":{"email":"{secret}"}}],"meta":{"record_count":3}}`,
		`{"data":{"id":"one","type":"customers","attributes":{"created_at":"*"}}}`,
		`{"data":{"id":"one","type":"customers","attributes":{"*":*}}}`,
		`{"data":{"id":"one","type":"customers","meta":{"mode":"*","organization_id":"*","trace_id":"*"}}}`,
		`{"data":[` + hostileCustomer("one") + `,` + hostileCustomer("{token}") + `],"meta":{"record_count":30},` +
			`"links":{"next":"{address}"}}`,
		`{"data":{"id":"one","type":"customers","relationships":{"*":{"data":[{"type":"*","id":"*"}]}}},` +
			`"included":[{"type":"*"}]}`,
		`{"access_token":"*"}`, `{"access_token":"{token}","token_type":"*"}`, `{"access_token":"{token}","expires_in":"*"}`,
		`{"access_token":"{issued}","expires_in":-1}`, `{"access_token":"{issued}\n"}`,
		`{"data":` + strings.Repeat("[", 2000),
	} {
		answers = append(answers, httpAnswer("200 OK", []string{hostileJSON}, strings.ReplaceAll(body, "*", all)))
	}
	return answers
}

// FuzzHostileServer is a server that sends any bytes. The provider's reads ask
// it over a real transport. There must be no panic, time and memory must be
// bounded, and nothing secret may be shown, in whatever field and form it came.
func FuzzHostileServer(f *testing.F) {
	// net/http logs what servers send. The provider turns that off, too.
	log.SetOutput(io.Discard)
	f.Cleanup(func() { log.SetOutput(os.Stderr) })
	hostileSeeds(f)
	f.Fuzz(func(t *testing.T, token, first, later []byte, form, operation byte) {
		for _, input := range [][]byte{token, first, later} {
			if len(input) > 100_000 || redacttest.Tells(string(input), hostileRemains...) {
				return // the input itself contains a secret
			}
		}
		if len(token) == 0 {
			// A client with a given token does not know the client secret, so it can't
			// replace it.
			first, later = bytes.ReplaceAll(first, []byte("{secret}"), nil), bytes.ReplaceAll(later, []byte("{secret}"), nil)
		}
		s := &hostileServer{
			token: hostileBytes(token, form), first: hostileBytes(first, form), later: hostileBytes(later, form),
		}
		size := len(s.token) + len(s.first) + len(s.later)
		before := allocated()
		texts, err := s.read(t, operation)
		// With the race detector, pools forget what they hold, so a hundred times as much
		// is allocated.
		if got := allocated() - before; got > 256<<20+uint64(1000*size) {
			t.Errorf("%d bytes were allocated for answers of %d", got, size)
		}
		if s.tokens > 100 || s.reads > 200 {
			t.Errorf("%d tokens were asked for, and %d reads made", s.tokens, s.reads)
		}
		isHarmless(t, err, texts)
	})
}
