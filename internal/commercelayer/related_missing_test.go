package commercelayer

import (
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestUnknownCustomerAndUnknownRelationshipAreToldApart(t *testing.T) {
	for name, options := range map[string][]string{
		"as documented": nil, "relationship refused": {"related-unknown:refused"},
		"include ignored": {"unknown-include:ignored"}, "include refused with another code": {"unknown-include:code"},
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
	coded := func(code string) string { return `{"errors":[{"code":"` + code + `"}]}` }
	filtered := RelatedQuery{Filter: map[string]string{"a_eq": "b"}}
	sorted := RelatedQuery{Sort: []string{"a"}}
	for name, test := range map[string]struct {
		refusal      string
		query        RelatedQuery
		want         Class
		relationship string
		requests     int
		status       int
	}{
		"another status":        {coded("UNKNOWN_RELATIONSHIP"), RelatedQuery{}, ErrNoRelationship, "order", 3, 422},
		"another code":          {coded("UNKNOWN_RELATIONSHIP"), RelatedQuery{}, ErrNoRelationship, "order", 3, 400},
		"no code":               {`{"errors":[{"title":"Bad request"}]}`, RelatedQuery{}, ErrNoRelationship, "order", 3, 400},
		"no JSON":               {`Bad request`, RelatedQuery{}, ErrNoRelationship, "order", 3, 400},
		"about one that exists": {coded("UNKNOWN_RELATIONSHIP"), RelatedQuery{}, ErrBadRequest, "orders", 3, 400},
		"about the filter":      {coded("FILTER_NOT_ALLOWED"), filtered, ErrBadRequest, "order", 1, 400},
		"about the sort":        {coded("INVALID_SORT_CRITERIA"), sorted, ErrBadRequest, "order", 1, 400},
	} {
		bubble(t, name, func(t *testing.T) {
			e, w, c := emulated(t, 0)
			e.Inject(emulator.Fault{PathPrefix: customerPath(emulator.FullCustomerID) + "/",
				Answer: emulator.Body(test.status, jsonapi.MediaType, test.refusal)})
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

// Only linkage tells that nothing is related. If it names resources, the answer
// can't be "none".
func TestRelationshipThatIsNotFoundIsEmptyOnlyIfTheCustomerSaysSo(t *testing.T) {
	notFound := respond(404, "", `{"errors":[{"code":"RECORD_NOT_FOUND","status":"404"}]}`)
	for linkage, want := range map[string]string{
		`"data":null`: "", `"data":[]`: "", `"links":{}`: "does not tell whether anything is related",
		`"data":[{"type":"orders","id":"a"},{"type":"orders","id":"b"}]`: "2 related resources, and they are not found",
	} {
		bubble(t, linkage, func(t *testing.T) {
			customer := `{"data":{"id":"x","type":"customers","relationships":{"orders":{` + linkage + `}}}}`
			w, c := clientOf(t, inTurn(notFound, respond(200, "", customer)), 0)
			_, err := follow(t, c, RelatedQuery{CustomerID: "x", Relationship: "orders"})
			w.expect(t, 2)
			if want == "" {
				expectEqual(t, "the error", err, nil)
			} else if reason := failureOf(t, err, ErrMalformed).Reason; !strings.Contains(reason, want) {
				t.Errorf("the reason is %q, want %q in it", reason, want)
			}
		})
	}
}

// If the request that explains a 404 fails, its error is returned.
func TestFailureToTellA404ApartIsTheError(t *testing.T) {
	e, _, c := emulated(t, 0)
	e.Inject(emulator.Fault{After: 1, Answer: emulator.Status(501)})
	_, err := follow(t, c, RelatedQuery{CustomerID: "nobody", Relationship: "orders"})
	expectKind(t, err, ErrServer)
}
