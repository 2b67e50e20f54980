package commercelayer

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// ordering returns a client of an emulator that has a customer with 60 orders.
// It also returns the IDs of the customer and of the orders.
func ordering(t *testing.T, options ...emulator.Option) (w *wire, c *Client, id string, orders []string) {
	t.Helper()
	e := emulator.New(options...)
	w, c = clientOf(t, e, 0)
	id = e.AddCustomer(emulator.Customer{Email: "many@example.com"})
	return w, c, id, e.AddOrders(id, 60)
}

// filtered returns a query for related resources of the full customer.
func filtered(relationship, predicate, value string) RelatedQuery {
	return RelatedQuery{
		CustomerID: emulator.FullCustomerID, Relationship: relationship, Filter: map[string]string{predicate: value},
	}
}

// follow reads a listing to its end.
func follow(t *testing.T, c *Client, q RelatedQuery) ([]*RelatedResource, error) {
	t.Helper()
	return collect(c.Related(q).Pages(t.Context()))
}

// related reads a listing that must be readable, and returns its IDs.
func related(t *testing.T, c *Client, q RelatedQuery) (*RelatedListing, []string) {
	t.Helper()
	list := c.Related(q)
	resources, err := collect(list.Pages(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]string, len(resources))
	for i, resource := range resources {
		ids[i] = resource.ID
	}
	return list, ids
}

func TestRelatedArgumentsBecomeTheQuery(t *testing.T) {
	sort, fresh := []string{"-placed_at"}, "sort=-placed_at,id"
	const one = "customer_group"
	for name, test := range map[string]struct {
		query        RelatedQuery
		asked        string
		count, total int
	}{
		"a sort and a limit": {RelatedQuery{Sort: sort, Limit: 5}, "/orders?page[size]=5&" + fresh, 5, 60},
		"a sort": {
			RelatedQuery{Sort: sort}, "/orders?page[size]=25&" + fresh + " /orders?page[number]=2&page[size]=25&" + fresh +
				" /orders?page[number]=3&page[size]=25&" + fresh, 60, 60,
		},
		"a limit":         {RelatedQuery{Limit: 2}, "/orders?page[size]=2&sort=id", 2, 60},
		"the count alone": {RelatedQuery{Count: true}, "/orders?page[size]=1&sort=id", 0, 60},
		"a filter, counted": {
			RelatedQuery{Count: true, Filter: map[string]string{"number_eq": "none"}},
			"/orders?filter[q][number_eq]=none&page[size]=25&sort=id", 0, 0,
		},
		"one resource":          {RelatedQuery{Relationship: one}, "/customer_group", 0, 0},
		"one resource, counted": {RelatedQuery{Relationship: one, Count: true}, "/customer_group", 0, 0},
		"one resource, sorted":  {RelatedQuery{Relationship: one, Sort: sort, Limit: 3}, "/customer_group", 0, 0},
		"one resource, including": {
			RelatedQuery{Relationship: "jwt_customer", Include: []string{"tags", "orders"}}, "/jwt_customer?include=tags,orders",
			0, 0,
		},
	} {
		bubble(t, name, func(t *testing.T) {
			w, c, id, _ := ordering(t)
			test.query.CustomerID, test.query.Relationship = id, cmp.Or(test.query.Relationship, "orders")
			list, ids := related(t, c, test.query)
			expectEqual(t, "the requests", strings.ReplaceAll(w.asked(), "/"+id, ""), test.asked)
			expectEqual(t, "the number read", len(ids), test.count)
			expectEqual(t, "the total", list.Total, test.total)
		})
	}
	expectEqual(t, "the path of odd names", relatedPath("a/b?c", "d#e"), "/api/customers/a%2Fb%3Fc/d%23e")
}

func TestReaderMayStopAfterAPage(t *testing.T) {
	w, c, id, _ := ordering(t)
	for _, err := range c.Related(RelatedQuery{CustomerID: id, Relationship: "orders"}).Pages(t.Context()) {
		expectEqual(t, "the error", err, nil)
		break
	}
	w.expect(t, 1)
}

func TestRelatedOneIsAListOfOne(t *testing.T) {
	_, w, c := emulated(t, 0)
	list := c.Related(RelatedQuery{CustomerID: emulator.FullCustomerID, Relationship: "customer_group"})
	resources, err := collect(list.Pages(t.Context()))
	if err != nil || len(resources) != 1 {
		t.Fatal(resources, err)
	}
	group := resources[0]
	expectEqual(t, "the identifier", group.Identifier, Identifier{Type: "customer_groups", ID: emulator.VIPGroupID})
	self := "https://yourdomain.commercelayer.io/api/customer_groups/" + emulator.VIPGroupID
	expectEqual(t, "the URL", *group.Self, self)
	expectEqual(t, "the mode", *group.Mode, ModeTest)
	expectEqual(t, "the attributes", string(group.Attributes),
		`{"code":"vip","created_at":"2018-01-01T12:00:00.000Z","metadata":{},"name":"VIP",`+
			`"reference":null,"reference_origin":null,"updated_at":"2018-01-01T12:00:00.000Z"}`)
	expectEqual(t, "the total", list.Total, 1)
	w.expect(t, 1)
}

