package emulator_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// answer is a response that was read completely.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// errorCode returns the code of the first error in an array, or of a single
// error.
func (a answer) errorCode(t *testing.T) string {
	t.Helper()
	var doc struct{ Errors json.RawMessage }
	if err := json.Unmarshal(a.body, &doc); err != nil {
		t.Fatalf("status %d, body %q: %v", a.status, a.body, err)
	}
	type code struct{ Code string }
	var one code
	if json.Unmarshal(doc.Errors, &one) == nil {
		return one.Code
	}
	var many []code
	if err := json.Unmarshal(doc.Errors, &many); err != nil || len(many) == 0 {
		t.Fatalf("errors %q: %v", doc.Errors, err)
	}
	return many[0].Code
}

func (a answer) decode(t *testing.T, v any) {
	t.Helper()
	if a.status != http.StatusOK {
		t.Fatalf("status %d, body %s", a.status, a.body)
	}
	if err := json.Unmarshal(a.body, v); err != nil {
		t.Fatalf("body %q: %v", a.body, err)
	}
}

// ask calls the handler without a connection.
func ask(e *emulator.Emulator, method, target string, change ...func(*http.Request)) answer {
	r := httptest.NewRequestWithContext(context.Background(), method, target, http.NoBody)
	r.Header.Set("Accept", "application/vnd.api+json")
	r.Header.Set("Authorization", "Bearer "+emulator.DefaultToken)
	for _, f := range change {
		f(r)
	}
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	return answer{w.Code, w.Header(), w.Body.Bytes()}
}

func get(e *emulator.Emulator, target string, change ...func(*http.Request)) answer {
	return ask(e, http.MethodGet, target, change...)
}

func withHeader(key, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(key, value) }
}

func withToken(token string) func(*http.Request) {
	return withHeader("Authorization", "Bearer "+token)
}

func withoutHeader(key string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Del(key) }
}

// document is the document of a list or of a single customer.
type document struct {
	Data     json.RawMessage
	Included []resource
	Meta     struct {
		RecordCount int `json:"record_count"`
		PageCount   int `json:"page_count"`
	}
	Links map[string]string
}

type resource struct {
	ID, Type      string
	Links         map[string]string
	Attributes    map[string]json.RawMessage
	Relationships map[string]struct {
		Links map[string]string
		Data  json.RawMessage
	}
	Meta map[string]string
}

func (a answer) document(t *testing.T) document {
	t.Helper()
	var doc document
	a.decode(t, &doc)
	return doc
}

func (a answer) one(t *testing.T) (resource, document) {
	t.Helper()
	doc := a.document(t)
	var res resource
	if err := json.Unmarshal(doc.Data, &res); err != nil {
		t.Fatal(err)
	}
	return res, doc
}

func (a answer) list(t *testing.T) ([]resource, document) {
	t.Helper()
	doc := a.document(t)
	var res []resource
	if err := json.Unmarshal(doc.Data, &res); err != nil {
		t.Fatal(err)
	}
	return res, doc
}

func (a answer) ids(t *testing.T) []string {
	t.Helper()
	list, _ := a.list(t)
	ids := make([]string, len(list))
	for i, res := range list {
		ids[i] = res.ID
	}
	return ids
}

// clock is a clock that only moves when a test advances it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2025, 7, 1, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// received returns the next value of a channel. It waits no longer than a slow
// machine needs.
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
