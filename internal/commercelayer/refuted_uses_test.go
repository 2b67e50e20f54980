package commercelayer

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/filter"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// A use is something that users do. It describes its outcome in a few words.
type use struct {
	name string
	// usual is the outcome if all assumptions about the API hold.
	usual string
	run   func(a *refutedAPI) string
}

// A refutedAPI is an emulator with 60 customers and some assumptions refuted.
// Each use has its own.
type refutedAPI struct {
	*emulator.Emulator
	*wire
	t       *testing.T
	refuted []string
}

func refuting(t *testing.T, refuted []string, options ...emulator.Option) *refutedAPI {
	t.Helper()
	usual := []emulator.Option{emulator.WithCustomers(58), emulator.WithRefuted(refuted...)}
	e := emulator.New(append(usual, options...)...)
	return &refutedAPI{e, &wire{handler: e, latency: latency}, t, refuted}
}

func (a *refutedAPI) client(options ...Option) *Client {
	a.t.Helper()
	return newClient(a.t, a.wire, options...)
}

// inRequests adds the number of requests.
func (a *refutedAPI) inRequests(what string) string {
	if n := len(a.requests()); n != 1 {
		return fmt.Sprintf("%s, %d requests", what, n)
	}
	return what + ", 1 request"
}

// someone adds the n-th of further customers.
func (a *refutedAPI) someone(n int) emulator.Customer {
	c := emulator.Customer{
		ID: fmt.Sprintf("someone%02d", n), Email: fmt.Sprintf("someone-%02d@example.org", n),
		CreatedAt: time.Date(2030+n, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	if n != 1 {
		c.Reference = new(string(rune('Z' - n)))
	}
	a.AddCustomer(c)
	return c
}

// useGroups are all uses.
var useGroups = [][]use{lookupUses, listUses, filterUses, partUses, relatedUses, tokenUses, limitUses}

// came describes the outcome of a read in a few words.
func came(err error) string {
	var e *Error
	switch {
	case err == nil:
		return "right"
	case !errors.As(err, &e):
		return "no error of the client"
	}
	return e.Class.Error()
}

// together looks up several keys at the same time. It describes the outcome of
// the keys that no customer has, and of the other keys.
func (a *refutedAPI) together(keys []string, find func(context.Context, string, Selection) (*Customer, error)) string {
	var mu sync.Mutex
	var outcomes []string
	var group sync.WaitGroup
	for _, key := range keys {
		group.Go(func() {
			customer, err := find(a.t.Context(), key, Selection{})
			outcome := came(err)
			switch {
			case strings.HasPrefix(key, "nobody"):
				outcome = "unknown one " + outcome
			case err == nil && key != customer.ID && (customer.Email == nil || !filter.SameAddress(*customer.Email, key)):
				outcome = "a stranger"
			}
			mu.Lock()
			defer mu.Unlock()
			if !slices.Contains(outcomes, outcome) {
				outcomes = append(outcomes, outcome)
			}
		})
	}
	group.Wait()
	slices.Sort(outcomes)
	return a.inRequests(strings.Join(outcomes, ", "))
}

// byIDs looks customers up by the last n IDs. If the filter is ignored, the
// first page contains other customers.
func byIDs(n int, more ...string) func(*refutedAPI) string {
	return func(a *refutedAPI) string {
		ids := a.CustomerIDs()
		return a.together(append(ids[len(ids)-n:], more...), a.client().Customer)
	}
}

// byAddresses looks customers up by address. change turns an address into the
// key.
func byAddresses(n int, change func(string) string, more ...string) func(*refutedAPI) string {
	return func(a *refutedAPI) string {
		var keys []string
		for i := range n {
			keys = append(keys, change(a.someone(i).Email))
		}
		return a.together(append(keys, more...), a.client().CustomerByEmail)
	}
}

func asWritten(address string) string { return address }

// one reads one customer, after a preparation.
func one(id string, before func(*refutedAPI), options ...Option) func(*refutedAPI) string {
	return func(a *refutedAPI) string {
		before(a)
		_, err := a.client(options...).Customer(a.t.Context(), id, Selection{})
		return came(err)
	}
}

func addLive(a *refutedAPI) { a.AddCustomer(emulator.Customer{ID: "liveone", Mode: "live"}) }

// These uses read single customers, by ID and by address, alone and together.
var lookupUses = []use{
	{"a customer by ID", "right, 1 request", byIDs(1)},
	{"an unknown ID", "unknown one not found, 1 request", byIDs(0, "nobody")},
	{"30 customers by ID", "right, 2 requests", byIDs(30)},
	{"5 customers by ID and an unknown one", "right, unknown one not found, 2 requests", byIDs(5, "nobody")},
	{"a customer by address", "right, 1 request", byAddresses(1, asWritten)},
	{"an address in capitals", "not found, 1 request", byAddresses(1, strings.ToUpper)},
	{"30 customers by address", "right, 2 requests", byAddresses(30, asWritten)},
	{
		"5 customers by address and an unknown one", "right, unknown one not found, 2 requests",
		byAddresses(5, asWritten, "nobody@example.com"),
	},
	{"5 addresses in capitals", "not found, 6 requests", byAddresses(5, strings.ToUpper)},
	{"25 customers by long addresses", "right, 8 requests", func(a *refutedAPI) string {
		var keys []string
		for i := range 25 {
			keys = append(keys, fmt.Sprintf("%s%02d@example.com", strings.Repeat("long", 50), i))
			a.AddCustomer(emulator.Customer{Email: keys[i]})
		}
		return a.together(keys, a.client().CustomerByEmail)
	}},
	{"a customer of the other mode", "not found", one("liveone", addLive)},
	{"a customer of the other mode, with the guard", "not found", one("liveone", addLive, WithMode(ModeTest))},
	{"a server error", "server error", one(emulator.SeedCustomerID, func(a *refutedAPI) {
		a.Inject(emulator.Fault{Answer: emulator.Status(500)})
	})},
}

// list describes how a list differs from the IDs that it should have.
func (a *refutedAPI) list(q Query, want []string) string {
	list := a.client().Customers(q)
	customers, err := collect(list.Pages(a.t.Context()))
	if err != nil {
		return a.inRequests(came(err))
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
	return a.inRequests(what + inDoubt(list.Findings))
}

// inDoubt names what was found about a list.
func inDoubt(f Findings) (what string) {
	for _, one := range []struct {
		name  string
		kinds []FindingKind
	}{
		{", with a doubt", []FindingKind{FindingFilterDoubt, FindingUnmatched}},
		{", include in doubt", []FindingKind{FindingNotIncluded}},
		{", by page number", []FindingKind{FindingUnordered}},
		{", changed", []FindingKind{FindingChanged, FindingIncomplete}},
	} {
		if slices.ContainsFunc(one.kinds, func(kind FindingKind) bool { return f.Of(kind) != nil }) {
			what += one.name
		}
	}
	return what
}

// listing reads a list. want picks the expected IDs from all IDs in the API's
// order.
func listing(q Query, want func(ids []string) []string) func(*refutedAPI) string {
	return func(a *refutedAPI) string { return a.list(q, want(a.CustomerIDs())) }
}

func all(ids []string) []string { return ids }

func none([]string) []string { return nil }

// at picks customers by their positions.
func at(from, to int) func([]string) []string {
	return func(ids []string) []string { return ids[from:to] }
}

// withOthers reads a list when three further customers are there. want are the
// numbers of those who are expected.
func withOthers(q Query, want ...int) func(*refutedAPI) string {
	return func(a *refutedAPI) string {
		for i := range 3 {
			a.someone(i)
		}
		var ids []string
		for _, i := range want {
			ids = append(ids, fmt.Sprintf("someone%02d", i))
		}
		return a.list(q, ids)
	}
}

// keyed reads 30 further customers by long lists of keys.
func keyed(query func(ids, emails []string) Query) func(*refutedAPI) string {
	return func(a *refutedAPI) string {
		var ids, emails []string
		for i := range 30 {
			one := a.someone(i)
			ids, emails = append(ids, one.ID), append(emails, one.Email)
		}
		q := query(ids, emails)
		if q.IDs != nil {
			ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !slices.Contains(q.IDs, id) })
		}
		return a.list(q, ids)
	}
}

// shrinking reads 51 of the customers by page number. Some are deleted while the
// second page is read.
func shrinking(deleted int) func(*refutedAPI) string {
	return func(a *refutedAPI) string {
		ids := a.CustomerIDs()
		for _, id := range ids[51:] {
			a.DeleteCustomer(id)
		}
		a.OnRequest(func(r *http.Request) {
			if r.URL.Query().Get("page[number]") == "3" {
				for _, id := range ids[51-deleted : 51] {
					a.DeleteCustomer(id)
				}
			}
		})
		return a.list(Query{Sort: []string{"id"}}, ids[:50])
	}
}

// These uses read lists of customers and count the requests.
var listUses = []use{
	{"all customers", "right, 3 requests", listing(Query{}, all)},
	{"the first 40 customers", "right, 2 requests", listing(Query{Limit: 40}, at(0, 40))},
	{"all customers, sorted", "right, 3 requests", listing(Query{Sort: []string{"email"}}, func(ids []string) []string {
		return slices.Concat(ids[1:], ids[:1]) // Ada, the generated customers, and John
	})},
	{"the youngest customers", "right, 1 request", withOthers(Query{Sort: []string{"-created_at"}, Limit: 2}, 2, 1)},
	{
		"the first customers with their tags", "right, 1 request",
		listing(Query{Limit: 5, Selection: Selection{Include: []string{"tags"}}}, at(0, 5)),
	},
	{
		"customers sorted by what some lack", "right, 1 request",
		withOthers(Query{Filter: map[string]string{"email_end": "@example.org"}, Sort: []string{"reference"}}, 2, 0, 1),
	},
	{"a sort key that does not exist", "request refused, 1 request", listing(Query{Sort: []string{"nickname"}}, all)},
	{"the number of customers", "60, 1 request", func(a *refutedAPI) string {
		list := a.client().Customers(Query{Count: true})
		if _, err := collect(list.Pages(a.t.Context())); err != nil {
			return came(err)
		}
		return a.inRequests(fmt.Sprint(list.Total))
	}},
	{"nobody", "right, 1 request", listing(Query{Filter: map[string]string{"email_eq": "nobody@example.com"}}, none)},
	{"30 ids", "right, 2 requests", keyed(func(ids, _ []string) Query { return Query{IDs: ids} })},
	{"5 ids and an unknown one", "right, 1 request", keyed(func(ids, _ []string) Query {
		return Query{IDs: append([]string{"nobody"}, ids[:5]...)}
	})},
	{"30 emails", "right, 2 requests", keyed(func(_, emails []string) Query { return Query{Emails: emails} })},
	{"emails in capitals", "0 of 30 customers, 2 requests", keyed(func(_, emails []string) Query {
		for i := range emails {
			emails[i] = strings.ToUpper(emails[i])
		}
		return Query{Emails: emails}
	})},
	{"a sorted list whose last page goes away", "right, changed, 3 requests", shrinking(2)},
	{"a sorted list whose last page goes away, with a full one before", "right, changed, 3 requests", shrinking(1)},
}

// filteredBy lists customers by one filter.
func filteredBy(predicate, value string, want func([]string) []string) func(*refutedAPI) string {
	return listing(Query{Filter: map[string]string{predicate: value}}, want)
}

// These uses have filters, right and wrong ones.
var filterUses = []use{
	{"a filter by address", "right, 1 request", filteredBy("email_eq", "ada@example.com", at(1, 2))},
	{"a filter by reference", "right, 1 request", filteredBy("reference_eq", "REF-000003", at(4, 5))},
	{
		"a filter that can't be compared here", "right, 2 requests",
		withOthers(Query{Filter: map[string]string{"created_at_gt": "2031-06-01T00:00:00.000Z"}}, 2),
	},
	{"a filter by shopper reference", "right, 1 request", filteredBy("shopper_reference_eq", "shopper-000001", at(2, 3))},
	{"a filter by a part in capitals", "right, 1 request", filteredBy("email_cont", "CUSTOMER-00001", none)},
	{"a filter with wildcards", "right, 2 requests", filteredBy("email_matches", "customer-00001%", at(11, 21))},
	{"a filter with a typing error", "request refused, 1 request", filteredBy("emial_eq", "ada@example.com", none)},
	{"a filter without a value", "request refused, 1 request", filteredBy("status_eq", "", none)},
	{
		"a filter that can't be compared, without a value", "request refused, 1 request",
		filteredBy("created_at_gt", "", none),
	},
	{"a filter behind an ID that never was", "right, 1 request", filteredBy("id_gt", "nobody", none)},
	{
		"a filter of 5 KB", "right, 1 request",
		filteredBy("email_in", "ada@example.com,"+strings.Repeat("x", 5000), at(1, 2)),
	},
}

// parted reads some parts of a customer, and names the attributes that came.
func parted(id string, s Selection, linkage ...string) func(*refutedAPI) string {
	return func(a *refutedAPI) string {
		a.AddCustomer(emulator.Customer{ID: "lonely"})
		c, err := a.client().Customer(a.t.Context(), id, s)
		if err != nil {
			return came(err)
		}
		var names []string
		for _, one := range []struct {
			name string
			set  bool
		}{
			{"email", c.Email != nil}, {"status", c.Status != nil}, {"metadata", c.Metadata != nil},
			{"created_at", c.CreatedAt != nil}, {"claim", c.JWTCustomClaim != nil},
		} {
			if one.set {
				names = append(names, one.name)
			}
		}
		for _, name := range linkage {
			names = append(names, fmt.Sprintf("%s %v", name, c.Relationships[name].Data != nil))
		}
		return strings.Join(names, ", ")
	}
}

var emptyOnes = []string{"customer_group", "tags"}

// These uses read parts of customers: relationships and fields.
var partUses = []use{
	{
		"relationships that are empty", "customer_group true, tags true",
		parted("lonely", Selection{Include: emptyOnes, Fields: []string{}}, emptyOnes...),
	},
	{
		"a relationship that does not exist", "request refused",
		parted(emulator.FullCustomerID, Selection{Include: []string{"nickname"}}),
	},
	{
		"a list with a relationship that does not exist", "request refused, 1 request",
		listing(Query{Selection: Selection{Include: []string{"nickname"}}}, all),
	},
	{"relationships three levels deep", "email", parted(emulator.FullCustomerID, Selection{
		Include: []string{"orders.shipments.order"}, Fields: []string{"email"},
	})},
	{"relationships two levels deep", "email", parted(emulator.FullCustomerID, Selection{
		Include: []string{"orders.shipments"}, Fields: []string{"email"},
	})},
	{"fields", "status", parted(emulator.FullCustomerID, Selection{Fields: []string{"status"}})},
	{"no fields", "", parted(emulator.FullCustomerID, Selection{Fields: []string{}})},
	{"a field that does not exist", "request refused", parted(emulator.FullCustomerID, Selection{
		Fields: []string{"nickname", "status"},
	})},
	{"the claim of an ordinary token", "email, status, metadata, created_at", parted("lonely", Selection{})},
}

// relatedTo reads the related resources of the customer at a position.
func relatedTo(place int, relationship string, conditions map[string]string) func(*refutedAPI) string {
	return func(a *refutedAPI) string {
		id := "nobody"
		if place >= 0 {
			id = a.CustomerIDs()[place]
		}
		list := a.client().Related(RelatedQuery{CustomerID: id, Relationship: relationship, Filter: conditions})
		resources, err := collect(list.Pages(a.t.Context()))
		if err != nil {
			return a.inRequests(came(err))
		}
		different := map[string]bool{}
		for _, resource := range resources {
			different[resource.ID] = true
		}
		return a.inRequests(fmt.Sprint(len(different), inDoubt(list.Findings)))
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

// special is a secret that HTTP Basic has to encode.
const special = "se+cret/of=an%application"

// signedIn reads with client credentials. If something happens then, it reads
// again.
func signedIn(id, secret string, then func(*emulator.Emulator)) func(*refutedAPI) string {
	return func(a *refutedAPI) string {
		a.AddApplication(emulator.Application{ClientID: "special", ClientSecret: special, CanReadCustomers: true})
		c := a.client(withCredentials(a.t, func(c *ClientCredentials) { c.ID, c.Secret = id, secret }))
		err := readSeed(a.t, c)
		if err != nil || then == nil {
			return a.inRequests(came(err))
		}
		then(a.Emulator)
		return a.inRequests(came(readSeed(a.t, c)))
	}
}

// withToken reads with a given token.
func withToken(o emulator.TokenOptions) func(*refutedAPI) string {
	return func(a *refutedAPI) string { return came(readSeed(a.t, a.client(WithToken(a.IssueToken(o))))) }
}

// These uses request and use tokens, good and bad ones.
var tokenUses = []use{
	{"client credentials", "right, 2 requests", signedIn(emulator.DefaultClientID, emulator.DefaultClientSecret, nil)},
	{"client credentials with special characters", "right, 2 requests", signedIn("special", special, nil)},
	{
		"a wrong client secret", "client credentials refused, 1 request",
		signedIn(emulator.DefaultClientID, "wrong", nil),
	},
	{
		"a token of client credentials that is revoked", "right, 5 requests",
		signedIn(emulator.DefaultClientID, emulator.DefaultClientSecret, (*emulator.Emulator).RevokeAllTokens),
	},
	{
		"a token of client credentials that expires early", "right, 5 requests",
		signedIn(emulator.DefaultClientID, emulator.DefaultClientSecret, (*emulator.Emulator).ExpireAllTokens),
	},
	{"an unknown token", "access token not accepted", func(a *refutedAPI) string {
		return came(readSeed(a.t, a.client(WithToken("unknown"))))
	}},
	{"an expired token", "access token not accepted", withToken(emulator.TokenOptions{TTL: -time.Hour})},
	{"a token of another organization", "access token not accepted", withToken(emulator.TokenOptions{Slug: "other"})},
	{
		"a token that may not read customers", "permission missing",
		withToken(emulator.TokenOptions{Kind: emulator.KindSalesChannel}),
	},
}

// limited reads customers one after the other. After the first one, neighbours
// behind the same IP address send requests that the client does not know of.
func limited(reads, neighbours int) func(*refutedAPI) string {
	return func(a *refutedAPI) string {
		a = refuting(a.t, a.refuted, emulator.WithLimits())
		a.latency = time.Millisecond
		c, others := a.client(), a.client()
		ids := a.CustomerIDs()
		start := time.Now()
		for i := range reads {
			if i == 1 {
				for range neighbours {
					_, _ = collect(others.Customers(Query{Count: true}).Pages(a.t.Context()))
				}
			}
			if _, err := c.Customer(a.t.Context(), ids[i%len(ids)], Selection{}); err != nil {
				return came(err)
			}
		}
		what := fmt.Sprintf("right, in %d0 s", (time.Since(start)+5*time.Second)/(10*time.Second))
		if n := a.CountStatus(http.StatusTooManyRequests); n > 0 {
			what += fmt.Sprintf(", %d refused", n)
		}
		return what
	}
}

// These uses meet the limits, alone and with neighbours.
var limitUses = []use{
	{"120 reads under the limits", "right, in 60 s", limited(120, 0)},
	{"20 reads beside neighbours that leave some of the burst", "right, in 10 s", limited(20, 20)},
	{"20 reads beside neighbours that fill the burst", "right, in 10 s, 1 refused", limited(20, 24)},
}
