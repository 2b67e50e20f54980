package commercelayer

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/filter"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// A use is something that users do. It describes its outcome in a few words.
type use struct {
	name string
	run  func(a *refutedAPI) string
	// usual is the outcome if all assumptions about the API hold.
	usual string
	// refuted has the other outcomes, by the options that refute an assumption. If
	// a use can't read right any more, it must say so: with an error, a doubt, or
	// the outcome of a list.
	refuted outcomes
}

// outcomes maps options, with blanks between them, to an outcome.
type outcomes map[string]string

// outcome returns the outcome of a use if assumptions are refuted.
func (u use) outcome(refuted ...string) string {
	for options, outcome := range u.refuted {
		for option := range strings.FieldsSeq(options) {
			if slices.Contains(refuted, option) {
				return outcome
			}
		}
	}
	return u.usual
}

// Assumptions that change no outcome are refuted together, and all uses are tried
// with them. Each of the others is refuted alone. Then only the groups with a use
// whose outcome changes are tried.
func TestEveryRefutedAssumptionIsReadRightOrTold(t *testing.T) {
	uses := slices.Concat(useGroups...)
	tryUses(t, uses)
	alone := map[string]bool{}
	for _, u := range uses {
		for options := range u.refuted {
			for option := range strings.FieldsSeq(options) {
				alone[option] = true
			}
		}
	}
	for option := range alone {
		for _, group := range useGroups {
			if slices.ContainsFunc(group, func(u use) bool { return u.outcome(option) != u.usual }) {
				tryUses(t, group, option)
			}
		}
	}
	together := map[int][]string{}
	for _, a := range emulator.Assumptions() {
		for i, option := range a.Options() {
			if !alone[option] {
				together[i] = append(together[i], option)
			}
		}
	}
	for _, refuted := range together {
		tryUses(t, uses, refuted...)
	}
}

// tryUses compares the outcomes of uses with the expected ones.
func tryUses(t *testing.T, uses []use, refuted ...string) {
	t.Helper()
	for _, u := range uses {
		var got string
		synctest.Test(t, func(t *testing.T) { got = u.run(refuting(t, refuted)) })
		if want := u.outcome(refuted...); got != want {
			t.Errorf("%s: %q: %q, want %q", strings.Join(refuted, " "), u.name, got, want)
		}
	}
}

