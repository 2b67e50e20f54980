package commercelayer

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/ratelimit"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// populated returns an emulator with n customers and a client. The limits are
// so high that they do not matter. It also returns the IDs in the API's order.
func populated(t *testing.T, n int) (*emulator.Emulator, *wire, *Client, []string) {
	t.Helper()
	e := emulator.New(emulator.WithCustomers(n - 2))
	w := &wire{handler: e}
	c := newClient(t, w)
	c.api.limiter = ratelimit.New(ratelimit.Limits{Burst: 10_000, BurstInterval: testLimits.BurstInterval, Average: 10_000, AverageInterval: testLimits.AverageInterval})
	return e, w, c, e.CustomerIDs()
}

// listed reads a list that must be readable, and returns its IDs.
func listed(t *testing.T, c *Client, q Query) (*Listing, []string) {
	t.Helper()
	list := c.Customers(q)
	customers, err := collect(list.Pages(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]string, len(customers))
	for i, customer := range customers {
		ids[i] = customer.ID
	}
	expectEqual(t, "the number of customers told", list.Count, len(ids))
	return list, ids
}

// expectIDs compares two lists of IDs.
func expectIDs(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got %d customers, want %d:\n%v\n%v", len(got), len(want), got, want)
	}
}

func TestWalkTakesOneRequestPerPage(t *testing.T) {
	for n, requests := range map[int]int{2: 1, 24: 1, 25: 1, 26: 2, 50: 2, 51: 3, 1000: 40} {
		bubble(t, fmt.Sprint(n), func(t *testing.T) {
			_, w, c, want := populated(t, n)
			list, ids := listed(t, c, Query{})
			expectIDs(t, ids, want)
			expectEqual(t, "the total", list.Total, n)
			expectEqual(t, "whether it changed", list.changed(), false)
			for i, s := range w.expect(t, requests) {
				after := ""
				if i > 0 {
					after = want[i*MaxPageSize-1]
				}
				expectEqual(t, "id_gt", s.filter("id_gt"), after)
				expectEqual(t, "sort", s.query.Get("sort"), "id")
				expectEqual(t, "page[size]", s.query.Get("page[size]"), "25")
				expectEqual(t, "whether the page has a number", s.query.Has("page[number]"), false)
			}
		})
	}
}

func TestEmptyListIsNoError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, w, c, _ := populated(t, 30)
		for _, q := range []Query{
			{Filter: map[string]string{"email_eq": "nobody@example.com"}},
			{Filter: map[string]string{"email_eq": "nobody@example.com"}, Sort: []string{"email"}},
			{IDs: []string{"nobody"}}, {Emails: []string{"nobody@example.com"}},
		} {
			list, _ := listed(t, c, q)
			expectEqual(t, "the number of customers", list.Count, 0)
			expectEqual(t, "the total", list.Total, 0)
			expectEqual(t, "whether it changed", list.changed(), false)
		}
		w.expect(t, 4)
		for _, q := range []Query{{IDs: []string{}}, {Emails: []string{}}} {
			listed(t, c, q)
		}
		w.expect(t, 4)
	})
}

func TestFiltersTravelWithEachPage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, w, c, want := populated(t, 60)
		list, ids := listed(t, c, Query{Filter: map[string]string{"email_end": "@example.com", "id_gt": want[3]}, Selection: Selection{Include: []string{"tags"}}})
		expectIDs(t, ids, want[4:])
		expectEqual(t, "the total", list.Total, 56)
		// id_gt can't be compared here, so one more request counts without the
		// filter.
		for i, s := range w.expect(t, 4) {
			if i != 1 {
				expectEqual(t, "email_end", s.filter("email_end"), "@example.com")
			}
			expectEqual(t, "include", s.query.Get("include"), "tags")
		}
	})
}

func TestLimitReadsNoMoreThanWanted(t *testing.T) {
	for limit, sizes := range map[int][]string{1: {"1"}, 25: {"25"}, 30: {"25", "5"}, 100: {"25", "25", "10"}} {
		bubble(t, fmt.Sprint(limit), func(t *testing.T) {
			_, w, c, want := populated(t, 60)
			if limit == 100 {
				sizes = []string{"25", "25", "25"} // the page is larger than what is left
			}
			list, ids := listed(t, c, Query{Limit: limit})
			expectIDs(t, ids, want[:min(limit, 60)])
			expectEqual(t, "the total", list.Total, 60)
			for i, s := range w.expect(t, len(sizes)) {
				expectEqual(t, "page[size]", s.query.Get("page[size]"), sizes[i])
			}
		})
	}
}

// Customers that are created or deleted during the read do not affect the
// others.
func TestWalkWhileCustomersComeAndGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c, before := populated(t, 100)
		requests := 0
		e.OnRequest(func(*http.Request) {
			requests++
			switch requests {
			case 2: // one that was read, one of the next page, and the last one that was read
				e.DeleteCustomer(before[3])
				e.DeleteCustomer(before[30])
				e.DeleteCustomer(before[24])
			case 3:
				e.AddCustomer(emulator.Customer{ID: "latecomer"})
			}
		})
		list, ids := listed(t, c, Query{})
		want := slices.Concat(before[:30], before[31:], []string{"latecomer"})
		expectIDs(t, ids, want)
		expectEqual(t, "the total", list.Total, len(want))
		expectEqual(t, "whether it changed", list.changed(), false)
		w.expect(t, 4)
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
		expectIDs(t, ids, before[:39])
		expectEqual(t, "whether it changed", list.changed(), false)
		expectEqual(t, "the size of the last page asked for", w.expect(t, 3)[2].query.Get("page[size]"), "1")
	})
}

