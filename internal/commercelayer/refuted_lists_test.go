package commercelayer

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// describe says how a list differs from the IDs that it should have.
func describe(list *Listing, customers []*Customer, err error, want []string) string {
	if err != nil {
		return came(err)
	}
	got := make([]string, len(customers))
	for i, customer := range customers {
		got[i] = customer.ID
	}
	what := "right"
	if !slices.Equal(got, want) {
		what = fmt.Sprintf("%d of %d customers", len(got), len(want))
		if slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
			what = "in another order"
		}
	}
	if list.doubted() {
		what += ", with a doubt"
	}
	if list.Findings.Of(FindingNotIncluded) != nil {
		what += ", include in doubt"
	}
	if list.unordered() {
		what += ", by page number"
	}
	if list.changed() {
		what += ", changed"
	}
	return what
}

// listing reads a list. want picks the expected IDs from all IDs in the API's
// order. If it is nil, all are expected.
func listing(q Query, want func(e *emulator.Emulator, ids []string) []string) func(*testing.T, refutedAPI) string {
	return func(t *testing.T, api refutedAPI) string {
		t.Helper()
		e, w := api.start()
		ids := e.CustomerIDs()
		if want != nil {
			ids = want(e, ids)
		}
		list := newClient(t, w).Customers(q)
		customers, err := collect(list.Pages(t.Context()))
		return inRequests(describe(list, customers, err, ids), w)
	}
}

// These uses read lists of customers and count the requests.
var listUses = []use{
	{"all customers", "right, 3 requests", listing(Query{}, nil)},
	{
		"the first 40 customers",
		"right, 2 requests",
		listing(Query{Limit: 40}, func(_ *emulator.Emulator, ids []string) []string { return ids[:40] }),
	},
	{
		"all customers, sorted",
		"right, 3 requests",
		listing(Query{Sort: []string{"email"}}, func(_ *emulator.Emulator, ids []string) []string {
			return slices.Concat(ids[1:], ids[:1]) // Ada, the generated customers, and John
		}),
	},
	{"the youngest customers", "right, 1 request", func(t *testing.T, api refutedAPI) string {
		t.Helper()
		e, w := api.start()
		for i := range 3 {
			e.AddCustomer(emulator.Customer{
				ID: fmt.Sprintf("someone%d", i), CreatedAt: time.Date(2030+i, 1, 1, 0, 0, 0, 0, time.UTC),
			})
		}
		list := newClient(t, w).Customers(Query{Sort: []string{"-created_at"}, Limit: 2})
		customers, err := collect(list.Pages(t.Context()))
		return inRequests(describe(list, customers, err, []string{"someone2", "someone1"}), w)
	}},
	{
		"the first customers with their tags",
		"right, 1 request",
		listing(Query{Limit: 5, Selection: Selection{Include: []string{"tags"}}}, at(0, 5)),
	},
	{"customers sorted by what some lack", "right, 1 request", func(t *testing.T, api refutedAPI) string {
		t.Helper()
		e, w := api.start()
		for i, reference := range []*string{new("C"), nil, new("A")} {
			e.AddCustomer(
				emulator.Customer{
					ID:        fmt.Sprintf("someone%d", i),
					Email:     fmt.Sprintf("someone-%d@example.org", i),
					Reference: reference,
				},
			)
		}
		list := newClient(
			t,
			w,
		).Customers(Query{Filter: map[string]string{"email_end": "@example.org"}, Sort: []string{"reference"}})
		customers, err := collect(list.Pages(t.Context()))
		return inRequests(describe(list, customers, err, []string{"someone2", "someone0", "someone1"}), w)
	}},
	{"a sort key that does not exist", "request refused, 1 request", listing(Query{Sort: []string{"nickname"}}, nil)},
	{"the number of customers", "60, 1 request", func(t *testing.T, api refutedAPI) string {
		t.Helper()
		_, w := api.start()
		list := newClient(t, w).Customers(Query{Count: true})
		if _, err := collect(list.Pages(t.Context())); err != nil {
			return came(err)
		}
		return inRequests(fmt.Sprint(list.Total), w)
	}},
	{"nobody", "right, 1 request", listing(Query{Filter: map[string]string{"email_eq": "nobody@example.com"}}, none)},
	{"30 ids", "right, 2 requests", keyed(func(ids, _ []string) Query { return Query{IDs: ids[:30]} })},
	{
		"5 ids and an unknown one",
		"right, 1 request",
		keyed(func(ids, _ []string) Query { return Query{IDs: append([]string{"nobody"}, ids[:5]...)} }),
	},
	{"30 emails", "right, 2 requests", keyed(func(_, emails []string) Query { return Query{Emails: emails} })},
	{"emails in capitals", "0 of 30 customers, 2 requests", keyed(func(_, emails []string) Query {
		for i := range emails {
			emails[i] = strings.ToUpper(emails[i])
		}
		return Query{Emails: emails}
	})},
	{"a sorted list whose last page goes away", "right, changed, 3 requests", shrinking(51, 2)},
	{"a sorted list whose last page goes away, with a full one before", "right, changed, 3 requests", shrinking(51, 1)},
}

