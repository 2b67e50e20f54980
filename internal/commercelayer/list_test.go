package commercelayer

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// The lists have 60 customers.
func TestListsTakeNoMoreRequestsThanNeeded(t *testing.T) {
	const first, john = "?page[size]=25&sort=id", "john@example.com"
	const after = first + " ?filter[q][id_gt]=#24&page[size]="
	const sorted = "?page[size]=25&sort=-created_at,email,id"
	const second, third = " ?page[number]=2&page[size]=25&sort=", " ?page[number]=3&page[size]=25&sort="
	nobody := map[string]string{"email_eq": "nobody@example.com"}
	for name, test := range map[string]struct {
		query    Query
		from, to int // which of the IDs are read
		total    int
		requests int
		asked    string // or empty, if the number tells enough
	}{
		"all":                {Query{}, 0, 60, 60, 3, after + "25&sort=id ?filter[q][id_gt]=#49&page[size]=25&sort=id"},
		"one":                {Query{Limit: 1}, 0, 1, 60, 1, "?page[size]=1&sort=id"},
		"a page":             {Query{Limit: 25}, 0, 25, 60, 1, first},
		"a page and more":    {Query{Limit: 30}, 0, 30, 60, 2, after + "5&sort=id"},
		"fewer than allowed": {Query{Limit: 100}, 0, 60, 60, 3, ""},
		"sorted": {
			Query{Sort: []string{"-created_at", "email"}}, 0, 60, 60, 3,
			sorted + second + "-created_at,email,id" + third + "-created_at,email,id",
		},
		"sorted by ID": {
			Query{Sort: []string{"-id"}, Limit: 30}, 30, 60, 60, 2, "?page[size]=25&sort=-id" + second + "-id",
		},
		"nobody":              {Query{Filter: nobody}, 0, 0, 0, 1, ""},
		"nobody, sorted":      {Query{Filter: nobody, Sort: []string{"email"}}, 0, 0, 0, 1, ""},
		"no known ID":         {Query{IDs: []string{"nobody"}}, 0, 0, 0, 1, ""},
		"no known address":    {Query{Emails: []string{"nobody@example.com"}}, 0, 0, 0, 1, ""},
		"no IDs":              {Query{IDs: []string{}}, 0, 0, 0, 0, ""},
		"no addresses":        {Query{Emails: []string{}}, 0, 0, 0, 0, ""},
		"a count":             {Query{Count: true}, 0, 0, 60, 1, ""},
		"a count of nobody":   {Query{Count: true, Filter: nobody}, 0, 0, 0, 1, ""},
		"a count by a filter": {Query{Count: true, Filter: map[string]string{"email_eq": john}}, 0, 0, 1, 1, ""},
		"a count of no IDs":   {Query{Count: true, IDs: []string{}}, 0, 0, 0, 0, ""},
		"a count of IDs":      {Query{Count: true, IDs: append(numbered("nobody", 40), emulator.SeedCustomerID)}, 0, 0, 1, 2, ""},
		"a count of one ID twice": {
			Query{Count: true, IDs: []string{emulator.SeedCustomerID, emulator.SeedCustomerID}}, 0, 0, 1, 1, "",
		},
		"a count of IDs by a filter": {
			Query{Count: true, IDs: []string{emulator.SeedCustomerID}, Filter: nobody}, 0, 0, 0, 1, "",
		},
		"a count of addresses": {Query{Count: true, Emails: []string{john, "nobody@example.org"}}, 0, 0, 1, 1, ""},
	} {
		bubble(t, name, func(t *testing.T) {
			_, w, c, all := populated(t, 60)
			list, ids := listed(t, c, test.query)
			want := slices.Clone(all[test.from:test.to])
			if test.query.Sort != nil {
				slices.Sort(ids)
				slices.Sort(want)
			}
			expectEqual(t, "the IDs", ids, want)
			expectEqual(t, "the total", list.Total, test.total)
			expectEqual(t, "what was found", told(list.Findings), "")
			w.expect(t, test.requests)
			asked := w.asked()
			for i, id := range all {
				asked = strings.ReplaceAll(asked, id, fmt.Sprint("#", i))
			}
			if test.asked != "" {
				expectEqual(t, "the requests", asked, test.asked)
			}
		})
	}
	for n, requests := range map[int]int{24: 1, 25: 1, 26: 2, 50: 2, 51: 3} {
		_, w, c, want := populated(t, n)
		_, ids := listed(t, c, Query{})
		expectEqual(t, "the IDs", ids, want)
		w.expect(t, requests)
	}
}

func TestFiltersTravelWithEachPage(t *testing.T) {
	_, w, c, want := populated(t, 60)
	list, ids := listed(t, c, Query{
		Filter:    map[string]string{"email_end": "@example.com", "id_gt": want[3]},
		Selection: Selection{Include: []string{"tags"}},
	})
	expectEqual(t, "the IDs", ids, want[4:])
	expectEqual(t, "the total", list.Total, 56)
	// id_gt can't be compared here, so the second request is a control of it.
	for _, s := range w.expect(t, 4) {
		expectEqual(t, "email_end", s.filter("email_end"), "@example.com")
		expectEqual(t, "include", s.query.Get("include"), "tags")
	}
}

