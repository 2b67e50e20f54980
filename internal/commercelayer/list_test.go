package commercelayer

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestWalkTakesOneRequestPerPage(t *testing.T) {
	for n, requests := range map[int]int{2: 1, 24: 1, 25: 1, 26: 2, 50: 2, 51: 3, 1000: 40} {
		bubble(t, fmt.Sprint(n), func(t *testing.T) {
			_, w, c, want := populated(t, n)
			list, ids := listed(t, c, Query{})
			expectEqual(t, "the IDs", ids, want)
			expectEqual(t, "the total", list.Total, n)
			expectEqual(t, "what was found", told(list.Findings), "")
			asked := []string{"?page[size]=25&sort=id"}
			for i := range requests - 1 {
				asked = append(asked, "?filter[q][id_gt]="+want[(i+1)*MaxPageSize-1]+"&page[size]=25&sort=id")
			}
			expectEqual(t, "the requests", w.asked(), strings.Join(asked, " "))
		})
	}
}

func TestNobodyIsAnEmptyList(t *testing.T) {
	nobody := map[string]string{"email_eq": "nobody@example.com"}
	for name, test := range map[string]struct {
		query    Query
		requests int
	}{
		"a filter": {Query{Filter: nobody}, 1}, "a filter, sorted": {Query{Filter: nobody, Sort: []string{"email"}}, 1},
		"IDs": {Query{IDs: []string{"nobody"}}, 1}, "addresses": {Query{Emails: []string{"nobody@example.com"}}, 1},
		"no IDs": {Query{IDs: []string{}}, 0}, "no addresses": {Query{Emails: []string{}}, 0},
	} {
		for _, counted := range []bool{false, true} {
			bubble(t, fmt.Sprint(name, " ", counted), func(t *testing.T) {
				_, w, c, _ := populated(t, 30)
				test.query.Count = counted
				list, ids := listed(t, c, test.query)
				expectEqual(t, "the number of customers", len(ids), 0)
				expectEqual(t, "the total", list.Total, 0)
				expectEqual(t, "what was found", told(list.Findings), "")
				w.expect(t, test.requests)
			})
		}
	}
}

func TestCountReadsNoCustomer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, w, c, ids := populated(t, 60)
		for _, test := range []struct {
			query           Query
			total, requests int
		}{
			{Query{}, 60, 1},
			{Query{Filter: map[string]string{"email_eq": "john@example.com"}}, 1, 1},
			{Query{Emails: []string{"john@example.com", "nobody@example.org"}}, 1, 1},
			{Query{IDs: []string{ids[0], "nOsUcHoNeX", ids[0]}}, 1, 1},
			{Query{IDs: ids[:1], Filter: map[string]string{"status_eq": "repeat"}}, 0, 1},
			{Query{IDs: ids}, 60, 3},
		} {
			w.reset()
			test.query.Count = true
			list, read := listed(t, c, test.query)
			expectEqual(t, "the number of customers", len(read), 0)
			expectEqual(t, "the total", list.Total, test.total)
			w.expect(t, test.requests)
		}
	})
}

func TestFiltersTravelWithEachPage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
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
	})
}

func TestLimitReadsNoMoreThanWanted(t *testing.T) {
	for limit, sizes := range map[int]string{1: "1", 25: "25", 30: "25 5", 100: "25 25 25"} {
		bubble(t, fmt.Sprint(limit), func(t *testing.T) {
			_, w, c, want := populated(t, 60)
			list, ids := listed(t, c, Query{Limit: limit})
			expectEqual(t, "the IDs", ids, want[:min(limit, 60)])
			expectEqual(t, "the total", list.Total, 60)
			var asked []string
			for _, s := range w.requests() {
				asked = append(asked, s.query.Get("page[size]"))
			}
			expectEqual(t, "the sizes of the pages", strings.Join(asked, " "), sizes)
		})
	}
}

