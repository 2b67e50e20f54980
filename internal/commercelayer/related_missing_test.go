package commercelayer

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestUnknownCustomerAndUnknownRelationshipAreToldApart(t *testing.T) {
	for name, options := range map[string][]string{
		"as documented": nil, "relationship refused": {"related-unknown:refused"},
		"include ignored": {"unknown-include:ignored"}, "include refused with another code": {"unknown-include:code"},
		"404 as a list": {"not-found-form:array"}, "404 as a page": {"not-found-form:html"},
	} {
		bubble(t, name, func(t *testing.T) {
			w := &wire{handler: emulator.New(emulator.WithRefuted(options...))}
			c := newClient(t, w)
			for _, relationship := range []string{"orders", "customer_group"} {
				_, err := follow(t, c, RelatedQuery{CustomerID: "nobody", Relationship: relationship})
				failure := failureOf(t, err, ErrNotFound)
				expectEqual(t, "the path", failure.Path, "/api/customers/nobody/"+relationship)
			}
			w.expect(t, 4)
			w.reset()
			_, err := follow(t, c, RelatedQuery{CustomerID: emulator.FullCustomerID, Relationship: "order"})
			failure := failureOf(t, err, ErrNoRelationship)
			expectEqual(t, "the path", failure.Path, "/api/customers/"+emulator.FullCustomerID+"/order")
			if !strings.Contains(failure.Reason, ", orders, ") {
				t.Errorf("the relationships are not named: %s", failure.Reason)
			}
			if name == "include ignored" || name == "relationship refused" {
				w.expect(t, 2)
			} else {
				w.expect(t, 3) // the relationship can't be included either
			}
		})
	}
}

// The code of the API's refusal is not documented.
func TestUnknownRelationshipIsToldWhateverTheRefusalSays(t *testing.T) {
	for name, test := range map[string]struct {
		refusal      string
		query        RelatedQuery
		want         Class
		relationship string
		requests     int
	}{
		"another code":          {`{"errors":[{"code":"UNKNOWN_RELATIONSHIP"}]}`, RelatedQuery{}, ErrNoRelationship, "order", 3},
		"no code":               {`{"errors":[{"title":"Bad request"}]}`, RelatedQuery{}, ErrNoRelationship, "order", 3},
		"a page":                {`<html></html>`, RelatedQuery{}, ErrNoRelationship, "order", 3},
		"about one that exists": {`{"errors":[{"code":"UNKNOWN_RELATIONSHIP"}]}`, RelatedQuery{}, ErrBadRequest, "orders", 3},
		"about the filter": {`{"errors":[{"code":"FILTER_NOT_ALLOWED"}]}`, RelatedQuery{Filter: map[string]string{"a_eq": "b"}},
			ErrBadRequest, "order", 1},
		"about the sort": {`{"errors":[{"code":"INVALID_SORT_CRITERIA"}]}`, RelatedQuery{Sort: []string{"a"}},
			ErrBadRequest, "order", 1},
	} {
		bubble(t, name, func(t *testing.T) {
			e, w, c := emulated(t, 0)
			e.Inject(emulator.Fault{PathPrefix: customerPath(emulator.FullCustomerID) + "/",
				Answer: emulator.Body(http.StatusBadRequest, jsonapi.MediaType, test.refusal)})
			test.query.CustomerID, test.query.Relationship = emulator.FullCustomerID, test.relationship
			_, err := follow(t, c, test.query)
			failure := failureOf(t, err, test.want)
			if named := strings.Contains(failure.Reason, ", orders, "); named != (test.want == ErrNoRelationship) {
				t.Errorf("the reason is %q", failure.Reason)
			}
			w.expect(t, test.requests)
		})
	}
}

// If the customer names related resources, the answer can't be "none".
func TestRelatedResourcesThatAreNamedAndNotFoundAreAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, 0)
		path := customerPath(emulator.FullCustomerID)
		e.Inject(emulator.Fault{PathPrefix: path + "/", Answer: emulator.Status(404)})
		_, err := follow(t, c, RelatedQuery{CustomerID: emulator.FullCustomerID, Relationship: "orders"})
		failure := failureOf(t, err, ErrMalformed)
		if !strings.Contains(failure.Reason, "2 related resources") {
			t.Error(failure)
		}
		w.expect(t, 2)
	})
}

// If the request that explains a 404 fails, its error is returned.
func TestFailureToTellA404ApartIsTheError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, _, c := emulated(t, 0)
		e.Inject(emulator.Fault{After: 1, Answer: emulator.Status(501)})
		_, err := follow(t, c, RelatedQuery{CustomerID: "nobody", Relationship: "orders"})
		expectKind(t, err, ErrServer)
	})
}