// If fewer customers came than were counted, one more request tells whether the
// others were deleted.
func TestWalkTellsDeletedFromLost(t *testing.T) {
	e, w, c, before := populated(t, 40)
	e.OnRequest(func(r *http.Request) {
		if r.URL.Query().Has(filterKey("id_gt")) {
			e.DeleteCustomer(before[39])
		}
	})
	list, ids := listed(t, c, Query{})
	expectEqual(t, "the IDs", ids, before[:39])
	expectEqual(t, "what was found", told(list.Findings), "")
	expectEqual(t, "the size of the last page asked for", w.expect(t, 3)[2].query.Get("page[size]"), "1")
}

func TestTooManyMatchesAreAnErrorAfterTheFirstPage(t *testing.T) {
	for name, sort := range map[string][]string{"by ID": nil, "by page": {"email"}} {
		bubble(t, name, func(t *testing.T) {
			first := listDocument(MaxUnlimited+1, true, numbered("a", 25)...)
			w := pages(first)
			_, err := collect(newClient(t, w).Customers(Query{Sort: sort}).Pages(t.Context()))
			expectEqual(t, "the count", failureOf(t, err, ErrTooMany).Count, MaxUnlimited+1)
			w.expect(t, 1)
			// A limit allows them.
			w = pages(first, listDocument(MaxUnlimited-24, true, numbered("b", 5)...))
			list, ids := listed(t, newClient(t, w), Query{Sort: sort, Limit: 30})
			expectEqual(t, "the number of customers", len(ids), 30)
			expectEqual(t, "whether the total is told", list.Total >= MaxUnlimited-24, true)
		})
	}
}

// A list without an end does not grow without end, however its pages come:
// MaxUnlimited bounds its customers, and MaxResultBytes its bytes.
func TestListWithoutAnEndIsAnError(t *testing.T) {
	const john, bound = "john@example.com", 250_000
	endless := func(t *testing.T, count int, status string) (*wire, *Client) {
		t.Helper()
		n := 0
		return clientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var list []string
			for range MaxPageSize {
				n++
				list = append(list, customerJSON(fmt.Sprint("c", n), john, status))
			}
			respond(200, "", listJSON(count, list...))(w, r)
		}), 0)
	}
	bubble(t, "by number of customers", func(t *testing.T) {
		w, c := endless(t, -1, "")
		expectEqual(t, "the outcome", outcomeOf(t, c, Query{}), "too many matches")
		w.expect(t, MaxUnlimited/MaxPageSize+1)
		expectFound(t, lookUpAll(t.Context(), c, "John@example.com"), ErrTooMany) // none is exactly that
	})
	for name, query := range map[string]Query{
		"by bytes": {}, "by bytes, sorted": {Sort: []string{"email"}}, "by bytes, of a key": {Emails: []string{john}},
	} {
		bubble(t, name, func(t *testing.T) {
			w, c := endless(t, 9000, strings.Repeat("x", bound/10/MaxPageSize))
			expectEqual(t, "the bound", c.maxResult, MaxResultBytes)
			c.maxResult = bound
			expectEqual(t, "the outcome", outcomeOf(t, c, query), "result too large")
			w.expect(t, 10)
		})
	}
}

func TestUnreadableCustomerOfAListIsNamed(t *testing.T) {
	broken := `{"id":"BrOkEn","type":"customers","attributes":{"created_at":"yesterday"}}`
	good := customerJSON("one", "a@example.com", "repeat")
	for name, query := range map[string]Query{
		"all": {}, "sorted": {Sort: []string{"email"}}, "by ID": {IDs: []string{"one", "BrOkEn"}},
	} {
		_, err := collect(newClient(t, pages(listJSON(2, good, broken))).Customers(query).Pages(t.Context()))
		failure := failureOf(t, err, ErrMalformed)
		expectEqual(t, name+": the reason", failure.Reason,
			`the customer "BrOkEn": the attribute created_at is not an RFC 3339 time`)
		expectEqual(t, name+": the path", failure.Path, customersPath)
	}
}

// A filter can't be split into several requests, as a list of keys can.
func TestFilterThatNoServerTakesIsNotSent(t *testing.T) {
	long := map[string]string{"email_in": strings.Repeat("someone@example.com,", 400) + "ada@example.com"}
	for name, q := range map[string]Query{
		"a list": {Filter: long}, "a list of keys": {Filter: long, IDs: []string{emulator.FullCustomerID}},
	} {
		_, w, c := emulated(t, 0)
		_, err := collect(c.Customers(q).Pages(t.Context()))
		failure := failureOf(t, err, ErrBadRequest)
		expectEqual(t, "whether it is too long", failure.TooLong(), true)
		if failure.Length <= maxFilterLine || !strings.Contains(failure.Reason, fmt.Sprint(failure.Length)) {
			t.Errorf("%s: the length is %d, and the reason %q", name, failure.Length, failure.Reason)
		}
		w.expect(t, 0)
	}
}
