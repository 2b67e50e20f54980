package commercelayer

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// friend answers like an unknown to-one relationship. It refuses paging
// parameters.
func friend(code, data string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("page[size]") {
			const refusal = `{"errors":[{"title":"Bad request","detail":"No.","code":"%s","status":"400"}]}`
			respond(400, "", fmt.Sprintf(refusal, code))(w, r)
			return
		}
		respond(200, "", `{"data":`+data+`}`)(w, r)
	}
}

func TestUnknownRelationshipThatRefusesPagesIsAskedOnceWithout(t *testing.T) {
	for _, code := range []string{
		"PARAM_NOT_ALLOWED", "INVALID_PAGE_OBJECT", "INVALID_SORT_CRITERIA", "BAD_REQUEST", "",
	} {
		for data, count := range map[string]int{"null": 0, `{"id":"a","type":"friends"}`: 1} {
			bubble(t, code+" "+data, func(t *testing.T) {
				w := &wire{handler: friend(code, data)}
				c := newClient(t, w)
				list, ids := related(t, c, RelatedQuery{CustomerID: "x", Relationship: "friend"})
				expectEqual(t, "the resources", len(ids), count)
				expectEqual(t, "the total", list.Total, count)
				expectEqual(t, "the requests", w.asked(t), "/x/friend?page[size]=25&sort=id /x/friend")
				w.reset()
				related(t, c, RelatedQuery{CustomerID: "y", Relationship: "friend", Limit: 1})
				expectEqual(t, "the requests for another customer", w.asked(t), "/y/friend")
			})
		}
	}
}

func TestRelationshipThatIgnoresPagesIsAskedOnce(t *testing.T) {
	for body, count := range map[string]int{
		`{"data":null}`: 0, `{"data":{"id":"a","type":"friends"}}`: 1, `{"data":[]}`: 0,
	} {
		synctest.Test(t, func(t *testing.T) {
			for _, q := range []RelatedQuery{{}, {Sort: []string{"name"}}, {Limit: 1}, {Limit: 5}} {
				w := &wire{handler: respond(200, "", body)}
				q.CustomerID, q.Relationship = "x", "friend"
				list, ids := related(t, newClient(t, w), q)
				expectEqual(t, "the resources of "+body, len(ids), count)
				expectEqual(t, "whether it is complete", list.changed() || list.unordered(), false)
				w.expect(t, 1)
			}
		})
	}
}

func TestRelationshipThatTurnsOutToBeAListIsReadWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, c, id, orders := ordering(t)
		c.shapes.learn("orders", true)
		_, ids := related(t, c, RelatedQuery{CustomerID: id, Relationship: "orders"})
		expectIDs(t, ids, orders)
		w.expect(t, 4)
		w.reset()
		related(t, c, RelatedQuery{CustomerID: id, Relationship: "orders"})
		w.expect(t, 3)
	})
}

// A parameter that the reader has set is never left out. The reader must see
// that it is refused.
func TestRefusalOfWhatTheReaderAskedForIsTheError(t *testing.T) {
	for code, query := range map[string]RelatedQuery{
		"FILTER_NOT_ALLOWED":    {Filter: map[string]string{"color_eq": "red"}},
		"INVALID_SORT_CRITERIA": {Sort: []string{"color"}},
		"INVALID_INCLUDE":       {Include: []string{"color"}},
	} {
		bubble(t, code, func(t *testing.T) {
			_, w, c := emulated(t, 0)
			query.CustomerID, query.Relationship = emulator.FullCustomerID, "orders"
			_, err := follow(t, c, query)
			failure := failureOf(t, err, ErrBadRequest)
			expectEqual(t, "the code", failure.Code(), code)
			expectEqual(t, "the path", failure.Path, "/api/customers/"+emulator.FullCustomerID+"/orders")
			w.expect(t, 1)
		})
	}
	bubble(t, "a list that refuses another parameter", func(t *testing.T) {
		w := &wire{handler: friend("PARAM_NOT_ALLOWED", `[{"id":"a","type":"friends"}]`)}
		_, err := follow(t, newClient(t, w), RelatedQuery{CustomerID: "x", Relationship: "friends"})
		expectKind(t, err, ErrBadRequest)
		w.expect(t, 2)
	})
}

func TestRelatedListThatHasNoPagesIsReadRight(t *testing.T) {
	const uncounted = `{"data":[%s]}`
	for name, test := range map[string]struct {
		query RelatedQuery
		count int
	}{
		"all": {RelatedQuery{}, 60}, "sorted": {RelatedQuery{Sort: []string{"-number"}}, 60},
		"a limit": {RelatedQuery{Sort: []string{"-placed_at"}, Limit: 5}, 5}, "a count": {RelatedQuery{Count: true}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, c, id, _ := ordering(t, emulator.WithRefuted("related-to-many:whole"))
				test.query.CustomerID, test.query.Relationship = id, "orders"
				list, ids := related(t, c, test.query)
				expectEqual(t, "the number read", len(ids), test.count)
				expectEqual(t, "the total", list.Total, 60)
				expectEqual(t, "whether it is complete", list.changed() || list.unordered(), false)
				w.expect(t, 1)
			})
			synctest.Test(t, func(t *testing.T) {
				var all []string
				for n := range 60 {
					all = append(all, fmt.Sprintf(`{"id":"%d","type":"orders"}`, n))
				}
				w := &wire{handler: respond(200, "", fmt.Sprintf(uncounted, strings.Join(all, ",")))}
				test.query.CustomerID, test.query.Relationship = "x", "orders"
				list, ids := related(t, newClient(t, w), test.query)
				expectEqual(t, "the number read without a count", len(ids), test.count)
				expectEqual(t, "the total without a count", list.Total, 60)
			})
		})
	}
}

func TestRelatedListWithoutAnEndIsTooLarge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const order = `{"id":"a","type":"orders"}`
		all := strings.Repeat(order+",", maxWhole) + order
		w := &wire{handler: respond(200, "", `{"data":[`+all+`]}`)}
		_, err := follow(t, newClient(t, w), RelatedQuery{CustomerID: "x", Relationship: "orders"})
		expectKind(t, err, ErrTooLarge)
		w.expect(t, 1)
	})
}
