package jsonapi_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

// std reads a JSON value with [encoding/json]. The result is empty for a value
// of another type. In a map names are not matched without case, and the last of
// two equal names counts.
func std[T any](raw []byte) (v T) {
	decoder := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(bytes.TrimSpace(raw), []byte("\uFEFF"))))
	decoder.UseNumber()
	_ = decoder.Decode(&v)
	return v
}

type members = map[string]json.RawMessage

// FuzzDecode compares what is read with what encoding/json reads.
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
	f.Fuzz(func(t *testing.T, body []byte) {
		d, err := jsonapi.Decode(body, 4)
		if err != nil {
			reason(t, d == nil, err)
			return
		}
		if !utf8.Valid(body) {
			t.Fatal("invalid UTF-8 is read")
		}
		top := std[members](body)
		var list []json.RawMessage
		switch data := top["data"]; d.Kind {
		case jsonapi.Many:
			list = std[[]json.RawMessage](data)
		case jsonapi.One:
			list = append(list, data)
		case jsonapi.Null:
			equal(t, "the data", string(data), "null")
		case jsonapi.NoData:
			equal(t, "the data", string(data), "")
		}
		if len(list) != len(d.Items) {
			t.Fatalf("%d items, want %d", len(d.Items), len(list))
		}
		for i, item := range d.Items {
			want := std[members](list[i])
			equal(t, "the id", item.ID, std[string](want["id"]))
			if item.Err != nil {
				reason(t, item.Resource == nil, item.Err)
				continue
			}
			r := item.Resource
			equal(t, "the resource", r.Identifier, jsonapi.Identifier{Type: std[string](want["type"]), ID: item.ID})
			if attributes := want["attributes"]; string(attributes) != "null" {
				equal(t, "the attributes", string(r.Attributes), string(attributes))
			}
			names := slices.Sorted(maps.Keys(r.Relationships))
			if !slices.Equal(names, slices.Sorted(maps.Keys(std[members](want["relationships"])))) {
				t.Errorf("the relationships are %q", names)
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
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !json.Valid(raw) || !utf8.Valid(raw) {
			return
		}
		once := jsonapi.Canonical(raw)
		if twice := jsonapi.Canonical(once); !bytes.Equal(once, twice) {
			t.Errorf("%q becomes %q and then %q", raw, once, twice)
		}
		if !json.Valid(once) || !reflect.DeepEqual(std[any](once), std[any](raw)) {
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
		if len(list) > 3 || len(list) > 0 && std[any](body) == nil {
			t.Errorf("%d errors are read", len(list))
		}
		for _, e := range list {
			text := strings.Join([]string{e.Status, e.Code, e.Title, e.Detail}, "")
			if text == "" || !utf8.ValidString(text) {
				t.Errorf("an error says %q", text)
			}
		}
	})
}
