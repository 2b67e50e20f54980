package emulator

import (
	"net/http"
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
		want := min(len(e.CustomerIDs()), defaultPageSize)
		for _, query := range []string{"", "?include=" + strings.Join(names, ",")} {
			status, answer := asked(t, e, "/api/customers"+query)
			if status != http.StatusOK || len(answer.Data) != want {
				t.Fatalf("%s: %d and %d of %d customers", query, status, len(answer.Data), want)
			}
		}
	})
}
