package emulator_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// answer is what a test sees of a response.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// errorCode is the code of the first error, in either shape.
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

// ask sends a request straight to the handler.
func ask(e *emulator.Emulator, method, target string, change ...func(*http.Request)) answer {
	r := httptest.NewRequest(method, target, nil)
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

func TestTheSeedCustomerIsServedByteForByte(t *testing.T) {
	srv := httptest.NewServer(emulator.New())
	defer srv.Close()
	req, _ := http.NewRequest(http.MethodGet, srv.URL+"/api/customers/"+emulator.SeedCustomerID, nil)
	req.Header.Set("Accept", "application/vnd.api+json")
	req.Header.Set("Authorization", "Bearer your-access-token")
	res, err := srv.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(body, emulator.SeedDocument()) {
		t.Errorf("not the document:\n%s", body)
	}
	for _, want := range []string{
		"https://yourdomain.commercelayer.io/api/customers/xYZkjABcde", "john@example.com",
		"ANY-EXTERNAL-REFEFERNCE-ORIGIN", `"foo": "bar"`, `"mode": "test"`,
	} {
		if !strings.Contains(string(body), want) {
			t.Errorf("the document lacks %s", want)
		}
	}
	for key, want := range map[string]string{
		"Content-Type":                  "application/vnd.api+json",
		"Cache-Control":                 "max-age=0, private, must-revalidate",
		"Vary":                          "Accept, Accept-Encoding, Origin",
		"X-Content-Type-Options":        "nosniff",
		"Access-Control-Expose-Headers": "x-ratelimit-interval, x-ratelimit-limit, x-ratelimit-remaining, Authorization",
		"X-Ratelimit-Limit":             "100",
		"X-Ratelimit-Interval":          "60",
		"X-Ratelimit-Remaining":         "99",
	} {
		if got := res.Header.Get(key); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
}
