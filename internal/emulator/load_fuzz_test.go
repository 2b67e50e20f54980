package emulator

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// FuzzData reads any text as data. If the text is accepted, the emulator must
// serve all its customers as valid JSON, also with all relationships included.
func FuzzData(f *testing.F) {
	for _, seed := range []string{
		`{"data":[]}`,
		`{"data":{"type":"customers","id":"a","attributes":{"email":"a@example.com","metadata":null,` +
			`"created_at":"2018-01-01T12:00:00.000Z"}}}`,
		`{"data":{"type":"customers","id":"a/b"}}`,
		`{"data":[{"type":"customers","id":"a","relationships":{"tags":{"data":[{"type":"tags","id":"t"}]},` +
			`"customer_group":{"data":null},"wishes":{"links":{},"data":[{"type":"customers","id":"a"}]}}}],` +
			`"included":[{"type":"tags","id":"t","attributes":{"name":"x"}},{"type":"customers","id":"b"}]}`,
		`{"data":{"type":"customers","id":"a","id":"b","meta":{"mode":"test"},` +
			`"links":{"self":"https://acme.commercelayer.io"}}}`,
		`{"errors":[{"code":"X"}]}`, `[1e999]`, "\xff", `{"data":{"type":"customers","id":"\ud800"}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := newDataReader()
		r.file = "data.json"
		if r.read([]byte(text)) != nil || r.err() != nil {
			return
		}
		var names []string
		for _, rel := range r.data.schema.relationships["customers"] {
			if rel.name != "" && strings.Trim(rel.name, "abcdefghijklmnopqrstuvwxyz_") == "" {
				names = append(names, rel.name)
			}
		}
		e := New(WithData(r.data))
		for _, query := range []string{"", "?include=" + strings.Join(names, ",")} {
			req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/customers"+query, http.NoBody)
			req.Header.Set("Accept", mediaTypeJSONAPI)
			req.Header.Set("Authorization", "Bearer "+DefaultToken)
			w := httptest.NewRecorder()
			e.ServeHTTP(w, req)
			var answer struct {
				Data []json.RawMessage
				Meta struct {
					Count int `json:"record_count"`
				}
			}
			if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != http.StatusOK {
				t.Fatalf("%s: %d, %v\n%s", query, w.Code, err, w.Body)
			}
			want := len(e.CustomerIDs())
			if answer.Meta.Count != want || len(answer.Data) != min(want, defaultPageSize) {
				t.Fatalf("%s: %d of %d customers\n%s", query, answer.Meta.Count, want, w.Body)
			}
		}
	})
}