func none(*emulator.Emulator, []string) []string { return nil }

// keyed reads customers by long lists of keys.
func keyed(query func(ids, emails []string) Query) func(*testing.T, refutedAPI) string {
	return func(t *testing.T, api refutedAPI) string {
		t.Helper()
		e, w := api.start()
		var ids, emails []string
		for i := range 30 {
			ids, emails = append(
				ids,
				fmt.Sprintf("someone%02d", i),
			), append(
				emails,
				fmt.Sprintf("someone-%02d@example.com", i),
			)
			e.AddCustomer(emulator.Customer{ID: ids[i], Email: emails[i]})
		}
		q := query(slices.Clone(ids), emails)
		list := newClient(t, w).Customers(q)
		customers, err := collect(list.Pages(t.Context()))
		if q.IDs != nil {
			ids = slices.DeleteFunc(ids, func(id string) bool { return !slices.Contains(q.IDs, id) })
		}
		return inRequests(describe(list, customers, err, ids), w)
	}
}

// shrinking reads n customers by page number. Some are deleted while the second
// page is read.
func shrinking(n, deleted int) func(*testing.T, refutedAPI) string {
	return func(t *testing.T, api refutedAPI) string {
		t.Helper()
		e := emulator.New(emulator.WithCustomers(n-2), emulator.WithRefuted(api.refuted...))
		ids := e.CustomerIDs()
		pages := 0
		e.OnRequest(func(r *http.Request) {
			if pages++; pages == 3 {
				for _, id := range ids[n-deleted:] {
					e.DeleteCustomer(id)
				}
			}
		})
		w := &wire{handler: e, latency: latency}
		list := newClient(t, w).Customers(Query{Sort: []string{"id"}})
		customers, err := collect(list.Pages(t.Context()))
		return inRequests(describe(list, customers, err, ids[:50]), w)
	}
}

// filteredBy lists customers by one filter.
func filteredBy(
	predicate, value string,
	want func(*emulator.Emulator, []string) []string,
) func(*testing.T, refutedAPI) string {
	return listing(Query{Filter: map[string]string{predicate: value}}, want)
}

// at picks customers by their positions.
func at(from, to int) func(*emulator.Emulator, []string) []string {
	return func(_ *emulator.Emulator, ids []string) []string { return ids[from:to] }
}

// These uses have filters, right and wrong ones.
var filterUses = []use{
	{"a filter by address", "right, 1 request", filteredBy("email_eq", "ada@example.com", at(1, 2))},
	{"a filter by reference", "right, 1 request", filteredBy("reference_eq", "REF-000003", at(4, 5))},
	{
		"a filter that can't be compared here",
		"right, 2 requests",
		filteredBy("created_at_gt", "2029-01-01T00:00:00.000Z", func(e *emulator.Emulator, _ []string) []string {
			return []string{
				e.AddCustomer(emulator.Customer{ID: "someone", CreatedAt: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}),
			}
		}),
	},
	{
		"a filter by shopper reference",
		"right, 1 request",
		filteredBy("shopper_reference_eq", "shopper-000001", at(2, 3)),
	},
	{"a filter by a part in capitals", "right, 1 request", filteredBy("email_cont", "CUSTOMER-00001", none)},
	{"a filter with wildcards", "right, 2 requests", filteredBy("email_matches", "customer-00001%", at(11, 21))},
	{"a filter with a typing error", "request refused, 1 request", filteredBy("emial_eq", "ada@example.com", at(1, 2))},
	{"a filter without a value", "request refused, 1 request", filteredBy("status_eq", "", none)},
	{
		"a filter that can't be compared, without a value",
		"request refused, 1 request",
		filteredBy("created_at_gt", "", none),
	},
	{"a filter behind an ID that never was", "right, 1 request", filteredBy("id_gt", "nobody", none)},
	{
		"a filter of 5 KB",
		"right, 1 request",
		filteredBy("email_in", "ada@example.com,"+strings.Repeat("x", 5000), at(1, 2)),
	},
}