// useGroups are all uses.
var useGroups = [][]use{lookupUses, listUses, filterUses, partUses, relatedUses, tokenUses, limitUses}

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
func (a *refutedAPI) inRequests(what ...string) string {
	requests := "1 request"
	if n := len(a.requests()); n != 1 {
		requests = fmt.Sprint(n, " requests")
	}
	what = slices.DeleteFunc(append(what, requests), func(s string) bool { return s == "" })
	return strings.Join(what, ", ")
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

// came describes the outcome of a read in a few words.
func came(err error) string {
	if err == nil {
		return "right"
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Class.Error()
	}
	return "no error of the client"
}

// together describes the outcomes of several keys that were looked up at the
// same time: of those that no customer has, and of the others.
func (a *refutedAPI) together(keys []string, results []result) string {
	var outcomes []string
	for i, r := range results {
		outcome := came(r.err)
		switch {
		case strings.HasPrefix(keys[i], "nobody"):
			outcome = "unknown one " + outcome
		case r.err == nil && r.customer.ID != keys[i] && !filter.SameAddress(orEmpty(r.customer.Email), keys[i]):
			outcome = "a stranger"
		}
		outcomes = append(outcomes, outcome)
	}
	slices.Sort(outcomes)
	return a.inRequests(strings.Join(slices.Compact(outcomes), ", "))
}

// byAddresses looks customers up by address. change turns an address into the
// key.
func byAddresses(n int, change func(string) string, more ...string) func(*refutedAPI) string {
	return func(a *refutedAPI) string {
		keys := more
		for i := range n {
			keys = append(keys, change(a.someone(i).Email))
		}
		return a.together(keys, lookUpAll(a.t.Context(), a.client(), keys...))
	}
}

// ofOtherMode reads a live customer with a test token.
func ofOtherMode(options ...Option) func(*refutedAPI) string {
	return func(a *refutedAPI) string {
		a.AddCustomer(emulator.Customer{ID: "liveone", Mode: "live"})
		_, err := a.client(options...).Customer(a.t.Context(), "liveone", Selection{})
		return came(err)
	}
}

// These uses read single customers, by ID and by address, alone and together.
var lookupUses = []use{
	{"12 customers by ID and an unknown one", func(a *refutedAPI) string {
		// If the filter is ignored, the first page holds other customers.
		keys := append(a.CustomerIDs()[48:], "nobody")
		return a.together(keys, readAll(a.t.Context(), a.client(), keys))
	}, "right, unknown one not found, 2 requests", outcomes{
		"page-size-obeyed:ten":                                "right, unknown one not found, 4 requests",
		"id-in:refused id-in:ignored unknown-members:refused": "right, unknown one not found, 14 requests",
	}},
	{
		"12 customers by address and an unknown one", byAddresses(12, strings.ToLower, "nobody@example.com"),
		"right, unknown one not found, 2 requests", outcomes{
			"filter-control:all":   "right, unknown one filter ignored, 2 requests",
			"page-size-obeyed:ten": "right, unknown one not found, 14 requests",
			"email-in:refused email-in:ignored unknown-members:refused": "right, unknown one not found, 14 requests",
		},
	},
	{"an address in capitals", byAddresses(1, strings.ToUpper), "not found, 1 request", outcomes{
		"filter-control:all":   "filter ignored, 1 request",
		"email-eq-case:folded": "right, 1 request",
	}},
	{"25 customers by long addresses", func(a *refutedAPI) string {
		var keys []string
		for i := range 25 {
			keys = append(keys, fmt.Sprintf("%s%02d@example.com", strings.Repeat("long", 50), i))
			a.AddCustomer(emulator.Customer{Email: keys[i]})
		}
		return a.together(keys, lookUpAll(a.t.Context(), a.client(), keys...))
	}, "right, 8 requests", outcomes{
		"page-size-obeyed:ten email-in:refused email-in:ignored": "right, 26 requests",
	}},
	{"a customer of the other mode", ofOtherMode(), "not found", outcomes{"other-mode:served": "right"}},
	{
		"a customer of the other mode, with the guard", ofOtherMode(WithMode(ModeTest)), "not found",
		outcomes{"other-mode:served": "wrong mode"},
	},
	{"a server error", func(a *refutedAPI) string {
		a.Inject(emulator.Fault{Answer: emulator.Status(500)})
		return came(readSeed(a.t, a.client()))
	}, "server error", nil},
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
	return a.inRequests(what, told(list.Findings))
}

// listing reads a list of all customers, in the API's order.
func listing(q Query) func(*refutedAPI) string {
	return func(a *refutedAPI) string { return a.list(q, a.CustomerIDs()) }
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
		return a.list(query(ids, emails), ids)
	}
}

// These uses read lists of customers and count the requests.
var listUses = []use{
	{"all customers", listing(Query{}), "right, 3 requests", outcomes{
		"page-size-obeyed:ten":        "right, 6 requests",
		"id-gt:ignored id-gt:refused": "right, by number, 4 requests",
		"id-gt-order:text":            "in another order, by number, 4 requests",
	}},
	{
		"the youngest customers", withOthers(Query{Sort: []string{"-created_at"}, Limit: 2}, 2, 1), "right, 1 request",
		outcomes{"sort-obeyed:ignored": "sort ignored, 1 request"},
	},
	// Texts are compared in too many ways to tell their order.
	{
		"customers sorted by what some lack",
		withOthers(Query{Filter: map[string]string{"email_end": "@example.org"}, Sort: []string{"reference"}}, 2, 0, 1),
		"right, 1 request", outcomes{"sort-obeyed:ignored sort-nulls:first": "in another order, 1 request"},
	},
	{
		"a sort key that does not exist", listing(Query{Sort: []string{"nickname"}}), "request refused, 1 request",
		outcomes{"unknown-sort:ignored": "right, 3 requests"},
	},
	{"30 ids and an unknown one", keyed(func(ids, _ []string) Query {
		return Query{IDs: append([]string{"nobody"}, ids...)}
	}), "right, 2 requests", outcomes{
		"page-size-obeyed:ten":                  "right, 4 requests",
		"id-in:refused unknown-members:refused": "request refused, 2 requests",
		"id-in:ignored":                         "filter ignored, 2 requests",
	}},
	{"emails in capitals", keyed(func(_, emails []string) Query {
		for i := range emails {
			emails[i] = strings.ToUpper(emails[i])
		}
		return Query{Emails: emails}
	}), "0 of 30 customers, 2 requests", outcomes{
		"filter-control:all email-in:ignored":      "filter ignored, 2 requests",
		"email-in:refused unknown-members:refused": "request refused, 2 requests",
		"email-in-case:folded":                     "right, 2 requests",
	}},
	{"a sorted list whose last page goes away", func(a *refutedAPI) string {
		ids := a.CustomerIDs()
		for _, id := range ids[51:] {
			a.DeleteCustomer(id)
		}
		a.OnRequest(func(r *http.Request) {
			if r.URL.Query().Get("page[number]") == "3" {
				a.DeleteCustomer(ids[49])
				a.DeleteCustomer(ids[50])
			}
		})
		return a.list(Query{Sort: []string{"id"}}, ids[:50])
	}, "right, changed 50/0, 3 requests", outcomes{
		"page-size-obeyed:ten":    "49 of 50 customers, changed 49/0, 5 requests",
		"page-past-end:not-found": "right, changed 50/0, 4 requests",
	}},
}

