package emulator_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

const (
	customers    = "/api/customers"
	oneCustomer  = customers + "/" + emulator.SeedCustomerID
	fullCustomer = customers + "/" + emulator.FullCustomerID
)

// answer is a response that was read completely.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// outcome returns the status of an answer, with the code of an error if it has
// one.
func (a answer) outcome() string {
	if code := regexp.MustCompile(`"code":"(\w+)"`).FindSubmatch(a.body); code != nil {
		return fmt.Sprintf("%d %s", a.status, code[1])
	}
	return strconv.Itoa(a.status)
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

// ids returns the IDs of a list, with blanks between them.
func (a answer) ids(t *testing.T) string {
	t.Helper()
	list, _ := a.list(t)
	ids := make([]string, len(list))
	for i, res := range list {
		ids[i] = res.ID
	}
	return strings.Join(ids, " ")
}

// query appends parameters to a path. pairs are their names and values.
func query(path string, pairs ...string) string {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return path + "?" + values.Encode()
}

// page requests a list of customers.
func page(e *emulator.Emulator, pairs ...string) answer { return get(e, query(customers, pairs...)) }
