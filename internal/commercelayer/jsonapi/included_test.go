package jsonapi_test

import (
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

// reached lists what the resource of an item leads to.
func reached(t testing.TB, d *jsonapi.Document, item int) string {
	t.Helper()
	if d.Items[item].Err != nil {
		t.Fatal(d.Items[item].Err)
	}
	var list []string
	for _, r := range d.Reachable(d.Items[item].Resource) {
		list = append(list, r.Type+"/"+r.ID)
	}
	return strings.Join(list, " ")
}

func TestIncludedResourcesAreReachedFromTheResource(t *testing.T) {
	d := decode(t, `{"data":{"id":"one","type":"customers","relationships":{
			"tags":{"data":[{"type":"tags","id":"2"},{"type":"tags","id":"1"},{"type":"tags","id":"2"}]},
			"orders":{"data":[{"type":"orders","id":"1"}]},
			"missing":{"data":{"type":"x","id":"9"}},
			"nothing":null}},
		"included":[
			{"type":"tags","id":"1","attributes":{"n": 1}},{"type":"tags","id":"2"},{"type":"tags","id":"3"},
			{"type":"orders","id":"1","attributes":null,"relationships":{
				"customer":{"data":{"type":"customers","id":"one"}},
				"market":{"data":{"type":"markets","id":"1"}}}},
			{"type":"markets","id":"1","attributes":{"big":9007199254740993},
				"relationships":{"orders":{"data":[{"type":"orders","id":"1"}]}}},
			{"type":"tags","id":"1","attributes":{"n":2}},
			{"type":"customers","id":"one","attributes":{}}]}`)
	equal(t, "what is reached", reached(t, d, 0), "orders/1 tags/2 tags/1 markets/1")
	list := d.Reachable(d.Items[0].Resource)
	equal(t, "the attributes of the tag", string(list[2].Attributes), `{"n": 1}`)
	equal(t, "the attributes of the market", string(list[3].Attributes), `{"big":9007199254740993}`)
	if list[0].Attributes != nil {
		t.Error("null attributes are not nil")
	}
}

func TestWhatSeveralLeadToIsHeldOnce(t *testing.T) {
	d := decode(t, `{"data":[
			{"type":"c","id":"1","relationships":{"r":{"data":{"type":"t","id":"1"}}}},
			{"type":"c","id":"2","relationships":{"r":{"data":[{"type":"t","id":"1"}]}}},
			{"type":"c","id":"3","relationships":{"r":{"data":[]}}}],
		"included":[{"type":"t","id":"1","attributes":{}}]}`)
	first, second := d.Reachable(d.Items[0].Resource), d.Reachable(d.Items[1].Resource)
	if len(first) != 1 || len(second) != 1 || first[0] != second[0] {
		t.Errorf("the first leads to %v, the second to %v", first, second)
	}
	equal(t, "what the third leads to", reached(t, d, 2), "")
}

// A server sends each resource once, so a resource in data is not in included.
func TestOtherResourcesOfTheListAreReached(t *testing.T) {
	d := decode(t, `{"data":[
			{"type":"c","id":"1","relationships":{"friend":{"data":{"type":"c","id":"2"}}}},
			{"type":"c","id":"2","relationships":{"friend":{"data":{"type":"c","id":"3"}},
				"tag":{"data":{"type":"t","id":"1"}}}},
			{"type":"c","id":"3","relationships":{"friend":{"data":{"type":"c","id":"3"}}}}],
		"included":[{"type":"t","id":"1"}]}`)
	equal(t, "what the first leads to", reached(t, d, 0), "c/2")
	equal(t, "what the second leads to", reached(t, d, 1), "c/3 t/1")
	equal(t, "what the third leads to", reached(t, d, 2), "")
}

func TestIncludedResourceThatCannotBeReadCostsThoseThatLeadToIt(t *testing.T) {
	d := decode(t, `{"data":[
			{"type":"c","id":"1","relationships":{"r":{"data":{"type":"t","id":"1"}}}},
			{"type":"c","id":"2","relationships":{"r":{"data":{"type":"t","id":"3"}}}},
			{"type":"c","id":"3","relationships":{"r":{"data":{"type":"t","id":"4"}}}}],
		"included":[7,null,{},{"type":"t"},{"id":"4"},{"type":"t","id":"2","attributes":"john"},
			{"type":"t","id":"1","relationships":{"r":{"data":{"type":"t","id":"2"}}}},
			{"type":"t","id":"3","attributes":{}}]}`)
	got := reason(t, d.Items[0].Resource == nil, d.Items[0].Err)
	equal(t, "the reason", got,
		"one of its included resources: the attributes of a resource must not be a JSON string")
	equal(t, "the id", d.Items[0].ID, "1")
	equal(t, "what the second leads to", reached(t, d, 1), "t/3")
	equal(t, "what the third leads to", reached(t, d, 2), "")
}
