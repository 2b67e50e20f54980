package jsonapi_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

// decode reads a document that must be readable. It may hold ten resources.
func decode(t testing.TB, body string) *jsonapi.Document {
	t.Helper()
	d, err := jsonapi.Decode([]byte(body), 10)
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return d
}

// reason returns the text of an error of a document or of an item. It fails if
// the error has a wrong type, or if anything was read beside it.
func reason(t testing.TB, empty bool, err error) string {
	t.Helper()
	var syntax *jsonapi.SyntaxError
	var tooMany *jsonapi.TooManyError
	if !errors.As(err, &syntax) && !errors.As(err, &tooMany) || !empty {
		t.Fatalf("the error is %v (%T)", err, err)
	}
	if strings.Contains(err.Error(), "john") {
		t.Errorf("the error quotes the document: %v", err)
	}
	return err.Error()
}

func equal[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// encoded returns a value as JSON, which shows what its pointers point to.
func encoded(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestDataTellsItsKind(t *testing.T) {
	for body, want := range map[string]struct {
		kind jsonapi.DataKind
		n    int
	}{
		`{}`:                                     {jsonapi.NoData, 0},
		`{"data":null}`:                          {jsonapi.Null, 0},
		`{"data":[]}`:                            {jsonapi.Many, 0},
		`{"data":{"type":"t","id":"1"}}`:         {jsonapi.One, 1},
		"{\"data\":[{},\n{} , {}]}":              {jsonapi.Many, 3},
		"\uFEFF{\"data\":[]}":                    {jsonapi.Many, 0},
		"\r\n\t {\"data\":[]} \n":                {jsonapi.Many, 0},
		`{"data":[],"data":null}`:                {jsonapi.Null, 0},
		`{"\u0064at\u0061":[]}`:                  {jsonapi.Many, 0},
		`{"data":[],"included":[0,null,{}]}`:     {jsonapi.Many, 0},
		`{"data":[],"unknown":[{"a":[1,{}]}]}`:   {jsonapi.Many, 0},
		`{"data":[{}],"errors":[{"title":"A"}]}`: {jsonapi.Many, 1},
	} {
		d := decode(t, body)
		equal(t, "the kind of "+body, d.Kind, want.kind)
		equal(t, "the number of items of "+body, len(d.Items), want.n)
	}
}

func TestDocumentsThatCannotBeRead(t *testing.T) {
	for body, want := range map[string]string{
		"":                           "cut off",
		`{"data":{"id":"john"`:       "cut off",
		"john":                       "not valid JSON",
		`{"data":null}{"data":null}`: "not valid JSON",
		"{\"data\":null}\x00":        "not valid JSON",
		"{\"data\":\"\xff\"}":        "UTF-8",
		"[]":                         "the document must not be a JSON array",
		"null":                       "the document must not be a JSON null",
		`{"data":"john"}`:            "the data of the document must not be a JSON string",
		`{"data":7}`:                 "the data of the document must not be a JSON number",
		`{"data":[],"included":7}`:   "included must not be a JSON number",
		`{"data":[],"included":{}}`:  "included must not be a JSON object",
		`{"data":[],"meta":[]}`:      "meta must not be a JSON array",
		`{"data":[],"meta":{"record_count":"john"}}`: "meta.record_count must not be a JSON string",
		`{"data":[],"meta":{"record_count":1.5}}`:    "meta.record_count must be a whole number",
		`{"data":[],"links":[]}`:                     "links must not be a JSON array",
		`{"data":[],"links":{"next":7}}`:             "links.next must not be a JSON number",
		`{"data":[],"links":{"next":{"href":7}}}`:    "href of links.next must not be a JSON number",
		`{"meta":7}`:                       "meta must not be a JSON number",
		strings.Repeat(`{"data":`, 10_001): "10000 levels",
	} {
		d, err := jsonapi.Decode([]byte(body), 10)
		if got := reason(t, d == nil, err); !strings.Contains(got, want) {
			t.Errorf("%.40q: the reason is %q, want %q in it", body, got, want)
		}
	}
}

func TestCountAndNextPage(t *testing.T) {
	for body, want := range map[string]string{
		`{"data":[],"meta":null,"links":null}`:                                "-1 false",
		`{"data":[],"meta":{"record_count":-7}}`:                              "-1 false",
		`{"data":[],"meta":{"record_count":30},"links":{"next":"x"}}`:         "30 true",
		`{"data":[],"meta":{"record_count":null},"links":{"next":null}}`:      "-1 false",
		`{"data":[],"links":{"next":""}}`:                                     "-1 false",
		`{"data":[],"meta":{"record_count":30},"links":{"next":{"href":""}}}`: "30 false",
		`{"data":[],"links":{"next":{"href":"x","meta":{}}}}`:                 "-1 true",
		`{"data":[],"links":{"next":{}}}`:                                     "-1 false",
		`{"data":[],"meta":{"record_count":30,"record_count":null}}`:          "-1 false",
		`{"data":[],"meta":{"Record_Count":30},"Links":{"next":"x"}}`:         "-1 false",
	} {
		d := decode(t, body)
		equal(t, body, fmt.Sprint(d.Total, d.Next), want)
	}
}

func TestIncludedIsToldEvenIfItIsEmpty(t *testing.T) {
	for body, want := range map[string]bool{
		`{"data":[]}`: false, `{"data":[],"included":null}`: false, `{"data":null,"included":[]}`: true,
	} {
		equal(t, body, decode(t, body).Included, want)
	}
}

func TestBeginningsOfDocumentsAreCutOff(t *testing.T) {
	for body, want := range map[string]bool{
		`{"data":`: true, `[1`: true, "\uFEFF{": true, "": false, " ": false, `{}`: false, `{]`: false, "<html>": false,
	} {
		equal(t, body, jsonapi.CutOff([]byte(body)), want)
	}
}

func TestErrorsWithoutDataAreReadWhateverElseIsWrong(t *testing.T) {
	for body, want := range map[string]jsonapi.DataKind{
		`{"errors":[{"status":"503","title":"A"}],"meta":7,"links":7}`: jsonapi.NoData,
		`{"errors":{"status":503,"title":"A"},"meta":7,"links":7}`:     jsonapi.NoData,
		`{"data":null,"errors":[{"title":"A"}],"included":7}`:          jsonapi.Null,
	} {
		equal(t, body, decode(t, body).Kind, want)
	}
}

// A name in another case, or at another level, is a different name.
func TestLookAlikesOfNamesAreIgnored(t *testing.T) {
	d := decode(t, `{"DATA":7,"Data":[],"data":{"ID":"x","Id":7,"id":"one","\u0130d":"y","TYPE":7,`+
		`"type":"customers","Attributes":[],
		"attributes":{"id":"x","type":"y","metadata":{"trace_id":"no","mode":"no","data":[]}},
		"META":7,"meta":{"Mode":"x","MODE":7,"mode":"test"},"LINKS":7,"links":{"Self":7},
		"relationships":{"tags":{"DATA":7,"Links":7,"links":{"SELF":7}},
		"Tags":{"data":{"Id":7,"id":"1","type":"tags"}}}},
		"data ":7,"dat":7,"Included":7,"META":7}`)
	r := d.Items[0].Resource
	if r == nil {
		t.Fatal(d.Items[0].Err)
	}
	equal(t, "the resource", r.Type+"/"+r.ID, "customers/one")
	equal(t, "the mode", *r.Mode, "test")
	if r.Self != nil {
		t.Errorf("the link is %v, want none", *r.Self)
	}
	equal(t, "the relationships", encoded(t, r.Relationships),
		`{"Tags":{"Self":null,"Related":null,"Data":[{"type":"tags","id":"1"}]},"tags":{"Self":null,"Related":null,`+
			`"Data":null}}`)
}

func TestReadingKeepsNoHoldOfTheBody(t *testing.T) {
	body := []byte(`{"data":{"type":"t","id":"1","attributes":{"a":"b"},` +
		`"relationships":{"r":{"links":{"self":"s"}}},"meta":{"mode":"test"}}}`)
	d, err := jsonapi.Decode(body, 1)
	if err != nil {
		t.Fatal(err)
	}
	want := encoded(t, d.Items)
	for i := range body {
		body[i] = 'x'
	}
	equal(t, "the items", encoded(t, d.Items), want)
}
