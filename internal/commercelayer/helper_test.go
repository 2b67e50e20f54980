package commercelayer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// A wire is an [http.RoundTripper] that passes requests to a handler in the
// same process. So the client and the API share the clock of a synctest bubble.
// It records each request and its time.
type wire struct {
	handler http.Handler
	// Half of the latency passes before the handler, and half of it after.
	latency time.Duration

	mu   sync.Mutex
	sent []sentRequest
}

type sentRequest struct {
	at     time.Time
	method string
	path   string
	query  url.Values
	header http.Header
	// err is the error of a request that got no answer.
	err error
}

func (s sentRequest) filter(predicate string) string { return s.query.Get(filterKey(predicate)) }

// RoundTrip implements [http.RoundTripper].
func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	w.mu.Lock()
	n := len(w.sent)
	w.sent = append(w.sent, sentRequest{at: time.Now(), method: req.Method, path: req.URL.EscapedPath(), query: req.URL.Query(), header: req.Header.Clone()})
	w.mu.Unlock()
	resp, err := w.roundTrip(req)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent[n].err = err
	return resp, err
}

func (w *wire) roundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	if err := pass(ctx, w.latency/2); err != nil {
		return nil, err
	}
	in := req.Clone(ctx)
	in.RequestURI, in.Host, in.RemoteAddr = req.URL.RequestURI(), req.URL.Host, "192.0.2.1:1234"
	if in.Body == nil {
		in.Body = http.NoBody
	}
	recorder := httptest.NewRecorder()
	if err := serve(w.handler, recorder, in); err != nil {
		return nil, err
	}
	if err := pass(ctx, w.latency/2); err != nil {
		return nil, err
	}
	resp := recorder.Result()
	resp.Request, resp.ContentLength = req, int64(recorder.Body.Len())
	return resp, nil
}

// errCut is the error of a client whose connection breaks.
var errCut = errors.New("connection reset by peer")

// serve calls a handler. The handler may cut the connection as in net/http,
// with panic(http.ErrAbortHandler).
func serve(h http.Handler, w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			err = errCut
		default:
			panic(p)
		}
	}()
	h.ServeHTTP(w, r)
	return r.Context().Err()
}

// pass waits, unless the context ends first.
func pass(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// requests returns the requests so far.
func (w *wire) requests() []sentRequest {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.sent)
}

// reset forgets the requests so far.
func (w *wire) reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent = nil
}

// expect fails unless exactly n requests were sent. It returns them.
func (w *wire) expect(t *testing.T, n int) []sentRequest {
	t.Helper()
	sent := w.requests()
	if len(sent) != n {
		var lines strings.Builder
		for i, s := range sent {
			if i == 40 {
				lines.WriteString("\n\t...")
				break
			}
			fmt.Fprintf(&lines, "\n\t%s %s?%s", s.method, s.path, s.query.Encode())
		}
		t.Fatalf("%d requests were sent, want %d:%s", len(sent), n, lines.String())
	}
	return sent
}

// paths counts the requests by method and path.
func (w *wire) paths() map[string]int {
	counts := map[string]int{}
	for _, s := range w.requests() {
		counts[s.method+" "+s.path]++
	}
	return counts
}

const (
	testDomain   = "https://yourdomain.commercelayer.io"
	testEndpoint = "https://auth.commercelayer.io/oauth/token"
)

