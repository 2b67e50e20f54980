package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
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

// asked sends a GET request without a connection, and decodes the answer.
func asked(t *testing.T, e *Emulator, target string) (status int, answer struct{ Data []resourceObject }) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, http.NoBody)
	r.Header = http.Header{"Accept": {mediaTypeJSONAPI}, "Authorization": {"Bearer " + DefaultToken}}
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil && w.Code == http.StatusOK {
		t.Errorf("%s: %v\n%s", target, err, w.Body)
	}
	return w.Code, answer
}

type resourceObject struct{ Attributes map[string]json.RawMessage }

func TestARowIsAllThatAnAttributeNeeds(t *testing.T) {
	for _, a := range customerAttributes {
		t.Run(a.name, func(t *testing.T) {
			file := func(value string) (*dataReader, error) {
				r := newDataReader()
				text := fmt.Sprintf(`{"data":{"type":"customers","id":"sample","attributes":{%q:%s}}}`, a.name, value)
				return r, errors.Join(r.read([]byte(text)), r.err())
			}
			sample := samples[a.kind]
			if _, err := file(sample.wrong); err == nil {
				t.Error("a file with a wrong value is taken")
			}
			r, err := file(sample.right)
			if err != nil {
				t.Fatal(err)
			}
			with, e := New(WithData(r.data)), New()
			e.AddCustomer(Customer{})
			if _, got := asked(t, with, "/api/customers"); string(got.Data[0].Attributes[a.name]) != sample.right {
				t.Errorf("the answer has %s, want %s", got, sample.right)
			}
			_, got := asked(t, e, "/api/customers?filter[q][id_not_eq]="+SeedCustomerID+"&fields[customers]="+a.name)
			for i, kind := range []string{"full", "added"} {
				if own := got.Data[i].Attributes; len(own) != 1 || kind == "full" && string(own[a.name]) == "null" {
					t.Errorf("the %s customer has %s", kind, own)
				}
			}
			status, got := asked(t, with, "/api/customers?filter[q]["+a.name+"_null]=false")
			if filtered := a.use&(filters|mayFilter) != 0; filtered != (status == 200) || filtered && len(got.Data) != 1 {
				t.Errorf("a filter is answered with %d %s", status, got.Data)
			}
			if status, _ := asked(t, with, "/api/customers?sort="+a.name); (a.use&sorts != 0) != (status == 200) {
				t.Errorf("a sort is answered with %d", status)
			}
		})
	}
}