func TestRelatedAnswersThatAreRefused(t *testing.T) {
	const order = `{"id":"a","type":"orders"}`
	for body, class := range map[string]Class{
		`{}`: ErrMalformed,
		`{"data":{"id":"a","type":"orders","attributes":[]}}`:            ErrMalformed,
		`{"data":[` + strings.Repeat(order+",", maxWhole) + order + `]}`: ErrTooLarge,
	} {
		for _, relationship := range []string{"orders", "customer_group"} {
			bubble(t, relationship+" "+body[:min(len(body), 60)], func(t *testing.T) {
				c := newClient(t, pages(body))
				resources, err := follow(t, c, RelatedQuery{CustomerID: "x", Relationship: relationship})
				expectEqual(t, "the path", failureOf(t, err, class).Path, "/api/customers/x/"+relationship)
				expectEqual(t, "the number of resources", len(resources), 0)
			})
		}
	}
}

// friend answers like an unknown to-one relationship. It refuses paging
// parameters.
func friend(code, data string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("page[size]") {
			respond(400, "", fmt.Sprintf(`{"errors":[{"title":"Bad request","code":"%s","status":"400"}]}`, code))(w, r)
			return
		}
		respond(200, "", `{"data":`+data+`}`)(w, r)
	}
}

func TestUnknownRelationshipThatRefusesPagesIsAskedOnceWithout(t *testing.T) {
	for _, code := range []string{"PARAM_NOT_ALLOWED", "INVALID_SORT_CRITERIA", ""} {
		for data, count := range map[string]int{"null": 0, `{"id":"a","type":"friends"}`: 1} {
			bubble(t, code+" "+data, func(t *testing.T) {
				w, c := clientOf(t, friend(code, data), 0)
				list, ids := related(t, c, RelatedQuery{CustomerID: "x", Relationship: "friend"})
				expectEqual(t, "the resources", len(ids), count)
				expectEqual(t, "the total", list.Total, count)
				expectEqual(t, "the requests", w.asked(), "/x/friend?page[size]=25&sort=id /x/friend")
				w.reset()
				related(t, c, RelatedQuery{CustomerID: "y", Relationship: "friend", Limit: 1})
				expectEqual(t, "the requests for another customer", w.asked(), "/y/friend")
			})
		}
	}
}

func TestRelationshipThatIgnoresPagesIsAskedOnce(t *testing.T) {
	for body, count := range map[string]int{
		`{"data":null}`: 0, `{"data":{"id":"a","type":"friends"}}`: 1, `{"data":[]}`: 0,
	} {
		for _, q := range []RelatedQuery{{}, {Sort: []string{"name"}}, {Limit: 1}, {Limit: 5}} {
			w := pages(body)
			q.CustomerID, q.Relationship = "x", "friend"
			list, ids := related(t, newClient(t, w), q)
			expectEqual(t, "the resources of "+body, len(ids), count)
			expectEqual(t, "what was found", told(list.Findings), "")
			w.expect(t, 1)
		}
	}
}

func TestOneResourceThatIsSaidToBeMoreIsNotHandedOn(t *testing.T) {
	for _, body := range []string{
		`{"data":null,"meta":{"record_count":60}}`,
		`{"data":{"id":"a","type":"friends"},"meta":{"record_count":2}}`,
		`{"data":{"id":"a","type":"friends"},"links":{"next":"https://x"}}`,
	} {
		_, err := follow(t, newClient(t, pages(body)), RelatedQuery{CustomerID: "x", Relationship: "friends"})
		expectKind(t, err, ErrMalformed)
	}
}

func TestRelationshipThatTurnsOutToBeAListIsReadWhole(t *testing.T) {
	w, c, id, orders := ordering(t)
	c.shapes.learn("orders", true)
	for _, requests := range []int{4, 3} {
		w.reset()
		_, ids := related(t, c, RelatedQuery{CustomerID: id, Relationship: "orders"})
		expectEqual(t, "the IDs", ids, orders)
		w.expect(t, requests)
	}
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
			expectEqual(t, "the code", failureOf(t, err, ErrBadRequest).Code(), code)
			w.expect(t, 1)
		})
	}
	bubble(t, "a list that refuses another parameter", func(t *testing.T) {
		w, c := clientOf(t, friend("PARAM_NOT_ALLOWED", `[{"id":"a","type":"friends"}]`), 0)
		_, err := follow(t, c, RelatedQuery{CustomerID: "x", Relationship: "friends"})
		expectKind(t, err, ErrBadRequest)
		w.expect(t, 2)
	})
}

