package commercelayer

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/ratelimit"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// ordering returns a client of an emulator that has a customer with 60 orders.
// The limits are so high that they do not matter. It also returns the IDs of the
// customer and of the orders.
func ordering(t *testing.T, options ...emulator.Option) (w *wire, c *Client, id string, orders []string) {
	t.Helper()
	e := emulator.New(options...)
	w = &wire{handler: e}
	c = newClient(t, w)
	c.api.limiter = ratelimit.New(ratelimit.Limits{
		Burst: 10_000, BurstInterval: testLimits.BurstInterval,
		Average: 10_000, AverageInterval: testLimits.AverageInterval,
	})
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
	expectEqual(t, "the number of resources told", list.Count, len(ids))
	return list, ids
}

func TestRelatedArgumentsBecomeTheQuery(t *testing.T) {
	const fresh = "sort=-placed_at,id"
	for name, test := range map[string]struct {
		query RelatedQuery
		asked string
		count int
		total int
	}{
		"a sort and a limit": {
			RelatedQuery{Relationship: "orders", Sort: []string{"-placed_at"}, Limit: 5},
			"/orders?page[size]=5&" + fresh, 5, 60,
		},
		"a sort": {
			RelatedQuery{Relationship: "orders", Sort: []string{"-placed_at"}},
			"/orders?page[size]=25&" + fresh + " /orders?page[number]=2&page[size]=25&" + fresh +
				" /orders?page[number]=3&page[size]=25&" + fresh,
			60, 60,
		},
		"a limit":         {RelatedQuery{Relationship: "orders", Limit: 2}, "/orders?page[size]=2&sort=id", 2, 60},
		"the count alone": {RelatedQuery{Relationship: "orders", Count: true}, "/orders?page[size]=1&sort=id", 0, 60},
		"a filter, counted": {
			RelatedQuery{Relationship: "orders", Count: true, Filter: map[string]string{"number_eq": "none"}},
			"/orders?filter[q][number_eq]=none&page[size]=25&sort=id", 0, 0,
		},
		"one resource":          {RelatedQuery{Relationship: "customer_group"}, "/customer_group", 0, 0},
		"one resource, counted": {RelatedQuery{Relationship: "customer_group", Count: true}, "/customer_group", 0, 0},
		"one resource, sorted": {
			RelatedQuery{Relationship: "jwt_customer", Sort: []string{"email"}, Limit: 3}, "/jwt_customer", 0, 0,
		},
		"one resource, including": {
			RelatedQuery{Relationship: "jwt_customer", Include: []string{"tags", "orders"}},
			"/jwt_customer?include=tags,orders", 0, 0,
		},
	} {
		bubble(t, name, func(t *testing.T) {
			w, c, id, _ := ordering(t)
			test.query.CustomerID = id
			list, _ := related(t, c, test.query)
			expectEqual(t, "the requests", strings.ReplaceAll(w.asked(t), "/"+id, ""), test.asked)
			expectEqual(t, "the number read", list.Count, test.count)
			expectEqual(t, "the total", list.Total, test.total)
		})
	}
}

func TestRelatedReaderThatGivesUpHasItsOwnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, c, id, _ := ordering(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := collect(c.Related(RelatedQuery{CustomerID: id, Relationship: "orders"}).Pages(ctx))
		expectKind(t, err, ErrCanceled)
	})
}

func TestRelatedReaderMayStopAfterAPage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, c, id, _ := ordering(t)
		for _, err := range c.Related(RelatedQuery{CustomerID: id, Relationship: "orders"}).Pages(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
		w.expect(t, 1)
	})
}

func TestPathOfARelationshipIsEscaped(t *testing.T) {
	expectEqual(t, "the path", relatedPath("a/b?c", "d#e"), "/api/customers/a%2Fb%3Fc/d%23e")
}

func TestCheckRelationship(t *testing.T) {
	for name, good := range map[string]bool{
		"orders": true, "order_subscriptions": true, "a1": true,
		"": false, "Orders": false, "orders/x": false, "orders.shipments": false,
		"..": false, "two orders": false, "orders?include=x": false, "1a": false, "_": false, "orders\n": false,
	} {
		if err := CheckRelationship(name); (err == nil) != good {
			t.Errorf("%q: %v", name, err)
		}
	}
}
