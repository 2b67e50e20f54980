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

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// A use is something that users do. It tells in a few words what came of it.
type use struct {
	name string
	// usual is what comes of it as long as every assumption about the API holds.
	usual string
	run   func(t *testing.T, api turnedAPI) string
}

// A turnedAPI makes emulators with some assumptions turned round.
type turnedAPI struct{ refuted []string }

// start returns a new emulator with 60 customers in all, and the way to it.
func (api turnedAPI) start(options ...emulator.Option) (*emulator.Emulator, *wire) {
	e := emulator.New(append([]emulator.Option{emulator.WithCustomers(58), emulator.WithRefuted(api.refuted...)}, options...)...)
	return e, &wire{handler: e, latency: latency}
}

// useGroups are all of them. Each use has an emulator and a client of its own, so
// that what a client has learnt in one does not change another.
var useGroups = [][]use{lookupUses, listUses, filterUses, partUses, relatedUses, tokenUses, limitUses}

// came says in a few words what came of a read.
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

// inRequests adds how many requests it took.
func inRequests(what string, w *wire) string {
	if n := len(w.requests()); n != 1 {
		return fmt.Sprintf("%s, %d requests", what, n)
	}
	return what + ", 1 request"
}

// lookUps looks up several keys at once, and says what came of them: of those
// that nobody has, and of the others.
func lookUps(ctx context.Context, e *emulator.Emulator, keys []string, find func(context.Context, string) (*Customer, error)) string {
	known := map[string]bool{}
	for _, id := range e.CustomerIDs() {
		known[id] = true
	}
	var mu sync.Mutex
	var outcomes []string
	var group sync.WaitGroup
	for _, key := range keys {
		group.Go(func() {
			customer, err := find(ctx, key)
			outcome := came(err)
			switch {
			case strings.HasPrefix(key, "nobody"):
				outcome = "unknown one " + outcome
			case err == nil && key != customer.ID && (customer.Email == nil || !sameAddress(*customer.Email, key)):
				outcome = "a stranger"
			case err == nil && !known[customer.ID]:
				outcome = "an invention"
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
	return strings.Join(outcomes, ", ")
}

// byIDs looks customers up by their IDs, and by no more than the last n: if the
// filter is ignored, others are on the first page.
func byIDs(n int, more ...string) func(*testing.T, turnedAPI) string {
	return func(t *testing.T, api turnedAPI) string {
		e, w := api.start()
		c := newClient(t, w)
		ids := e.CustomerIDs()
		keys := append(ids[len(ids)-n:], more...)
		return inRequests(lookUps(t.Context(), e, keys, func(ctx context.Context, id string) (*Customer, error) {
			return c.Customer(ctx, id, Selection{})
		}), w)
	}
}

// byAddresses does the same by address. change makes the key of an address.
func byAddresses(n int, change func(string) string, more ...string) func(*testing.T, turnedAPI) string {
	return func(t *testing.T, api turnedAPI) string {
		e, w := api.start()
		c := newClient(t, w)
		var keys []string
		for i := range n {
			address := fmt.Sprintf("someone-%02d@example.com", i)
			e.AddCustomer(emulator.Customer{ID: fmt.Sprintf("someone%02d", i), Email: address})
			keys = append(keys, change(address))
		}
		return inRequests(lookUps(t.Context(), e, append(keys, more...), func(ctx context.Context, email string) (*Customer, error) {
			return c.CustomerByEmail(ctx, email, Selection{})
		}), w)
	}
}

func asWritten(address string) string { return address }

// Reads of single customers, by ID and by address, alone and together.
var lookupUses = []use{
	{"a customer by ID", "right, 1 request", byIDs(1)},
	{"an unknown ID", "unknown one not found, 1 request", byIDs(0, "nobody")},
	{"30 customers by ID", "right, 2 requests", byIDs(30)},
	{"5 customers by ID and an unknown one", "right, unknown one not found, 2 requests", byIDs(5, "nobody")},
	{"a customer by address", "right, 1 request", byAddresses(1, asWritten)},
	{"an address in capitals", "not found, 1 request", byAddresses(1, strings.ToUpper)},
	{"30 customers by address", "right, 2 requests", byAddresses(30, asWritten)},
	{"5 customers by address and an unknown one", "right, unknown one not found, 1 request", byAddresses(5, asWritten, "nobody@example.com")},
	{"5 addresses in capitals", "not found, 1 request", byAddresses(5, strings.ToUpper)},
	{"25 customers by long addresses", "right, 8 requests", func(t *testing.T, api turnedAPI) string {
		e, w := api.start()
		c := newClient(t, w)
		var keys []string
		for i := range 25 {
			keys = append(keys, fmt.Sprintf("%s%02d@example.com", strings.Repeat("long", 50), i))
			e.AddCustomer(emulator.Customer{Email: keys[i]})
		}
		return inRequests(lookUps(t.Context(), e, keys, func(ctx context.Context, email string) (*Customer, error) {
			return c.CustomerByEmail(ctx, email, Selection{})
		}), w)
	}},
	{"a customer of the other mode", "not found", otherMode()},
	{"a customer of the other mode, with the guard", "not found", otherMode(WithMode(ModeTest))},
	{"a server error", "server error", func(t *testing.T, api turnedAPI) string {
		e, w := api.start()
		e.Inject(emulator.Fault{Answer: emulator.Status(500)})
		_, err := newClient(t, w).Customer(t.Context(), emulator.SeedCustomerID, Selection{})
		return came(err)
	}},
}

func otherMode(options ...Option) func(*testing.T, turnedAPI) string {
	return func(t *testing.T, api turnedAPI) string {
		e, w := api.start()
		e.AddCustomer(emulator.Customer{ID: "liveone", Mode: "live"})
		_, err := newClient(t, w, options...).Customer(t.Context(), "liveone", Selection{})
		return came(err)
	}
}

// describe says how a list compares with the IDs that it should have.
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
	if list.Doubt != nil {
		what += ", with a doubt"
	}
	if list.Unordered {
		what += ", by page number"
	}
	if list.Changed {
		what += ", changed"
	}
	return what
}

// listing reads a list. Those who should be on it are chosen by want from all IDs
// in the API's order, or are all of them.
func listing(q Query, want func(e *emulator.Emulator, ids []string) []string) func(*testing.T, turnedAPI) string {
	return func(t *testing.T, api turnedAPI) string {
		e, w := api.start()
		ids := e.CustomerIDs()
		if want != nil {
			ids = want(e, ids)
		}
		list := newClient(t, w).Customers(q)
		customers, err := list.All(t.Context())
		return inRequests(describe(list, customers, err, ids), w)
	}
}

// Lists of customers, and what they take.
var listUses = []use{
	{"all customers", "right, 3 requests", listing(Query{}, nil)},
	{"the first 40 customers", "right, 2 requests", listing(Query{Limit: 40}, func(_ *emulator.Emulator, ids []string) []string { return ids[:40] })},
	{"all customers, sorted", "right, 3 requests", listing(Query{Sort: []string{"email"}}, func(_ *emulator.Emulator, ids []string) []string {
		return slices.Concat(ids[1:], ids[:1]) // Ada, the generated ones, and John
	})},
	{"customers sorted by what some lack", "right, 1 request", func(t *testing.T, api turnedAPI) string {
		e, w := api.start()
		for i, reference := range []*string{new("C"), nil, new("A")} {
			e.AddCustomer(emulator.Customer{ID: fmt.Sprintf("someone%d", i), Email: fmt.Sprintf("someone-%d@example.org", i), Reference: reference})
		}
		list := newClient(t, w).Customers(Query{Filter: map[string]string{"email_end": "@example.org"}, Sort: []string{"reference"}})
		customers, err := list.All(t.Context())
		return inRequests(describe(list, customers, err, []string{"someone2", "someone0", "someone1"}), w)
	}},
	{"a sort key that does not exist", "request refused, 1 request", listing(Query{Sort: []string{"nickname"}}, nil)},
	{"the number of customers", "60, 1 request", func(t *testing.T, api turnedAPI) string {
		_, w := api.start()
		list := newClient(t, w).Customers(Query{Count: true})
		if _, err := list.All(t.Context()); err != nil {
			return came(err)
		}
		return inRequests(fmt.Sprint(list.Total), w)
	}},
	{"nobody", "right, 1 request", listing(Query{Filter: map[string]string{"email_eq": "nobody@example.com"}}, none)},
	{"30 ids", "right, 2 requests", keyed(func(ids, _ []string) Query { return Query{IDs: ids[:30]} })},
	{"5 ids and an unknown one", "right, 1 request", keyed(func(ids, _ []string) Query { return Query{IDs: append([]string{"nobody"}, ids[:5]...)} })},
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
func keyed(query func(ids, emails []string) Query) func(*testing.T, turnedAPI) string {
	return func(t *testing.T, api turnedAPI) string {
		e, w := api.start()
		var ids, emails []string
		for i := range 30 {
			ids, emails = append(ids, fmt.Sprintf("someone%02d", i)), append(emails, fmt.Sprintf("someone-%02d@example.com", i))
			e.AddCustomer(emulator.Customer{ID: ids[i], Email: emails[i]})
		}
		q := query(slices.Clone(ids), emails)
		list := newClient(t, w).Customers(q)
		customers, err := list.All(t.Context())
		if q.IDs != nil {
			ids = slices.DeleteFunc(ids, func(id string) bool { return !slices.Contains(q.IDs, id) })
		}
		return inRequests(describe(list, customers, err, ids), w)
	}
}

// shrinking reads n customers by page number, of whom some are deleted while the
// second page is on its way.
func shrinking(n, deleted int) func(*testing.T, turnedAPI) string {
	return func(t *testing.T, api turnedAPI) string {
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
		customers, err := list.All(t.Context())
		return inRequests(describe(list, customers, err, ids[:50]), w)
	}
}

// filteredBy lists customers by one filter.
func filteredBy(predicate, value string, want func(*emulator.Emulator, []string) []string) func(*testing.T, turnedAPI) string {
	return listing(Query{Filter: map[string]string{predicate: value}}, want)
}

// at picks customers by their place.
func at(from, to int) func(*emulator.Emulator, []string) []string {
	return func(_ *emulator.Emulator, ids []string) []string { return ids[from:to] }
}

// Filters, right and wrong ones.
var filterUses = []use{
	{"a filter by address", "right, 1 request", filteredBy("email_eq", "ada@example.com", at(1, 2))},
	{"a filter by reference", "right, 1 request", filteredBy("reference_eq", "REF-000003", at(4, 5))},
	{"a filter that can't be compared here", "right, 2 requests", filteredBy("created_at_gt", "2029-01-01T00:00:00.000Z", func(e *emulator.Emulator, _ []string) []string {
		return []string{e.AddCustomer(emulator.Customer{ID: "someone", CreatedAt: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)})}
	})},
	{"a filter by shopper reference", "right, 1 request", filteredBy("shopper_reference_eq", "shopper-000001", at(2, 3))},
	{"a filter by a part in capitals", "right, 1 request", filteredBy("email_cont", "CUSTOMER-00001", none)},
	{"a filter with wildcards", "right, 2 requests", filteredBy("email_matches", "customer-00001%", at(11, 21))},
	{"a filter with a typing error", "request refused, 1 request", filteredBy("emial_eq", "ada@example.com", at(1, 2))},
	{"a filter without a value", "request refused, 1 request", filteredBy("status_eq", "", none)},
	{"a filter that can't be compared, without a value", "request refused, 1 request", filteredBy("created_at_gt", "", none)},
	{"a filter behind an ID that never was", "right, 1 request", filteredBy("id_gt", "nobody", none)},
	{"a filter of 5 KB", "right, 1 request", filteredBy("email_in", "ada@example.com,"+strings.Repeat("x", 5000), at(1, 2))},
}

// Parts of customers: relationships and fields.
var partUses = []use{
	{"relationships that are empty", "empty lists", func(t *testing.T, api turnedAPI) string {
		e, w := api.start()
		e.AddCustomer(emulator.Customer{ID: "lonely"})
		customer, err := newClient(t, w).Customer(t.Context(), "lonely", Selection{Include: []string{"customer_group", "tags"}})
		switch {
		case err != nil:
			return came(err)
		case customer.Relationships["tags"].Data == nil || customer.Relationships["customer_group"].Data == nil:
			return "null"
		case len(customer.Relationships["tags"].Data)+len(customer.Relationships["customer_group"].Data)+len(customer.Included) > 0:
			return "not empty"
		}
		return "empty lists"
	}},
	{"a relationship that does not exist", "request refused", parted(Selection{Include: []string{"nickname"}})},
	{"a list with a relationship that does not exist", "request refused, 1 request", listing(Query{Selection: Selection{Include: []string{"nickname"}}}, nil)},
	{"relationships three levels deep", "email", parted(Selection{Include: []string{"orders.shipments.order"}, Fields: []string{"email"}})},
	{"relationships two levels deep", "email", parted(Selection{Include: []string{"orders.shipments"}, Fields: []string{"email"}})},
	{"fields", "status", parted(Selection{Fields: []string{"status"}})},
	{"no fields", "", parted(Selection{Fields: []string{}})},
	{"fields of a list, filtered by another", "status", func(t *testing.T, api turnedAPI) string {
		_, w := api.start()
		q := Query{Filter: map[string]string{"email_eq": emulator.FullCustomerEmail}, Selection: Selection{Fields: []string{"status"}}}
		customers, err := newClient(t, w).Customers(q).All(t.Context())
		if err != nil {
			return came(err)
		}
		return attributesOf(customers[0])
	}},
	{"a field that does not exist", "request refused", parted(Selection{Fields: []string{"nickname", "status"}})},
	{"the claim of an ordinary token", "null", func(t *testing.T, api turnedAPI) string {
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

// parted reads some parts of a customer that has everything.
func parted(s Selection) func(*testing.T, turnedAPI) string {
	return func(t *testing.T, api turnedAPI) string {
		_, w := api.start()
		customer, err := newClient(t, w).Customer(t.Context(), emulator.FullCustomerID, s)
		if err != nil {
			return came(err)
		}
		return attributesOf(customer)
	}
}

// attributesOf names some of the attributes that were handed on.
func attributesOf(c *Customer) string {
	var names []string
	for _, one := range []struct {
		name string
		set  bool
	}{{"email", c.Email != nil}, {"status", c.Status != nil}, {"metadata", c.Metadata != nil}, {"created_at", c.CreatedAt != nil}} {
		if one.set {
			names = append(names, one.name)
		}
	}
	return strings.Join(names, ", ")
}

// relatedTo reads what a customer is related to, whose place is given.
func relatedTo(place int, relationship string, filter map[string]string) func(*testing.T, turnedAPI) string {
	return func(t *testing.T, api turnedAPI) string {
		e, w := api.start()
		id := "nobody"
		if place >= 0 {
			id = e.CustomerIDs()[place]
		}
		list := newClient(t, w).Related(RelatedQuery{CustomerID: id, Relationship: relationship, Filter: filter})
		resources, err := list.All(t.Context())
		if err != nil {
			return inRequests(came(err), w)
		}
		different := map[string]bool{}
		for _, resource := range resources {
			different[resource.ID] = true
		}
		what := fmt.Sprint(len(different))
		if list.Unordered {
			what += ", by page number"
		}
		return inRequests(what, w)
	}
}

// What customers are related to. The third one has 60 orders, the fourth none.
var relatedUses = []use{
	{"60 orders", "60, 3 requests", relatedTo(2, "orders", nil)},
	{"no orders", "0, 1 request", relatedTo(3, "orders", nil)},
	{"one of 60 orders", "1, 1 request", relatedTo(2, "orders", map[string]string{"number_eq": "1020"})},
	{"a group", "1, 1 request", relatedTo(2, "customer_group", nil)},
	{"no group", "0, 1 request", relatedTo(3, "customer_group", nil)},
	{"orders of an unknown customer", "not found, 2 requests", relatedTo(-1, "orders", nil)},
	{"the group of an unknown customer", "not found, 2 requests", relatedTo(-1, "customer_group", nil)},
	{"what a customer can't be related to", "no such relationship, 2 requests", relatedTo(2, "friends", nil)},
}

// special is a secret that HTTP Basic has to encode.
const special = "se+cret/of=an%application"

// signedIn reads with client credentials.
func signedIn(id, secret string, before func(*emulator.Emulator)) func(*testing.T, turnedAPI) string {
	return func(t *testing.T, api turnedAPI) string {
		e, w := api.start()
		e.AddApplication(emulator.Application{ClientID: "special", ClientSecret: special, CanReadCustomers: true})
		c := newClient(t, w, WithToken(""), WithClientCredentials(ClientCredentials{ID: id, Secret: secret, Endpoint: parseURL(t, testEndpoint)}))
		if before != nil {
			if _, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{}); err != nil {
				return came(err)
			}
			before(e)
		}
		_, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{})
		return inRequests(came(err), w)
	}
}

// withToken reads with a token.
func withToken(token func(*emulator.Emulator) string) func(*testing.T, turnedAPI) string {
	return func(t *testing.T, api turnedAPI) string {
		e, w := api.start()
		_, err := newClient(t, w, WithToken(token(e))).Customer(t.Context(), emulator.SeedCustomerID, Selection{})
		return came(err)
	}
}

// Tokens, good and bad ones, and the requests for them.
var tokenUses = []use{
	{"client credentials", "right, 2 requests", signedIn(emulator.DefaultClientID, emulator.DefaultClientSecret, nil)},
	{"client credentials with special characters", "right, 2 requests", signedIn("special", special, nil)},
	{"a wrong client secret", "client credentials refused, 1 request", signedIn(emulator.DefaultClientID, "wrong", nil)},
	{"a token of client credentials that is revoked", "right, 5 requests", signedIn(emulator.DefaultClientID, emulator.DefaultClientSecret, (*emulator.Emulator).RevokeAllTokens)},
	{"a token of client credentials that expires early", "right, 5 requests", signedIn(emulator.DefaultClientID, emulator.DefaultClientSecret, (*emulator.Emulator).ExpireAllTokens)},
	{"an unknown token", "access token not accepted", withToken(func(*emulator.Emulator) string { return "unknown" })},
	{"an expired token", "access token not accepted", withToken(func(e *emulator.Emulator) string {
		return e.IssueToken(emulator.TokenOptions{TTL: -time.Hour})
	})},
	{"a token of another organization", "access token not accepted", withToken(func(e *emulator.Emulator) string {
		return e.IssueToken(emulator.TokenOptions{Slug: "other"})
	})},
	{"a token that may not read customers", "permission missing", withToken(func(e *emulator.Emulator) string {
		return e.IssueToken(emulator.TokenOptions{Kind: emulator.KindSalesChannel})
	})},
}

// limited reads customers one after the other under the limits, while others
// behind the same address use up some of them.
func limited(reads int, others func(w *wire, token string)) func(*testing.T, turnedAPI) string {
	return func(t *testing.T, api turnedAPI) string {
		e, w := api.start(emulator.WithLimits())
		w.latency = time.Millisecond
		c := newClient(t, w)
		ids := e.CustomerIDs()
		start := time.Now()
		for i := range reads {
			if i == 1 && others != nil {
				others(w, emulator.DefaultToken)
			}
			if _, err := c.Customer(t.Context(), ids[i%len(ids)], Selection{}); err != nil {
				return came(err)
			}
		}
		what := fmt.Sprintf("right, in %d0 s", (time.Since(start)+5*time.Second)/(10*time.Second))
		if n := e.CountStatus(http.StatusTooManyRequests); n > 0 {
			what += fmt.Sprintf(", %d refused", n)
		}
		return what
	}
}

// neighbours sends requests that the client knows nothing of.
func neighbours(n int) func(*wire, string) {
	return func(w *wire, token string) {
		for range n {
			r, err := http.NewRequest(http.MethodGet, testDomain+customersPath, http.NoBody)
			if err != nil {
				panic(err) // a constant
			}
			r.Header.Set("Accept", "application/vnd.api+json")
			r.Header.Set("Authorization", "Bearer "+token)
			resp, err := w.RoundTrip(r)
			if err == nil {
				_ = resp.Body.Close()
			}
		}
	}
}

// The limits, alone and with neighbours.
var limitUses = []use{
	{"120 reads under the limits", "right, in 60 s", limited(120, nil)},
	{"20 reads beside neighbours that leave some of the burst", "right, in 10 s", limited(20, neighbours(20))},
	{"20 reads beside neighbours that fill the burst", "right, in 10 s, 1 refused", limited(20, neighbours(24))},
}