// The API may send a whole list although a page was asked for, with a count or
// without.
func TestRelatedListThatHasNoPagesIsReadRight(t *testing.T) {
	sort := []string{"-number"}
	for _, counted := range []int{60, -1} {
		body := strings.ReplaceAll(listDocument(counted, false, numbered("a", 60)...), "customers", "orders")
		for _, q := range []RelatedQuery{{}, {Sort: sort}, {Sort: sort, Limit: 5}, {Count: true}} {
			w := pages(body)
			q.CustomerID, q.Relationship = "x", "orders"
			count := 60
			if q.Limit > 0 || q.Count {
				count = q.Limit
			}
			list, ids := related(t, newClient(t, w), q)
			expectEqual(t, "the number read", len(ids), count)
			expectEqual(t, "the total", list.Total, 60)
			if counted == 60 {
				expectEqual(t, "what was found", told(list.Findings), "")
				w.expect(t, 1)
			}
		}
	}
}

func TestRelatedFilterIsComparedWithoutFurtherRequests(t *testing.T) {
	for _, test := range []struct {
		relationship, predicate, value string
		count                          int
	}{
		{"order_subscriptions", "status_in", "active,cancelled", 2},
		{"tags", "name_start_any", "news,beta", 2},
		{"orders", "id_in", "oRdErBbBbB,unknown", 1},
	} {
		bubble(t, test.relationship+" by "+test.predicate, func(t *testing.T) {
			_, w, c := emulated(t, 0)
			list, ids := related(t, c, filtered(test.relationship, test.predicate, test.value))
			expectEqual(t, "the number read", len(ids), test.count)
			expectEqual(t, "what was found", told(list.Findings), "")
			w.expect(t, 1)
		})
	}
	bubble(t, "of one", func(t *testing.T) {
		c := newClient(t, pages(`{"data":{"id":"a","type":"customer_groups","attributes":{"code":"vip"}}}`))
		_, err := follow(t, c, filtered("customer_group", "code_eq", "retail"))
		expectKind(t, err, ErrFilterIgnored)
		_, ids := related(t, c, filtered("customer_group", "code_eq", "VIP"))
		expectEqual(t, "the number read", len(ids), 1)
	})
}

// The API compares texts as texts, and amounts have no bound. So the value that nobody
// has may be one that somebody has, and the matches without the filter are counted.
func TestFilterBySizeIsNotCalledIgnoredForWhatIsLarge(t *testing.T) {
	for without, want := range map[int]string{3: "", 1: "doubted 1/1"} {
		bubble(t, fmt.Sprint(without, " without it"), func(t *testing.T) {
			large := `{"id":"a","type":"orders","attributes":{"number":"5001"}}`
			w, c := clientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				count := 1
				if !strings.Contains(r.URL.RawQuery, "number_gteq") {
					count = without
				}
				respond(200, "", listJSON(count, large))(w, r)
			}), 0)
			list, ids := related(t, c, filtered("orders", "number_gteq", "5000"))
			expectEqual(t, "the number read", len(ids), 1)
			expectEqual(t, "what was found", told(list.Findings), want)
			w.expect(t, 3)
		})
	}
}

// If a filter can't be compared here, one request asks for a value that nobody
// has. If the predicate takes none, it counts the matches without it.
func TestRelatedFilterThatCantBeComparedIsAskedAbout(t *testing.T) {
	const doubted = "doubted 2/2"
	for predicate, test := range map[string]struct {
		value   string
		found   string
		control string // a value that nobody has, if the predicate takes one
	}{
		"total_amount_cents_gt": {"1100", "", "2147483647"}, // one of two orders
		"placed_at_gt":          {"2000-01-01", "", "9998-12-31T23:59:59.999Z"},
		"number_not_eq":         {"9999", doubted, ""},
	} {
		bubble(t, predicate, func(t *testing.T) {
			_, w, c := emulated(t, 0)
			list, _ := related(t, c, filtered("orders", predicate, test.value))
			expectEqual(t, "what was found", told(list.Findings), test.found)
			sent := w.expect(t, 2)
			expectEqual(t, "the size of the page that is counted", sent[1].query.Get("page[size]"), "1")
			expectEqual(t, "the filter of the count", sent[1].filter(predicate), test.control)
		})
	}
}
