package emulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"
)

// samples has a value in JSON for each kind of attribute, and one of another
// type.
var samples = map[attributeKind]struct{ right, wrong string }{
	stringKind: {`"sample"`, `7`},
	numberKind: {`7`, `"7"`},
	timeKind:   {`"2020-02-02T02:02:02.002Z"`, `"yesterday"`},
	boolKind:   {`true`, `"true"`},
	jsonKind:   {`{"a":1}`, `"a"`},
}

func TestARowIsAllThatAnAttributeNeeds(t *testing.T) {
	for _, a := range customerAttributes {
		t.Run(a.name, func(t *testing.T) {
			file := func(value string) *dataReader {
				r := newDataReader()
				if err := r.read(fmt.Appendf(nil, `{"data":{"type":"customers","id":"sample","attributes":{%q:%s}}}`,
					a.name, value)); err != nil {
					t.Fatal(err)
				}
				return r
			}
			sample := samples[a.kind]
			if err := file(sample.wrong).err(); err == nil {
				t.Error("a file with a wrong value is taken")
			}
			r := file(sample.right)
			if err := r.err(); err != nil {
				t.Fatal(err)
			}
			e := New()
			e.AddCustomer(Customer{ID: "added"})
			with := New(WithData(r.data))
			ask := func(e *Emulator, path string, query ...string) (status int, body struct{ Data json.RawMessage }) {
				values := url.Values{}
				for pair := range slices.Chunk(query, 2) {
					values.Set(pair[0], pair[1])
				}
				r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path+"?"+values.Encode(), http.NoBody)
				r.Header = http.Header{"Accept": {mediaTypeJSONAPI}, "Authorization": {"Bearer " + DefaultToken}}
				w := httptest.NewRecorder()
				e.ServeHTTP(w, r)
				_ = json.Unmarshal(w.Body.Bytes(), &body)
				return w.Code, body
			}
			attributes := func(e *Emulator, id string) map[string]json.RawMessage {
				var one struct{ Attributes map[string]json.RawMessage }
				_, body := ask(e, "/api/customers/"+id, "fields[customers]", a.name)
				_ = json.Unmarshal(body.Data, &one)
				return one.Attributes
			}
			if got := attributes(with, "sample"); len(got) != 1 || string(got[a.name]) != sample.right {
				t.Errorf("the answer has %s, want %s", got, sample.right)
			}
			if got := attributes(e, FullCustomerID); len(got) != 1 || string(got[a.name]) == "null" {
				t.Errorf("the full customer has %s", got)
			}
			if got := attributes(e, "added"); len(got) != 1 {
				t.Errorf("an added customer has %s", got)
			}
			status, body := ask(with, "/api/customers", "filter[q]["+a.name+"_null]", "false")
			if filtered := a.use&(filters|mayFilter) != 0; filtered != (status == 200) || filtered && len(body.Data) < 3 {
				t.Errorf("a filter is answered with %d %s", status, body.Data)
			}
			if status, _ := ask(with, "/api/customers", "sort", a.name); (a.use&sorts != 0) != (status == 200) {
				t.Errorf("a sort is answered with %d", status)
			}
		})
	}
}
