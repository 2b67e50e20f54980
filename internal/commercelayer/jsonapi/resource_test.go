package jsonapi_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

// resource reads a document with one resource that must be readable.
func resource(t testing.TB, members string) *jsonapi.Resource {
	t.Helper()
	item := decode(t, `{"data":{"type":"customers","id":"one",`+members+`}}`).Items[0]
	if item.Err != nil {
		t.Fatalf("%s: %v", members, item.Err)
	}
	return item.Resource
}

func TestResourceIsRead(t *testing.T) {
	r := resource(t, `"links":{"self":"u","about":["y"]},"attributes": {"email":"a@b"},"lid":7,
		"relationships":{"tags":{"links":{"self":"s","related":{"href":"r"}},"meta":{}}},
		"meta":{"mode":"test","organization_id":"org","trace_id":{},"shard":3}`)
	equal(t, "the resource", encoded(t, r), `{"type":"customers","id":"one","Attributes":{"email":"a@b"},`+
		`"Relationships":{"tags":{"Self":"s","Related":"r","Data":null}},"Self":"u","Mode":"test",`+
		`"OrganizationID":"org"}`)
}

func TestWhatIsNullOrMissingIsNil(t *testing.T) {
	bare := `{"type":"customers","id":"one","Attributes":null,"Relationships":null,"Self":null,"Mode":null,` +
		`"OrganizationID":null}`
	for _, members := range []string{
		`"x":0`,
		`"attributes":null,"relationships":null,"links":null,"meta":null`,
		`"links":{},"meta":{}`,
		`"links":{"self":null},"meta":{"mode":null,"organization_id":null}`,
		`"links":{"self":{}}`,
		`"links":{"self":{"href":null}}`,
		`"attributes":{"a":1},"attributes":null`,
		`"meta":{"mode":"test","mode":null}`,
	} {
		equal(t, members, encoded(t, resource(t, members)), bare)
	}
}

func TestAttributesAreKeptAsSent(t *testing.T) {
	for _, attributes := range []string{
		`{}`, `{ "a" : [ 1 , 2 ] }`, `{"n":9007199254740993,"f":1.10,"e":1e400,"z":-0}`,
		`{"t":"\u00e9\/<>&\ud800","t":"twice"}`,
		`{"a":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`,
	} {
		equal(t, "the attributes", string(resource(t, `"attributes": `+attributes+` `).Attributes), attributes)
	}
}

// A relationship that is not included differs from one that is included and
// empty.
func TestLinkage(t *testing.T) {
	r := resource(t, `"relationships":{
		"not_included":{"links":{}},"nothing":null,"to_none":{"data":null},
		"to_one":{"data":{"type":"a","id":"1","meta":[]}},
		"to_many":{"data":[{"type":"b","id":"1"},{"id":"2","type":"b"}]},"to_no_many":{"data":[]}}`)
	for name, want := range map[string]string{
		"not_included": "null", "nothing": "null", "to_none": "[]", "to_one": `[{"type":"a","id":"1"}]`,
		"to_many": `[{"type":"b","id":"1"},{"type":"b","id":"2"}]`, "to_no_many": "[]",
	} {
		equal(t, name, encoded(t, r.Relationships[name].Data), want)
	}
	equal(t, "the number of relationships", len(r.Relationships), 6)
}

func TestResourcesThatCannotBeRead(t *testing.T) {
	broken := map[string]string{
		`7`:                              "a resource must not be a JSON number",
		`null`:                           "a resource must not be a JSON null",
		`{}`:                             "the id of a resource is missing",
		`{"type":"customers","id":null}`: "the id of a resource is missing",
		`{"type":"customers","id":""}`:   "the id of a resource is empty",
		`{"type":"customers","id":7}`:    "the id of a resource must not be a JSON number",
		`{"id":"one"}`:                   "the type of a resource is missing",
		`{"id":"one","type":[]}`:         "the type of a resource must not be a JSON array",
	}
	for members, want := range map[string]string{
		`"attributes":[]`:               "the attributes of a resource must not be a JSON array",
		`"links":"john"`:                "the links of a resource must not be a JSON string",
		`"links":{"self":true}`:         "links.self of a resource must not be a JSON boolean",
		`"meta":"john"`:                 "the meta of a resource must not be a JSON string",
		`"meta":{"mode":7}`:             "meta.mode of a resource must not be a JSON number",
		`"meta":{"organization_id":{}}`: "meta.organization_id of a resource must not be a JSON object",
		`"relationships":"john"`:        "the relationships of a resource must not be a JSON string",
		`"relationships":{"john":7}`:    "a relationship must not be a JSON number",
	} {
		broken[`{"id":"one","type":"t",`+members+`}`] = want
	}
	for members, want := range map[string]string{
		`"data":7`:                       "the data of a relationship must not be a JSON number",
		`"data":[null]`:                  "a resource in the data of a relationship must not be a JSON null",
		`"data":{"type":"t","id":7}`:     "the id of a related resource must not be a JSON number",
		`"data":[{"type":"t"}]`:          "the id of a related resource is missing",
		`"data":[{"type":7,"id":"1"}]`:   "the type of a related resource must not be a JSON number",
		`"data":{"id":"1"}`:              "the type of a related resource is missing",
		`"links":[]`:                     "the links of a relationship must not be a JSON array",
		`"links":{"self":7}`:             "links.self of a relationship must not be a JSON number",
		`"links":{"related":{"href":7}}`: "the href of links.related of a relationship must not be a JSON number",
	} {
		broken[`{"id":"one","type":"t","relationships":{"john":{`+members+`}}}`] = want
	}
	for raw, want := range broken {
		var ids []string
		for i, item := range decode(t, `{"data":[{"id":"a","type":"t"},`+raw+`,{"id":"b","type":"t"}]}`).Items {
			ids = append(ids, item.ID)
			if i == 1 {
				equal(t, raw, reason(t, item.Resource == nil, item.Err), want)
			} else if item.Err != nil || item.Resource.ID != item.ID {
				t.Errorf("%s costs another resource: %v", raw, item.Err)
			}
		}
		known := ""
		if strings.Contains(raw, `"id":"one"`) {
			known = "one"
		}
		if !slices.Equal(ids, []string{"a", known, "b"}) {
			t.Errorf("%s: the ids are %q", raw, ids)
		}
	}
}

func TestTextsAreUnescaped(t *testing.T) {
	for raw, want := range map[string]string{
		`plain`: "plain", `\u0061\"\\\/\b\f\n\r\t`: "a\"\\/\b\f\n\r\t", `\ud83d\ude00`: "😀", `é漢`: "é漢",
		`\ud83d`: "\uFFFD", `\ude00\ud83d`: "\uFFFD\uFFFD", `\ud83dx`: "\uFFFDx", `\ud83d\n`: "\uFFFD\n",
		`\ud83d\u0061`: "\uFFFDa",
		`\u0000`:       "\x00", `\\u0061`: `\u0061`, `\uD83D\uDE00\uFEFF`: "😀\uFEFF", `\\`: `\`, `\\\"`: `\"`,
	} {
		item := decode(t, `{"data":{"type":"`+raw+`","id":"`+raw+`"}}`).Items[0]
		equal(t, raw, item.ID, want)
		equal(t, raw, item.Resource.Type, want)
	}
}