// parseURL parses a URL that must be valid.
func parseURL(t testing.TB, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// newClient returns a client that uses the transport. It has the emulator's
// token unless the options say otherwise.
func newClient(t testing.TB, transport http.RoundTripper, options ...Option) *Client {
	t.Helper()
	c, err := New(append([]Option{
		WithDomain(parseURL(t, testDomain)), WithToken(emulator.DefaultToken), WithTransport(transport), WithUserAgent("test/1"),
	}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// emulated returns an emulator and a client that reads from it, in the same
// bubble.
func emulated(t testing.TB, latency time.Duration, options ...Option) (*emulator.Emulator, *wire, *Client) {
	t.Helper()
	return inBubble(t, emulator.New(), latency, options...)
}

// underLimits is like emulated, with the documented limits.
func underLimits(t testing.TB, options ...Option) (*emulator.Emulator, *wire, *Client) {
	t.Helper()
	return inBubble(t, emulator.New(emulator.WithLimits()), latency, options...)
}

func inBubble(
	t testing.TB, e *emulator.Emulator, latency time.Duration, options ...Option,
) (*emulator.Emulator, *wire, *Client) {
	t.Helper()
	w := &wire{handler: e, latency: latency}
	return e, w, newClient(t, w, options...)
}

// addCustomers adds customers with the IDs customer01, customer02 and so on.
func addCustomers(e *emulator.Emulator, n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("customer%02d", i+1)
		e.AddCustomer(emulator.Customer{ID: ids[i], Email: ids[i] + "@example.com"})
	}
	return ids
}

// A result is what one reader got.
type result struct {
	customer *Customer
	err      error
}

// readAll reads customers at the same time. Each has a reader of its own.
func readAll(ctx context.Context, c *Client, ids []string, include ...string) []result {
	results := make([]result, len(ids))
	var group sync.WaitGroup
	for i, id := range ids {
		group.Go(func() { results[i].customer, results[i].err = c.Customer(ctx, id, Selection{Include: include}) })
	}
	group.Wait()
	return results
}

// expectAll fails unless each reader got the customer that it asked for.
func expectAll(t *testing.T, ids []string, results []result) {
	t.Helper()
	for i, r := range results {
		switch {
		case r.err != nil:
			t.Fatalf("%s: %v", ids[i], r.err)
		case r.customer.ID != ids[i]:
			t.Fatalf("%s: got %s", ids[i], r.customer.ID)
		}
	}
}

// expectKind fails unless the error is an [*Error] of the class.
func expectKind(t *testing.T, err, kind error) {
	t.Helper()
	_ = failureOf(t, err, kind)
}

// failureOf is like expectKind and returns the error.
func failureOf(t *testing.T, err, kind error) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || !errors.Is(e, kind) {
		t.Fatalf("the error is %v, want %v", err, kind)
	}
	return e
}

// expectEqual compares two values.
func expectEqual[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// respond returns a handler that always gives the same answer.
func respond(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", cmp.Or(contentType, jsonapi.MediaType))
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// inTurn returns a handler that uses the handlers in turn, one for each
// request. The last one also answers all further requests.
func inTurn(handlers ...http.HandlerFunc) http.Handler {
	var mu sync.Mutex
	n := 0
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		h := handlers[min(n, len(handlers)-1)]
		n++
		mu.Unlock()
		h(w, r)
	})
}

// cut is a handler that breaks the connection.
func cut(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// fillBurst sends as many requests as the burst window allows, one by one.
func fillBurst(t *testing.T, c *Client) {
	t.Helper()
	for range testLimits.Burst {
		_, err := c.Customer(t.Context(), "nobody", Selection{})
		expectKind(t, err, ErrNotFound)
	}
}

// closeTo fails unless two durations are almost equal.
func closeTo(t *testing.T, what string, got, want, tolerance time.Duration) {
	t.Helper()
	if got < want-tolerance || got > want+tolerance {
		t.Errorf("%s is %s, want %s", what, got, want)
	}
}

// everything selects all parts of a customer.
var everything = Selection{}.fieldset()

// sentAtOnce counts the requests that many readers send within a second.
func sentAtOnce(t *testing.T, w *wire, c *Client) int {
	t.Helper()
	before := len(w.requests())
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	var group sync.WaitGroup
	for i := range 2 * liveLimits.Burst {
		// These readers can't share a request.
		group.Go(func() { _, _ = c.Customer(ctx, fmt.Sprintf("a,%d", i), Selection{}) })
	}
	group.Wait()
	return len(w.requests()) - before
}

// between returns a random duration.
func between(random *rand.Rand, least, most time.Duration) time.Duration {
	return least + time.Duration(random.Int64N(int64(most-least)+1))
}

// collect returns all values of a list.
func collect[T any](pages iter.Seq2[[]T, error]) ([]T, error) {
	var list []T
	for page, err := range pages {
		if err != nil {
			return nil, err
		}
		list = append(list, page...)
	}
	return list, nil
}

// changed tells whether a list may lack resources.
func (o *Outcome) changed() bool {
	return o.Findings.Of(FindingChanged) != nil || o.Findings.Of(FindingIncomplete) != nil
}

// unordered tells whether a list was read by page number in spite of its order.
func (o *Outcome) unordered() bool { return o.Findings.Of(FindingUnordered) != nil }

// doubted tells whether the filter may have been ignored.
func (o *Outcome) doubted() bool {
	return o.Findings.Of(FindingFilterDoubt) != nil || o.Findings.Of(FindingUnmatched) != nil
}

// decodeCustomer reads a document that holds one customer.
func decodeCustomer(body []byte, fields fieldset) (*Customer, *Error) {
	document, failure := decodeOne(body, "customer")
	if failure != nil {
		return nil, failure
	}
	one := newVerdict((&Client{}).expectation(fields, nil)).judge(document, Claims{})[0]
	if one.err != nil {
		return nil, one.err
	}
	return readCustomers(document, fields).customer(one.resource)
}

// decodePage reads a document that holds a list of customers.
func decodePage(body []byte) ([]*Customer, *Error) {
	g := (&Client{}).Customers(Query{}).pager(nil, nil)
	document, failure := decodeDocument(body, MaxPageSize)
	if failure == nil {
		failure = g.checkKind(document)
	}
	if failure != nil {
		return nil, failure
	}
	fresh, failure := g.verdict.look(document, Claims{})
	if failure != nil {
		return nil, failure
	}
	return readCustomers(document, everything).customers(fresh)
}

// received returns the next value of a channel that a server under test fills. It
// waits no longer than a slow machine needs.
func received[T any](t *testing.T, values <-chan T) T {
	t.Helper()
	select {
	case value := <-values:
		return value
	case <-time.After(10 * time.Second):
		t.Fatal("nothing was received")
		panic("unreachable")
	}
}

// bubble runs a subtest with a clock of its own.
func bubble(t *testing.T, name string, f func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { synctest.Test(t, f) })
}
