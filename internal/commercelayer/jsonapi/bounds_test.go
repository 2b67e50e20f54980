package jsonapi_test

import (
	"errors"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

func TestAsManyAsAllowedAreReadAndOneMoreIsNot(t *testing.T) {
	thousand := string(numbered(``, `"%d":{}`, ``, jsonapi.MaxRelationships))
	for name, test := range map[string]struct {
		before, element, after string
		// most is how many of the elements are allowed.
		most int
		want string
	}{
		"data": {`{"data":[`, `{"type":"t","id":"1"}`, `]}`, 3, "the answer holds more than 3 resources"},
		"included": {`{"data":[],"included":[`, `{}`, `]}`, jsonapi.MaxIncluded,
			"the answer holds more than 100000 included resources"},
		"errors": {`{"errors":[`, `{"title":"a"}`, `]}`, jsonapi.MaxErrors, "the answer holds more than 100 errors"},
		"relationships": {`{"data":{"type":"t","id":"1","relationships":{`, `"%d":{}`, `}}}`, jsonapi.MaxRelationships,
			"the answer holds more than 1000 relationships of one resource"},
		"relationships of included": {`{"data":[],"included":[{"type":"t","id":"1","relationships":{`, `"%d":{}`,
			`}}]}`, jsonapi.MaxRelationships, "the answer holds more than 1000 relationships of one resource"},
		"all relationships": {`{"data":[],"included":[`, `{"type":"t","id":"1","relationships":{` + thousand + `}}`, `]}`,
			jsonapi.MaxAllRelationships / jsonapi.MaxRelationships, "the answer holds more than 250000 relationships"},
		"linkage": {`{"data":{"type":"t","id":"1","relationships":{"r":{"data":[`, `{"type":"t","id":"1"}`, `]}}}}`,
			jsonapi.MaxLinkage, "the answer holds more than 200000 linked resources"},
		"linkage of several": {`{"data":[],"included":[`,
			`{"relationships":{"r":{"data":{}},"s":{"data":[0,0,0]}}}`, `]}`, jsonapi.MaxLinkage / 4,
			"the answer holds more than 200000 linked resources"},
		"attributes": {`{"data":{"type":"t","id":"1","attributes":{`, `"%d":0`, `}}}`, jsonapi.MaxMembers,
			"the answer holds more than 10000 members in the attributes of one resource"},
		"attributes of included": {`{"data":[],"included":[{"type":"t","id":"1","attributes":{`, `"%d":","`, `}}]}`,
			jsonapi.MaxMembers, "the answer holds more than 10000 members in the attributes of one resource"},
		"nested attributes": {`{"data":{"type":"t","id":"1","attributes":{ "a" : [{ },[ ],"[,{\"",[`, `0`, `]]}}}`,
			jsonapi.MaxMembers - 5, "the answer holds more than 10000 members in the attributes of one resource"},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := jsonapi.Decode(numbered(test.before, test.element, test.after, test.most), 3)
			if err != nil {
				t.Fatalf("the bound itself is refused: %v", err)
			}
			for _, item := range d.Items {
				if item.Err != nil {
					t.Error(item.Err)
				}
			}
			d, err = jsonapi.Decode(numbered(test.before, test.element, test.after, test.most+1), 3)
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
		_, err := jsonapi.Decode([]byte(body), 0)
		equal(t, body+" is read", err == nil, want)
	}
}
