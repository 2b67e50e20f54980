package jsonapi_test

import (
	"errors"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

func TestAsManyAsAllowedAreReadAndOneMoreIsNot(t *testing.T) {
	for name, test := range map[string]struct {
		before, element, after string
		bounds                 jsonapi.Bounds
		want                   string
	}{
		"data": {`{"data":[`, `{"type":"t","id":"1"}`, `]}`, jsonapi.Bounds{Data: 3},
			"the answer holds more than 3 resources"},
		"included": {`{"data":[],"included":[`, `{}`, `]}`, jsonapi.Bounds{Included: 3},
			"the answer holds more than 3 included resources"},
		"errors": {`{"errors":[`, `{"title":"a"}`, `]}`, jsonapi.Bounds{Errors: 3},
			"the answer holds more than 3 errors"},
		"relationships": {`{"data":{"type":"t","id":"1","relationships":{`, `"%d":{}`, `}}}`,
			jsonapi.Bounds{Data: 1, Relationships: 3},
			"the answer holds more than 3 relationships of one resource"},
		"relationships of included": {`{"data":[],"included":[{"type":"t","id":"1","relationships":{`, `"%d":{}`,
			`}}]}`, jsonapi.Bounds{Relationships: 3},
			"the answer holds more than 3 relationships of one resource"},
		"all relationships": {`{"data":[`, `{"type":"t","id":"1","relationships":{"a":null}}`, `]}`,
			jsonapi.Bounds{Data: 9, AllRelationships: 3},
			"the answer holds more than 3 relationships"},
		"linkage": {`{"data":{"type":"t","id":"1","relationships":{"r":{"data":[`, `{"type":"t","id":"1"}`, `]}}}}`,
			jsonapi.Bounds{Data: 1, Linkage: 3},
			"the answer holds more than 3 linked resources"},
		"linkage of several": {`{"data":[],"included":[`,
			`{"type":"t","id":"1","relationships":{"r":{"data":{"type":"t","id":"1"}}}}`, `]}`,
			jsonapi.Bounds{Linkage: 3},
			"the answer holds more than 3 linked resources"},
		"attributes": {`{"data":{"type":"t","id":"1","attributes":{`, `"%d":0`, `}}}`,
			jsonapi.Bounds{Data: 1, Members: 3},
			"the answer holds more than 3 members in the attributes of one resource"},
		"attributes of included": {`{"data":[],"included":[{"type":"t","id":"1","attributes":{`, `"%d":","`, `}}]}`,
			jsonapi.Bounds{Members: 3},
			"the answer holds more than 3 members in the attributes of one resource"},
		"nested attributes": {`{"data":{"type":"t","id":"1","attributes":{ "a" : [{ },[ ],"[,{\"",[`, `0`, `]]}}}`,
			jsonapi.Bounds{Data: 1, Members: 8},
			"the answer holds more than 8 members in the attributes of one resource"},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := jsonapi.Decode(numbered(test.before, test.element, test.after, 3), test.bounds)
			if err != nil {
				t.Fatalf("the bound itself is refused: %v", err)
			}
			for _, item := range d.Items {
				if item.Err != nil {
					t.Error(item.Err)
				}
			}
			d, err = jsonapi.Decode(numbered(test.before, test.element, test.after, 4), test.bounds)
			var tooMany *jsonapi.TooManyError
			if !errors.As(err, &tooMany) || d != nil {
				t.Fatalf("the error is %v", err)
			}
			equal(t, "the error", err.Error(), test.want)
		})
	}
}

func TestNoDataIsAllowedUnlessTheCallerSaysHowMuch(t *testing.T) {
	for body, want := range map[string]bool{
		`{"data":[]}`: true, `{"data":null}`: true, `{"data":[{}]}`: false, `{"data":{}}`: false,
	} {
		_, err := jsonapi.Decode([]byte(body), jsonapi.Bounds{})
		equal(t, body+" is read", err == nil, want)
	}
}
