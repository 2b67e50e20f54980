package commercelayer

import (
	"fmt"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// These uses read parts of customers: relationships and fields.
var partUses = []use{
	{"relationships that are empty", "empty lists", func(t *testing.T, api refutedAPI) string {
		t.Helper()
		e, w := api.start()
		e.AddCustomer(emulator.Customer{ID: "lonely"})
		customer, err := newClient(
			t,
			w,
		).Customer(t.Context(), "lonely", Selection{Include: []string{"customer_group", "tags"}})
		switch {
		case err != nil:
			return came(err)
		case customer.Relationships["tags"].Data == nil || customer.Relationships["customer_group"].Data == nil:
			return "null"
		case len(customer.Relationships["tags"].Data) > 0, len(customer.Relationships["customer_group"].Data) > 0,
			len(customer.Included) > 0:
			return "not empty"
		}
		return "empty lists"
	}},
	{"a relationship that does not exist", "request refused", parted(Selection{Include: []string{"nickname"}})},
	{
		"a list with a relationship that does not exist",
		"request refused, 1 request",
		listing(Query{Selection: Selection{Include: []string{"nickname"}}}, nil),
	},
	{
		"relationships three levels deep",
		"email",
		parted(Selection{Include: []string{"orders.shipments.order"}, Fields: []string{"email"}}),
	},
	{
		"relationships two levels deep",
		"email",
		parted(Selection{Include: []string{"orders.shipments"}, Fields: []string{"email"}}),
	},
	{"fields", "status", parted(Selection{Fields: []string{"status"}})},
	{"no fields", "", parted(Selection{Fields: []string{}})},
	{"fields of a list, filtered by another", "status", func(t *testing.T, api refutedAPI) string {
		t.Helper()
		_, w := api.start()
		q := Query{
			Filter:    map[string]string{"email_eq": emulator.FullCustomerEmail},
			Selection: Selection{Fields: []string{"status"}},
		}
		customers, err := collect(newClient(t, w).Customers(q).Pages(t.Context()))
		if err != nil {
			return came(err)
		}
		return attributesOf(customers[0])
	}},
	{"a field that does not exist", "request refused", parted(Selection{Fields: []string{"nickname", "status"}})},
	{"the claim of an ordinary token", "null", func(t *testing.T, api refutedAPI) string {
		t.Helper()
		e, w := api.start()
		customer, err := newClient(t, w).Customer(t.Context(), e.CustomerIDs()[5], Selection{})
		switch {
		case err != nil:
			return came(err)
		case customer.JWTCustomClaim == nil:
			return "null"
		}
		return string(customer.JWTCustomClaim)
	}},
}

// parted reads some parts of the full customer.
func parted(s Selection) func(*testing.T, refutedAPI) string {
	return func(t *testing.T, api refutedAPI) string {
		t.Helper()
		_, w := api.start()
		customer, err := newClient(t, w).Customer(t.Context(), emulator.FullCustomerID, s)
		if err != nil {
			return came(err)
		}
		return attributesOf(customer)
	}
}

// attributesOf names the attributes that were returned.
func attributesOf(c *Customer) string {
	var names []string
	for _, one := range []struct {
		name string
		set  bool
	}{
		{"email", c.Email != nil}, {"status", c.Status != nil}, {"metadata", c.Metadata != nil},
		{"created_at", c.CreatedAt != nil},
	} {
		if one.set {
			names = append(names, one.name)
		}
	}
	return strings.Join(names, ", ")
}

// relatedTo reads the related resources of the customer at a position.
func relatedTo(place int, relationship string, filter map[string]string) func(*testing.T, refutedAPI) string {
	return func(t *testing.T, api refutedAPI) string {
		t.Helper()
		e, w := api.start()
		id := "nobody"
		if place >= 0 {
			id = e.CustomerIDs()[place]
		}
		list := newClient(t, w).Related(RelatedQuery{CustomerID: id, Relationship: relationship, Filter: filter})
		resources, err := collect(list.Pages(t.Context()))
		if err != nil {
			return inRequests(came(err), w)
		}
		different := map[string]bool{}
		for _, resource := range resources {
			different[resource.ID] = true
		}
		what := fmt.Sprint(len(different))
		if list.unordered() {
			what += ", by page number"
		}
		return inRequests(what, w)
	}
}

// These uses read related resources. The third customer has 60 orders, and the
// fourth has none.
var relatedUses = []use{
	{"60 orders", "60, 3 requests", relatedTo(2, "orders", nil)},
	{"no orders", "0, 1 request", relatedTo(3, "orders", nil)},
	{"one of 60 orders", "1, 1 request", relatedTo(2, "orders", map[string]string{"number_eq": "1020"})},
	{"a group", "1, 1 request", relatedTo(2, "customer_group", nil)},
	{"no group", "0, 1 request", relatedTo(3, "customer_group", nil)},
	{"orders of an unknown customer", "not found, 2 requests", relatedTo(-1, "orders", nil)},
	{"the group of an unknown customer", "not found, 2 requests", relatedTo(-1, "customer_group", nil)},
	{"what a customer can't be related to", "no such relationship, 3 requests", relatedTo(2, "friends", nil)},
}
