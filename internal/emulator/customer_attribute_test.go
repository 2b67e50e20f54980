package emulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
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

// Each field of a customer is an attribute, unless it is named here. So a field
// without a row in the table can't be forgotten.
func TestEachFieldOfACustomerHasARow(t *testing.T) {
	var c Customer
	structure := reflect.ValueOf(&c).Elem()
	for i := range structure.NumField() {
		field := structure.Type().Field(i)
		if !field.IsExported() || slices.Contains([]string{"ID", "GroupID", "TagIDs", "Mode"}, field.Name) {
			continue
		}
		rows := 0
		for _, a := range customerAttributes {
			if a.field(&c) == structure.Field(i).Addr().Interface() {
				rows++
			}
		}
		if rows != 1 {
			t.Errorf("%s has %d rows", field.Name, rows)
		}
	}
}

func TestARowIsAllThatAnAttributeNeeds(t *testing.T) {
	for _, a := range customerAttributes {
		t.Run(a.name, func(t *testing.T) {
			sample := samples[a.kind]
			own := Customer{ID: "sample", Email: "sample@example.com"}
			if err := json.Unmarshal([]byte(sample.right), a.field(&own)); err != nil {
				t.Fatal(err)
			}
			document := func(value string) error {
				return newDataReader().read(fmt.Sprintf(`{"data":{"type":"customers","id":"sample","attributes":{%q:%s}}}`, a.name, value))
			}
			if err := document(sample.right); err != nil {
				t.Errorf("a file: %v", err)
			}
			if err := document(sample.wrong); err == nil {
				t.Error("a file with a wrong value is taken")
			}
			e := New()
			e.AddCustomer(own)
			ask := func(path string, query ...string) (status int, body struct{ Data json.RawMessage }) {
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
			var one struct{ Attributes json.RawMessage }
			_, body := ask("/api/customers/sample", "fields[customers]", a.name)
			_ = json.Unmarshal(body.Data, &one)
			if want := fmt.Sprintf(`{%q:%s}`, a.name, sample.right); string(one.Attributes) != want {
				t.Errorf("the answer has %s, want %s", one.Attributes, want)
			}
			status, body := ask("/api/customers", "filter[q]["+a.name+"_null]", "false", "filter[q][id_eq]", "sample")
			if filtered := a.use&(filters|mayFilter) != 0; filtered != (status == 200) || filtered && len(body.Data) < 3 {
				t.Errorf("a filter is answered with %d %s", status, body.Data)
			}
			if status, _ := ask("/api/customers", "sort", a.name); (a.use&sorts != 0) != (status == 200) {
				t.Errorf("a sort is answered with %d", status)
			}
		})
	}
}

// read reads the text of one file.
func (r *dataReader) read(text string) error {
	if err := r.text([]byte(text)); err != nil {
		return err
	}
	return r.err()
}