func TestSortedListGoesByPageNumber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, w, c, want := populated(t, 60)
		list, ids := listed(t, c, Query{Sort: []string{"-created_at", "email"}})
		expectEqual(t, "the IDs", slices.Sorted(slices.Values(ids)), slices.Sorted(slices.Values(want)))
		expectEqual(t, "the total", list.Total, 60)
		const sort = "&sort=-created_at,email,id"
		expectEqual(t, "the requests", w.asked(), "?page[size]=25"+sort+" ?page[number]=2&page[size]=25"+sort+
			" ?page[number]=3&page[size]=25"+sort)
		w.reset()
		list, ids = listed(t, c, Query{Sort: []string{"-id"}, Limit: 30})
		expectEqual(t, "the number of customers", len(ids), 30)
		expectEqual(t, "the total", list.Total, 60)
		expectEqual(t, "the requests", w.asked(), "?page[size]=25&sort=-id ?page[number]=2&page[size]=25&sort=-id")
	})
}

// If fewer customers came than were counted, one more request tells whether the
// others were deleted.
func TestWalkTellsDeletedFromLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
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
	})
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
	const john = "john@example.com"
	for name, test := range map[string]struct {
		query    Query
		count    int
		bytes    int64
		class    Class
		requests int
	}{
		"by number of customers": {Query{}, -1, MaxResultBytes, ErrTooMany, MaxUnlimited/MaxPageSize + 1},
		"by bytes":               {Query{}, 9000, 250_000, ErrResultTooLarge, 10},
		"by bytes, sorted":       {Query{Sort: []string{"email"}}, 9000, 250_000, ErrResultTooLarge, 10},
		"by bytes, of a key":     {Query{Emails: []string{john}}, 9000, 250_000, ErrResultTooLarge, 10},
	} {
		bubble(t, name, func(t *testing.T) {
			n := 0
			status := strings.Repeat("x", int(250_000/10/MaxPageSize))
			if test.class == ErrTooMany {
				status = ""
			}
			w, c := clientOf(t, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				var list []string
				for range MaxPageSize {
					n++
					list = append(list, customerJSON(fmt.Sprint("c", n), john, status))
				}
				respond(200, "", listJSON(test.count, list...))(rw, r)
			}), 0)
			expectEqual(t, "the bound", c.maxResult, MaxResultBytes)
			c.maxResult = test.bytes
			_, err := collect(c.Customers(test.query).Pages(t.Context()))
			expectKind(t, err, test.class)
			w.expect(t, test.requests)
			if test.class == ErrTooMany {
				_, err = c.CustomerByEmail(t.Context(), "John@example.com", Selection{}) // none is exactly that
				expectKind(t, err, ErrTooMany)
			}
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
	ids := []string{emulator.FullCustomerID}
	for name, q := range map[string]any{
		"by ID":       Query{Filter: long},
		"by page":     Query{Filter: long, Sort: []string{"email"}},
		"a count":     Query{Filter: long, Count: true},
		"with IDs":    Query{Filter: long, IDs: ids},
		"IDs' count":  Query{Filter: long, IDs: ids, Count: true},
		"related":     RelatedQuery{CustomerID: ids[0], Relationship: "orders", Filter: long},
		"related one": RelatedQuery{CustomerID: ids[0], Relationship: "customer_group", Filter: long},
	} {
		bubble(t, name, func(t *testing.T) {
			_, w, c := emulated(t, 0)
			var err error
			switch q := q.(type) {
			case Query:
				_, err = collect(c.Customers(q).Pages(t.Context()))
			case RelatedQuery:
				_, err = follow(t, c, q)
			}
			failure := failureOf(t, err, ErrBadRequest)
			expectEqual(t, "whether it is too long", failure.TooLong(), true)
			if failure.Length <= maxFilterLine || !strings.Contains(failure.Reason, fmt.Sprint(failure.Length)) {
				t.Errorf("the length is %d, and the reason %q", failure.Length, failure.Reason)
			}
			w.expect(t, 0)
		})
	}
}
