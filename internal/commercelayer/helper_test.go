package commercelayer

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// A wire is an [http.RoundTripper] that passes requests to a handler in the
// same process. So the client and the API share the clock of a synctest bubble.
// It records each request and its time.
type wire struct {
	handler http.Handler
	// answer takes the place of the handler, for responses that no handler makes.
	answer func(*http.Request) (*http.Response, error)
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
	// err is the error of a request that got no answer.
	err error
}

func (s sentRequest) filter(predicate string) string { return s.query.Get(filterKey(predicate)) }

// RoundTrip implements [http.RoundTripper].
func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	w.mu.Lock()
	n := len(w.sent)
	w.sent = append(w.sent, sentRequest{
		at: time.Now(), method: req.Method, path: req.URL.EscapedPath(), query: req.URL.Query(),
	})
	w.mu.Unlock()
	resp, err := w.roundTrip(req)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent[n].err = err
	return resp, err
}

func (w *wire) roundTrip(req *http.Request) (*http.Response, error) {
	if w.answer != nil {
		return w.answer(req)
	}
	ctx := req.Context()
	if err := sleep(ctx, w.latency/2); err != nil {
		return nil, err
	}
	in := httptest.NewRequestWithContext(ctx, req.Method, req.URL.String(), req.Body)
	in.Header = req.Header
	recorder := httptest.NewRecorder()
	if err := serve(w.handler, recorder, in); err != nil {
		return nil, err
	}
	if err := sleep(ctx, w.latency/2); err != nil {
		return nil, err
	}
	resp := recorder.Result()
	resp.Request, resp.ContentLength = req, int64(recorder.Body.Len())
	return resp, nil
}

// serve calls a handler. The handler may cut the connection as in net/http,
// with panic(http.ErrAbortHandler).
func serve(h http.Handler, w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			err = syscall.ECONNRESET
		default:
			panic(p)
		}
	}()
	h.ServeHTTP(w, r)
	return r.Context().Err()
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
		t.Fatalf("%d requests were sent, want %d: %.4000s", len(sent), n, w.asked())
	}
	return sent
}