// listDocument returns a page with the given customers.
func listDocument(count int, next bool, ids ...string) string {
	items := make([]string, len(ids))
	for i, id := range ids {
		items[i] = fmt.Sprintf(`{"id":%q,"type":"customers","attributes":{"email":"%s@example.com"}}`, id, id)
	}
	links := "{}"
	if next {
		links = `{"next":"https://x"}`
	}
	return fmt.Sprintf(`{"data":[%s],"meta":{"record_count":%d},"links":%s}`, strings.Join(items, ","), count, links)
}

func numbered(prefix string, n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("%s%d", prefix, i)
	}
	return ids
}

// pages returns a handler that sends the documents in turn.
func pages(documents ...string) *wire {
	handlers := make([]http.HandlerFunc, len(documents))
	for i, document := range documents {
		handlers[i] = respond(200, "", document)
	}
	return &wire{handler: inTurn(handlers...)}
}

func TestPageThatRepeatsIsAnError(t *testing.T) {
	for name, q := range map[string]Query{"by ID": {}, "by page": {Sort: []string{"email"}}} {
		bubble(t, name, func(t *testing.T) {
			w := pages(listDocument(60, true, numbered("a", 25)...))
			_, err := collect(newClient(t, w).Customers(q).Pages(t.Context()))
			failure := failureOf(t, err, ErrMalformed)
			if !strings.Contains(failure.Reason, "repeats") {
				t.Errorf("the reason is %q", failure.Reason)
			}
			// A walk by ID then also tries page numbers.
			w.expect(t, 4-len(q.Sort))
		})
	}
}

func TestTooManyMatchesAreAnErrorAfterTheFirstPage(t *testing.T) {
	for name, q := range map[string]Query{"by ID": {}, "by page": {Sort: []string{"email"}}} {
		bubble(t, name, func(t *testing.T) {
			w := pages(listDocument(MaxUnlimited+1, true, numbered("a", 25)...), listDocument(MaxUnlimited-24, true, numbered("b", 25)...))
			_, err := collect(newClient(t, w).Customers(q).Pages(t.Context()))
			failure := failureOf(t, err, ErrTooMany)
			expectEqual(t, "the count", failure.Count, MaxUnlimited+1)
			w.expect(t, 1)

			rest := 5 // how many the limit still allows
			if len(q.Sort) > 0 {
				rest = 25
			}
			w = pages(listDocument(MaxUnlimited+1, true, numbered("a", 25)...), listDocument(MaxUnlimited-24, true, numbered("b", rest)...))
			q.Limit = 30
			list, ids := listed(t, newClient(t, w), q)
			expectEqual(t, "the number of customers", len(ids), 30)
			expectEqual(t, "the total", list.Total >= MaxUnlimited-24, true)
		})
	}
}

// MaxUnlimited also holds if the API sends no count.
func TestEndlessListIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		w := &wire{handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			n++
			respond(200, "", listDocument(-1, true, numbered(fmt.Sprint("page", n, "-"), 25)...))(rw, r)
		})}
		c := newClient(t, w)
		_, err := collect(c.Customers(Query{}).Pages(t.Context()))
		expectKind(t, err, ErrTooMany)
		w.expect(t, MaxUnlimited/MaxPageSize+1)
	})
}

func TestSortedListGoesByPageNumber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, w, c, want := populated(t, 60)
		list, ids := listed(t, c, Query{Sort: []string{"-created_at", "email"}})
		slices.Sort(ids)
		slices.Sort(want)
		expectIDs(t, ids, want)
		expectEqual(t, "the total", list.Total, 60)
		for i, s := range w.expect(t, 3) {
			expectEqual(t, "sort", s.query.Get("sort"), "-created_at,email,id")
			number := ""
			if i > 0 {
				number = fmt.Sprint(i + 1)
			}
			expectEqual(t, "page[number]", s.query.Get("page[number]"), number)
			expectEqual(t, "page[size]", s.query.Get("page[size]"), "25")
		}
		w.reset()
		list, ids = listed(t, c, Query{Sort: []string{"-id"}, Limit: 30})
		expectEqual(t, "the number of customers", len(ids), 30)
		expectEqual(t, "the total", list.Total, 60)
		expectEqual(t, "sort", w.expect(t, 2)[1].query.Get("sort"), "-id")
	})
}

// A customer who comes while the pages are read moves others back, and nobody
// is lost. One who goes moves others forward, past the end of a page.
func TestSortedListTellsThatItMayHaveLostCustomers(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*emulator.Emulator, []string)
		lost   bool
	}{
		"one came": {func(e *emulator.Emulator, _ []string) { e.AddCustomer(emulator.Customer{Email: "0@example.com"}) }, false},
		"one went": {func(e *emulator.Emulator, ids []string) { e.DeleteCustomer(ids[0]) }, true},
	} {
		bubble(t, name, func(t *testing.T) {
			e, _, c, before := populated(t, 60)
			e.OnRequest(func(r *http.Request) {
				if r.URL.Query().Get("page[number]") == "2" {
					test.change(e, before)
				}
			})
			list, ids := listed(t, c, Query{Sort: []string{"email"}})
			expectEqual(t, "whether it may have lost one", list.changed(), test.lost)
			expectEqual(t, "the number of different customers", len(slices.Compact(slices.Sorted(slices.Values(ids)))), len(ids))
		})
	}
}

func TestListOfAnotherModeIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := pages(listDocument(1, false, "one"))
		_, err := collect(newClient(t, w, WithMode(ModeTest)).Customers(Query{}).Pages(t.Context()))
		expectKind(t, err, ErrWrongMode)
	})
}
