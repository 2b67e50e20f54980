package emulator_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// one returns a document with a customer that has these members.
func one(members string) string {
	return `{"data":{"type":"customers","id":"a",` + members + `}}`
}

func TestBadDataIsExplained(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"empty":           {" \n", "the file is empty"},
		"no JSON":         {"{\"data\":[\n  {\"id\": oops}]}", ":2:10: invalid character 'o'"},
		"cut":             {`{"data":[{"id":"x"`, ":1:18: unexpected end of JSON input"},
		"UTF-16":          {"\xff\xfe{\x00", "not UTF-8"},
		"a bare list":     {`[{"data":{}}]`, `the document: an array, expected an object with "data"`},
		"a bare resource": {`{"id":"x","type":"customers"}`, `write {"data": …}`},
		"an error": {
			`{"errors":[{"title":"Invalid token","code":"INVALID_TOKEN"}]}`,
			`errors: the API answered with an error and not with a customer: [{"title":"Invalid token"`,
		},
		"no data":      {`{"meta":{}}`, "data: missing, expected a customer or an array of customers"},
		"a string":     {`{"data":["x"]}`, "data[0]: a string, expected a resource"},
		"another type": {`{"data":[{"type":"orders","id":"x"}]}`, `data[0].type: "orders", expected "customers"`},
		"no type":      {`{"data":{"id":"x"}}`, "data.type: missing, expected a string"},
		"an empty ID":  {`{"data":{"type":"customers","id":""}}`, `data.id: "", expected a text`},
		"a slash":      {`{"data":{"type":"customers","id":"a/b"}}`, "has a slash"},
		"a doubled ID": {
			`{"data":[{"type":"customers","id":"a"},{"type":"customers","id":"a"}]}`,
			`data[1].id: "a" is already the ID of`,
		},
		"a doubled key": {one(`"id":"b"`), `data: the key "id" occurs twice`},
		"attributes":    {one(`"attributes":[]`), "data.attributes: an array, expected an object"},
		"a count":       {one(`"attributes":{"total_orders_count":1.5}`), "total_orders_count: 1.5, expected a whole number"},
		"a time":        {one(`"attributes":{"created_at":"yesterday"}`), `created_at: "yesterday", expected a time such as`},
		"relationships": {one(`"relationships":[]`), "data.relationships: an array, expected an object"},
		"a relationship": {
			one(`"relationships":{"tags":["x"]}`),
			"data.relationships.tags: an array, expected an object",
		},
		"linkage": {one(`"relationships":{"tags":{"data":"x"}}`), "data.relationships.tags.data: a string"},
		"an identifier": {
			one(`"relationships":{"tags":{"data":[{"id":"x"}]}}`),
			"data.relationships.tags.data[0].type: missing",
		},
		"an identifier's kind": {
			one(`"relationships":{"tags":{"data":["x"]}}`),
			"tags.data[0]: a string, expected an object with type and id",
		},
		"included":           {`{"data":[],"included":{}}`, "included: an object, expected an array"},
		"something included": {`{"data":[],"included":[{"type":"tags"}]}`, "included[0].id: missing"},
		"meta":               {one(`"meta":"x"`), "data.meta: a string, expected an object"},
		"a mode":             {one(`"meta":{"mode":"prod"}`), `data.meta.mode: "prod", expected "test" or "live"`},
		"two modes": {`{"data":[{"type":"customers","id":"a","meta":{"mode":"test"}},` +
			`{"type":"customers","id":"b","meta":{"mode":"live"}}]}`,
			`data[1].meta.mode: "live", but`},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(writeFiles(t, map[string]string{"bad.json": test.text}), "bad.json")
			data, err := emulator.ReadData(file)
			if err == nil || data != nil || !strings.HasPrefix(err.Error(), file+":") || !strings.Contains(err.Error(),
				test.want) {
				t.Errorf("got %v\nwant in it %s", err, test.want)
			}
		})
	}
}

func TestAllMistakesOfAllFilesAreListed(t *testing.T) {
	many := `{"data":[` + strings.TrimSuffix(strings.Repeat(`{"type":"tags","id":"x"},`, 30), ",") + `]}`
	_, err := emulator.ReadData(writeFiles(t, map[string]string{"a.json": "{", "b.json": many}))
	if err == nil {
		t.Fatal("accepted")
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 21 || !strings.Contains(lines[0], "a.json:1:1") || !strings.Contains(lines[2],
		"b.json: data[1].type") ||
		lines[20] != "and 11 more" {
		t.Errorf("got\n%v", err)
	}
}
