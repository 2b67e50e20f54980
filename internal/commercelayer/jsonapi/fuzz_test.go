package jsonapi_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

// loose reads a JSON object with [encoding/json] into a map. In a map names are
// not matched without case, and the last of two equal names counts.
func loose(raw []byte) map[string]json.RawMessage {
	var m map[string]json.RawMessage
	if json.Unmarshal(raw, &m) != nil {
		return nil
	}
	return m
}

func looseText(raw []byte) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		"", "null", "[]", `{"data":null}`, `{"data":[]}`, "\uFEFF{}",
		`{"data":[{"id":"a","type":"t"},7],"meta":{"record_count":2},"links":{"next":{"href":"x"}}}`,
		`{"data":{"id":"a","ID":7,"type":"t","attributes":{"a":[1,{}]},"links":{"self":"s"},"meta":{"mode":"test",` +
			`"trace_id":7},"relationships":{"r":{"data":[{"type":"t","id":"1"}]}}},"included":[{"type":"t","id":"1",` +
			`"attributes":{}}]}`,
		`{"errors":[{"status":"503","title":"\ud800"}]}`, `{"data":{"i\u0064":"\ud83d\ude00\\\"","type":"t"}}`,
		"{\"data\": [ { } , { }\n] }",
	} {
		f.Add([]byte(s))
	}
	const resources = 4
	f.Fuzz(func(t *testing.T, body []byte) {
		d, err := jsonapi.Decode(body, resources)
		var syntax *jsonapi.SyntaxError
		var tooMany *jsonapi.TooManyError
		if err != nil {
			if d != nil || !errors.As(err, &syntax) && !errors.As(err, &tooMany) {
				t.Fatalf("got %v and %v (%T)", d, err, err)
			}
			return
		}
		// The same document is read with encoding/json and compared.
		if !utf8.Valid(body) {
			t.Fatal("invalid UTF-8 is read")
		}
		top := loose(bytes.TrimPrefix(bytes.TrimSpace(body), []byte("\uFEFF")))
		data := top["data"]
		var list []json.RawMessage
		if json.Unmarshal(data, &list) != nil {
			list = []json.RawMessage{data}
		}
		if d.Kind == jsonapi.Many || d.Kind == jsonapi.One {
			if len(list) != len(d.Items) {
				t.Fatalf("%d items, want %d", len(d.Items), len(list))
			}
		} else if len(d.Items) > 0 || len(data) > 0 && string(data) != "null" {
			t.Fatalf("the kind is %d, the data %s", d.Kind, data)
		}
		for i, item := range d.Items {
			members := loose(list[i])
			if (item.Resource == nil) == (item.Err == nil) {
				t.Fatal("an item is neither a resource nor an error, or both")
			}
			if want := looseText(members["id"]); item.ID != want {
				t.Errorf("the id is %q, want %q", item.ID, want)
			}
			if item.Err != nil {
				continue
			}
			r := item.Resource
			if want := looseText(members["type"]); r.Type != want || r.ID != item.ID {
				t.Errorf("the resource is %v, want the type %q", r.Identifier, want)
			}
			attributes := string(members["attributes"])
			if attributes == "null" {
				attributes = ""
			}
			equal(t, "the attributes", string(r.Attributes), attributes)
			want := slices.Sorted(maps.Keys(loose(members["relationships"])))
			if got := slices.Sorted(maps.Keys(r.Relationships)); !slices.Equal(got, want) {
				t.Errorf("the relationships are %q, want %q", got, want)
			}
			reached := d.Reachable(r)
			if len(reached) > len(d.Items)+bytes.Count(top["included"], []byte("{")) || slices.Contains(reached, r) {
				t.Errorf("%d resources are reached", len(reached))
			}
		}
	})
}

func FuzzCanonical(f *testing.F) {
	for _, s := range []string{
		"", "null", `{"b":1,"a":[1.0,1e400,-0]}`, `{"a":1,"a":{"\ud800":2,"\ud801":3}}`, `"<>&\u2028"`, "[[[[]]]]",
		`{"a":{"b":1},"a":{"c":1}}`,
	} {
		f.Add([]byte(s))
	}
	value := func(t *testing.T, raw []byte) any {
		t.Helper()
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.UseNumber()
		var v any
		if err := decoder.Decode(&v); err != nil {
			t.Fatalf("%q is no JSON: %v", raw, err)
		}
		return v
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		once, err := jsonapi.Canonical(raw)
		if err != nil {
			if json.Valid(raw) && utf8.Valid(raw) {
				t.Errorf("%q has no canonical form: %v", raw, err)
			}
			return
		}
		twice, err := jsonapi.Canonical(once)
		if err != nil || !bytes.Equal(once, twice) {
			t.Errorf("%q becomes %q and then %q, %v", raw, once, twice, err)
		}
		if !reflect.DeepEqual(value(t, once), value(t, bytes.TrimPrefix(bytes.TrimSpace(raw), []byte("\uFEFF")))) {
			t.Errorf("%q becomes %q, which is another value", raw, once)
		}
	})
}

func FuzzDecodeErrors(f *testing.F) {
	for _, s := range []string{
		"", "<html>", `{"errors":[{"status":"404","code":"A","title":"B","detail":"C"}]}`,
		`{"errors":{"status":429}}`, `{"error":"a","error_description":"b"}`,
		`{"errors":["a",null,{"title":7}]}`, `{"error":[{"title":"\ud800"}]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		list := jsonapi.DecodeErrors(body, 3)
		if len(list) > 3 {
			t.Errorf("%d errors are kept", len(list))
		}
		for _, e := range list {
			if e == (jsonapi.Error{}) {
				t.Error("an error says nothing")
			}
			if !utf8.ValidString(strings.Join([]string{e.Status, e.Code, e.Title, e.Detail}, "")) {
				t.Errorf("%q is not valid UTF-8", e)
			}
		}
		if len(list) > 0 && !json.Valid(bytes.TrimPrefix(bytes.TrimSpace(body), []byte("\uFEFF"))) {
			t.Errorf("%q is no JSON and has errors", body)
		}
	})
}