// filteredBy lists customers by one filter. from and to are the positions of
// those who are expected.
func filteredBy(predicate, value string, from, to int) func(*refutedAPI) string {
	return func(a *refutedAPI) string {
		return a.list(Query{Filter: map[string]string{predicate: value}}, a.CustomerIDs()[from:to])
	}
}

// These uses have filters, right and wrong ones.
var filterUses = []use{
	{
		"a filter that can't be compared here",
		withOthers(Query{Filter: map[string]string{"created_at_gt": "2031-06-01T00:00:00.000Z"}}, 2), "right, 2 requests",
		outcomes{
			"known-filter:ignored filter-control:all": "filter ignored, 2 requests",
			"known-filter:refused":                    "request refused, 1 request",
		},
	},
	{
		"a filter by shopper reference", filteredBy("shopper_reference_eq", "shopper-000001", 2, 3), "right, 1 request",
		outcomes{
			"known-filter:ignored":                      "filter ignored, 2 requests",
			"known-filter:refused more-filters:refused": "request refused, 1 request",
		},
	},
	{
		"a filter by a part in capitals", filteredBy("email_cont", "CUSTOMER-00001", 0, 0), "right, 1 request",
		outcomes{
			"filter-control:all":     "filter ignored, 2 requests",
			"email-cont-case:folded": "10 of 0 customers, 1 request",
		},
	},
	{
		"a filter with wildcards", filteredBy("email_matches", "customer-00001%", 11, 21), "right, 2 requests",
		outcomes{"matches-wildcards:literal": "0 of 10 customers, 1 request"},
	},
	{
		"a filter with a typing error", filteredBy("emial_eq", "ada@example.com", 0, 0), "request refused, 1 request",
		outcomes{"unknown-filter:ignored": "filter ignored, 2 requests"},
	},
	// The provider refuses empty values itself. Without that, this would happen.
	{
		"a filter without a value", filteredBy("status_eq", "", 0, 0), "request refused, 1 request",
		outcomes{"empty-filter:ignored": "filter ignored, 2 requests"},
	},
	{"a filter behind an ID that never was", filteredBy("id_gt", "nobody", 0, 0), "right, 1 request", outcomes{
		"id-gt:ignored":                       "60 of 0 customers, by number, doubted 60/60, 5 requests",
		"id-gt:refused id-gt-unknown:refused": "request refused, 1 request",
		// This still reads right: the API compares in its own way.
		"id-gt-order:text":      "14 of 0 customers, 2 requests",
		"id-gt-unknown:ignored": "60 of 0 customers, doubted 60/60, 4 requests",
	}},
	{
		"a filter of 5 KB", filteredBy("email_in", "ada@example.com,"+strings.Repeat("x", 5000), 1, 2),
		"right, 1 request", outcomes{
			"email-in:refused unknown-members:refused url-length:refused": "request refused, 1 request",
			"email-in:ignored": "filter ignored, 2 requests",
		},
	},
}

// including reads a customer who is related to nothing. It tells whether that is
// told.
func including(names ...string) func(*refutedAPI) string {
	return func(a *refutedAPI) string {
		a.AddCustomer(emulator.Customer{ID: "lonely"})
		c, err := a.client().Customer(a.t.Context(), "lonely", Selection{Include: names, Fields: []string{}})
		if err != nil {
			return came(err)
		}
		var told []string
		for _, name := range names {
			told = append(told, fmt.Sprint(name, " ", c.Relationships[name].Data != nil))
		}
		return strings.Join(told, ", ")
	}
}

// selecting lists parts of all customers.
func selecting(s Selection) func(*refutedAPI) string { return listing(Query{Selection: s}) }