// asked returns the paths and queries of the requests in a readable form.
func (w *wire) asked() string {
	var lines []string
	for _, s := range w.requests() {
		line := strings.TrimPrefix(s.path, customersPath)
		var parameters []string
		for name, values := range s.query {
			parameters = append(parameters, name+"="+values[0])
		}
		if slices.Sort(parameters); len(parameters) > 0 {
			line += "?" + strings.Join(parameters, "&")
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, " ")
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
		WithDomain(parseURL(t, testDomain)), WithToken(emulator.DefaultToken),
		WithTransport(transport), WithUserAgent("test/1"),
	}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// clientOf returns a client that reads from a handler in the same bubble.
func clientOf(t testing.TB, h http.Handler, latency time.Duration, options ...Option) (*wire, *Client) {
	t.Helper()
	w := &wire{handler: h, latency: latency}
	return w, newClient(t, w, options...)
}

// emulated returns an emulator and a client that reads from it.
func emulated(t testing.TB, latency time.Duration, options ...Option) (*emulator.Emulator, *wire, *Client) {
	t.Helper()
	e := emulator.New()
	w, c := clientOf(t, e, latency, options...)
	return e, w, c
}

// underLimits is like emulated, with the documented limits.
func underLimits(t testing.TB, options ...Option) (*emulator.Emulator, *wire, *Client) {
	t.Helper()
	e := emulator.New(emulator.WithLimits())
	w, c := clientOf(t, e, latency, options...)
	return e, w, c
}

// populated is like emulated, with n customers. It also returns their IDs in the
// API's order.
func populated(t testing.TB, n int) (*emulator.Emulator, *wire, *Client, []string) {
	t.Helper()
	e := emulator.New(emulator.WithCustomers(n - 2))
	w, c := clientOf(t, e, 0)
	return e, w, c, e.CustomerIDs()
}

// latency is the usual one.
const latency = 50 * time.Millisecond

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

// together reads with all keys at the same time. Each has a reader of its own.
func together(keys []string, read func(key string) (*Customer, error)) []result {
	results := make([]result, len(keys))
	var group sync.WaitGroup
	for i, key := range keys {
		group.Go(func() { results[i].customer, results[i].err = read(key) })
	}
	group.Wait()
	return results
}

// readAll reads customers by ID at the same time.
func readAll(ctx context.Context, c *Client, ids []string) []result {
	return together(ids, func(id string) (*Customer, error) { return c.Customer(ctx, id, Selection{}) })
}

// lookUpAll looks up addresses at the same time.
func lookUpAll(ctx context.Context, c *Client, emails ...string) []result {
	return together(emails, func(email string) (*Customer, error) { return c.CustomerByEmail(ctx, email, Selection{}) })
}

// tenAtATime calls f with the numbers up to n, as the CLI does.
func tenAtATime(n int, f func(i int)) {
	var group errgroup.Group
	group.SetLimit(10)
	for i := range n {
		group.Go(func() error {
			f(i)
			return nil
		})
	}
	_ = group.Wait()
}

// readApart reads n unknown customers at the same time, whose IDs can't share a
// request.
func readApart(ctx context.Context, c *Client, n int) []result {
	return readAll(ctx, c, numbered("a,", n))
}

// expectFound fails unless each result is the customer with that ID, or an
// error of that class.
func expectFound(t *testing.T, results []result, want ...any) {
	t.Helper()
	for i, want := range want {
		switch r := results[i]; want := want.(type) {
		case string:
			if r.err != nil || r.customer.ID != want {
				t.Fatalf("reader %d: got %v, %v, want %s", i, r.customer, r.err, want)
			}
		case Class:
			expectKind(t, r.err, want)
		}
	}
}

// expectAll fails unless each reader got the customer that it asked for.
func expectAll(t *testing.T, ids []string, results []result) {
	t.Helper()
	for i, id := range ids {
		expectFound(t, results[i:], id)
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
func expectEqual[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// respond returns a handler that always gives the same answer.
func respond(status int, contentType, body string) http.HandlerFunc {
	return emulator.Body(status, contentType, body)
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

// readSeed reads the seed's customer.
func readSeed(t testing.TB, c *Client) error {
	t.Helper()
	_, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{})
	return err
}

// expectSeed fails unless the seed's customer can be read.
func expectSeed(t testing.TB, c *Client) {
	t.Helper()
	if err := readSeed(t, c); err != nil {
		t.Fatal(err)
	}
}

// expectIdle fails if a fetch is still under way.
func expectIdle(t *testing.T, c *Client) {
	t.Helper()
	synctest.Wait()
	c.waits.mu.Lock()
	defer c.waits.mu.Unlock()
	for s, wait := range c.waits.stages {
		if len(wait.since) != 0 {
			t.Errorf("%d fetches still wait for %s", len(wait.since), stage(s))
		}
	}
}

// sentences returns a function that records sentences, and the record.
func sentences(t *testing.T) (say func(context.Context, string), said func() []string) {
	t.Helper()
	var mu sync.Mutex
	var list []string
	say = func(_ context.Context, sentence string) {
		if !strings.HasSuffix(sentence, ".") {
			t.Errorf("%q is no sentence", sentence)
		}
		mu.Lock()
		defer mu.Unlock()
		list = append(list, sentence)
	}
	return say, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(list)
	}
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

// customerJSON returns a customer with an address and a status.
func customerJSON(id, email, status string) string {
	return fmt.Sprintf(`{"id":%q,"type":"customers","attributes":{"email":%q,"status":%q}}`, id, email, status)
}

// listJSON returns a page of customers, and how many match in all.
func listJSON(total int, customers ...string) string {
	return fmt.Sprintf(`{"data":[%s],"meta":{"record_count":%d}}`, strings.Join(customers, ","), total)
}

// listDocument returns a page with the given customers. A negative count is told
// to nobody.
func listDocument(count int, next bool, ids ...string) string {
	items := make([]string, len(ids))
	for i, id := range ids {
		items[i] = customerJSON(id, id+"@example.com", "repeat")
	}
	page := listJSON(count, items...)
	if next {
		page = strings.TrimSuffix(page, "}") + `,"links":{"next":"https://x"}}`
	}
	return page
}

func numbered(prefix string, n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("%s%d", prefix, i)
	}
	return ids
}

// pages returns a handler that sends the documents in turn, and then the last
// one for ever.
func pages(documents ...string) *wire {
	handlers := make([]http.HandlerFunc, len(documents))
	for i, document := range documents {
		handlers[i] = respond(200, "", document)
	}
	return &wire{handler: inTurn(handlers...)}
}

// listed reads a list that must be readable, and returns its IDs.
func listed(t *testing.T, c *Client, q Query) (*Listing, []string) {
	t.Helper()
	list := c.Customers(q)
	customers, err := collect(list.Pages(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]string, len(customers))
	for i, customer := range customers {
		ids[i] = customer.ID
	}
	return list, ids
}

// bubble runs a subtest with a clock of its own.
func bubble(t *testing.T, name string, f func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { synctest.Test(t, f) })
}
