package commercelayer

import (
	"strings"
	"testing"

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
	for status, refusal := range map[int]string{400: `{"errors":[{"code":"UNKNOWN_RELATIONSHIP"}]}`, 422: "{}"} {
		for relationship, class := range map[string]Class{"order": ErrNoRelationship, "orders": ErrBadRequest} {
			e, w, c := emulated(t, 0)
			prefix := customerPath(emulator.FullCustomerID) + "/"
			e.Inject(emulator.Fault{PathPrefix: prefix, Answer: respond(status, "", refusal)})
			_, err := follow(t, c, RelatedQuery{CustomerID: emulator.FullCustomerID, Relationship: relationship})
			named := strings.Contains(failureOf(t, err, class).Reason, ", orders, ")
			expectEqual(t, "whether the relationships are named", named, class == ErrNoRelationship)
			w.expect(t, 3)
		}
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