// These uses read parts of customers: relationships and fields.
var partUses = []use{
	{
		"relationships that are empty", including("customer_group", "tags"), "customer_group true, tags true", outcomes{
			"include-obeyed:ignored": "customer_group false, tags false",
			"empty-to-many:missing":  "customer_group true, tags false",
			"empty-to-one:missing":   "customer_group false, tags true",
		},
	},
	{
		"a relationship that does not exist", selecting(Selection{Include: []string{"nickname"}}),
		"request refused, 1 request", outcomes{"unknown-include:ignored": "right, not included, 3 requests"},
	},
	{
		"relationships three levels deep", selecting(Selection{Include: []string{"orders.shipments.order"}}),
		"right, 3 requests", outcomes{
			"include-depth:shallower": "request refused, 1 request",
			"include-obeyed:ignored":  "right, not included, 3 requests",
		},
	},
	{
		"a field that does not exist", selecting(Selection{Fields: []string{"nickname", "status"}}),
		"request refused, 1 request", outcomes{"unknown-field:ignored": "right, 3 requests"},
	},
}

// relatedTo reads the related resources of the customer at a position.
func relatedTo(place int, relationship string) func(*refutedAPI) string {
	return func(a *refutedAPI) string {
		list := a.client().Related(RelatedQuery{CustomerID: a.CustomerIDs()[place], Relationship: relationship})
		resources, err := collect(list.Pages(a.t.Context()))
		if err != nil {
			return a.inRequests(came(err))
		}
		different := map[string]bool{}
		for _, resource := range resources {
			different[resource.ID] = true
		}
		return a.inRequests(fmt.Sprint(len(different)), told(list.Findings))
	}
}

// These uses read related resources. The third customer has 60 orders, and the
// fourth has none.
var relatedUses = []use{
	{"60 orders", relatedTo(2, "orders"), "60, 3 requests", outcomes{
		"page-size-obeyed:ten":                         "60, 6 requests",
		"id-gt:ignored id-gt:refused id-gt-order:text": "60, by number, 4 requests",
		"related-to-many:whole":                        "60, 1 request",
	}},
	{"no group", relatedTo(3, "customer_group"), "0, 1 request", outcomes{"related-to-one:not-found": "0, 2 requests"}},
	{
		"what a customer can't be related to", relatedTo(2, "friends"), "no such relationship, 3 requests",
		outcomes{"unknown-include:ignored related-unknown:refused": "no such relationship, 2 requests"},
	},
}

// signedIn reads with the credentials of an application. If something happens
// then, it reads again.
func signedIn(secret, used string, then ...func(*emulator.Emulator)) func(*refutedAPI) string {
	return func(a *refutedAPI) string {
		a.AddApplication(emulator.Application{ClientID: "application", ClientSecret: secret, CanReadCustomers: true})
		c := a.client(withCredentials(a.t, func(c *ClientCredentials) { c.ID, c.Secret = "application", used }))
		err := readSeed(a.t, c)
		for _, happens := range then {
			if err == nil {
				happens(a.Emulator)
				err = readSeed(a.t, c)
			}
		}
		return a.inRequests(came(err))
	}
}

// withToken reads with a given token.
func withToken(o emulator.TokenOptions) func(*refutedAPI) string {
	return func(a *refutedAPI) string { return came(readSeed(a.t, a.client(WithToken(a.IssueToken(o))))) }
}

// special is a secret that HTTP Basic has to encode.
const special = "se+cret/of=an%application"

// These uses request and use tokens, good and bad ones.
var tokenUses = []use{
	{
		"client credentials with special characters", signedIn(special, special), "right, 2 requests",
		outcomes{"token-json:refused": "right, 3 requests"},
	},
	{"a wrong client secret", signedIn("secret", "wrong"), "client credentials refused, 1 request", nil},
	{
		"a token of client credentials that expires early",
		signedIn("secret", "secret", (*emulator.Emulator).ExpireAllTokens), "right, 5 requests", outcomes{
			"expired-token:unauthorized": "permission missing, 3 requests",
			"token-basic:refused":        "client credentials refused, 1 request",
		},
	},
	{
		"a token of another organization", withToken(emulator.TokenOptions{Slug: "other"}), "access token not accepted",
		outcomes{"foreign-token:not-found": "not found"},
	},
	{
		"a token that may not read customers", withToken(emulator.TokenOptions{Kind: emulator.KindSalesChannel}),
		"permission missing", nil,
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
	{"120 reads under the limits", limited(120, 0), "right, in 60 s", nil},
	{
		"20 reads beside neighbours that leave some of the burst", limited(20, 20), "right, in 10 s",
		outcomes{"rate-headers:missing rate-headers:constant": "right, in 10 s, 1 refused"},
	},
	{
		"20 reads beside neighbours that fill the burst", limited(20, 24), "right, in 10 s, 1 refused", outcomes{
			"burst-remaining:zero": "right, in 60 s, 1 refused",
			"burst-endpoint:apart": "right, in 10 s",
		},
	},
}
