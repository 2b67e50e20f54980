package commercelayer

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
)

// A crookedAPI serves customers in the order of their positions. What is set
// turns it away from the Core API.
type crookedAPI struct {
	customers []string // as JSON; the ID of the n-th one is c and n
	// size is the size of each page, whatever was asked for.
	size int
	// ignored lists the parameters that are ignored, such as sort or filter[q][id_gt].
	ignored []string
	// count is what it counts, given the number of matches. It is told if it is not nil.
	count func(n int) int
	// linked adds links.next.
	linked bool
}

// members returns n customers of two statuses, with addresses of their own.
func members(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = customerJSON(fmt.Sprint("c", i), fmt.Sprintf("c%d@example.com", i), []string{"prospect", "repeat"}[i%2])
	}
	return list
}

func honest(n int) int { return n }

func (a crookedAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	asked := func(name string) string {
		if slices.Contains(a.ignored, name) {
			return ""
		}
		return r.URL.Query().Get(name)
	}
	matches := slices.Clone(a.customers)
	keep := func(value string, holds func(customer, value string) bool) {
		if value != "" {
			matches = slices.DeleteFunc(matches, func(c string) bool {
				return !slices.ContainsFunc(strings.Split(value, ","), func(v string) bool { return holds(c, v) })
			})
		}
	}
	has := func(member string) func(customer, value string) bool {
		return func(customer, value string) bool {
			return strings.Contains(customer, fmt.Sprintf("%q:%q", member, value))
		}
	}
	keep(asked(filterKey("id_in")), has("id"))
	keep(asked(filterKey("email_in")), has("email"))
	keep(asked(filterKey("email_eq")), has("email"))
	keep(asked(filterKey("status_eq")), has("status"))
	total := len(matches)
	if last := asked(filterKey("id_gt")); last != "" {
		matches = matches[slices.IndexFunc(matches, func(c string) bool { return has("id")(c, last) })+1:]
		total = len(matches)
	}
	if id, alone := strings.CutPrefix(r.URL.Path, customersPath+"/"); alone {
		keep(id, has("id"))
		if len(matches) == 0 {
			respond(404, "", `{"errors":[{"code":"RECORD_NOT_FOUND","status":"404"}]}`)(w, r)
			return
		}
		respond(200, "", `{"data":`+matches[0]+`}`)(w, r)
		return
	}
	size, _ := strconv.Atoi(cmp.Or(asked("page[size]"), "10"))
	size = cmp.Or(a.size, size)
	number, _ := strconv.Atoi(cmp.Or(asked("page[number]"), "1"))
	page := matches[min(len(matches), (number-1)*size):min(len(matches), number*size)]
	var meta, links string
	if a.count != nil {
		meta = fmt.Sprintf(`,"meta":{"record_count":%d}`, a.count(total))
	}
	if a.linked && number*size < len(matches) {
		links = `,"links":{"next":"https://x"}`
	}
	respond(200, "", `{"data":[`+strings.Join(page, ",")+`]`+meta+links+`}`)(w, r)
}

// told describes what was found, without names.
func told(f Findings) string {
	names := map[FindingKind]string{
		FindingIncomplete: "incomplete", FindingChanged: "changed", FindingUnordered: "by number", FindingUncounted: "uncounted",
		FindingFilterDoubt: "doubted", FindingUnmatched: "unmatched", FindingUnsorted: "unsorted",
	}
	var list []string
	for _, found := range f {
		if name := names[found.Kind]; name != "" {
			list = append(list, strings.TrimSuffix(fmt.Sprintf("%s %d/%d", name, found.Read, found.Counted), " 0/0"))
		}
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// outcomeOf describes how a list ended: the number of resources, the total and
// what was found, or the class of the error.
func outcomeOf(t *testing.T, c *Client, q Query) string {
	t.Helper()
	list := c.Customers(q)
	customers, err := collect(list.Pages(t.Context()))
	if err != nil {
		return came(err)
	}
	return strings.TrimSuffix(fmt.Sprintf("%d of %d, %s", len(customers), list.Total, told(list.Findings)), ", ")
}

func idsUpTo(n int) []string { return numbered("c", n) }

func addressesUpTo(n int) []string {
	list := idsUpTo(n)
	for i := range list {
		list[i] += "@example.com"
	}
	return list
}

func TestListsThatContradictThemselvesAreReadOnOrTold(t *testing.T) {
	const idGt = "filter[q][id_gt]"
	more := func(by int) func(int) int { return func(n int) int { return n + by } }
	for name, test := range map[string]struct {
		api      crookedAPI
		query    Query
		want     string
		requests int
	}{
		"one of three keys is left out": {
			crookedAPI{customers: members(2), count: more(1)}, Query{IDs: []string{"c0", "c1", "gone"}},
			"2 of 2, incomplete 2/3", 7,
		},
		"all of three keys are left out": {
			crookedAPI{count: func(int) int { return 3 }}, Query{IDs: []string{"x", "y", "z"}}, "0 of 0, incomplete 0/3", 6,
		},
		"one of a thousand keys is left out": {
			crookedAPI{customers: members(999), count: func(n int) int { return n + max(0, 24-n)/24 }},
			Query{IDs: append(idsUpTo(999), "gone")}, "999 of 999", 40,
		},
		"pages of ten by ID": {
			crookedAPI{customers: members(22), size: 10, count: honest, ignored: []string{idGt}}, Query{IDs: idsUpTo(22)},
			"22 of 22", 4,
		},
		"pages of ten by address": {
			crookedAPI{customers: members(22), size: 10, count: honest, ignored: []string{idGt}},
			Query{Emails: addressesUpTo(22)}, "22 of 22", 4,
		},
		"pages of ten, all": {
			crookedAPI{customers: members(60), size: 10, count: honest, ignored: []string{idGt}}, Query{}, "60 of 60, by number", 7,
		},
		"pages of ten, sorted": {
			crookedAPI{customers: members(60), size: 10, count: honest}, Query{Sort: []string{"email"}}, "60 of 60", 6,
		},
		"neither a count nor a next link": {crookedAPI{customers: members(60), size: 10}, Query{}, "60 of 60", 7},
		"a next link alone":               {crookedAPI{customers: members(60), linked: true}, Query{}, "60 of 60", 4},
		"a count of the page alone": {
			crookedAPI{customers: members(60), count: func(n int) int { return min(n, 25) }, linked: true}, Query{}, "60 of 60", 3,
		},
		"a count that is too high for ever": {
			crookedAPI{customers: members(60), count: more(5)}, Query{}, "60 of 65, incomplete 60/65", 10,
		},
		"a count that is too low for ever": {
			crookedAPI{customers: members(60), count: func(n int) int { return min(n, 3) }}, Query{Sort: []string{"email"}},
			"60 of 60, changed 60/0", 4,
		},
		"a limit, and no count": {crookedAPI{customers: members(60)}, Query{Limit: 5}, "5 of 5, uncounted 5/0", 2},
		"a limit, and a count of the page alone": {
			crookedAPI{customers: members(60), count: func(int) int { return 5 }, linked: true}, Query{Limit: 5},
			"5 of 5, uncounted 5/0", 2,
		},
		"sort ignored": {
			crookedAPI{customers: []string{aged(0, earlyTime), aged(1, lateTime), aged(2, lateTime)}, count: honest},
			Query{Sort: []string{"-created_at"}, Limit: 2}, "sort ignored", 1,
		},
	} {
		bubble(t, name, func(t *testing.T) {
			w := &wire{handler: test.api}
			expectEqual(t, "the outcome", outcomeOf(t, newClient(t, w), test.query), test.want)
			w.expect(t, test.requests)
		})
	}
}

// aged returns a customer of a time of creation.
func aged(n int, at string) string {
	return fmt.Sprintf(`{"id":"c%d","type":"customers","attributes":{"created_at":%q}}`, n, at)
}

func TestACountIsJudgedByWhatComesWithIt(t *testing.T) {
	const status, idIn, emailIn = "filter[q][status_eq]", "filter[q][id_in]", "filter[q][email_in]"
	for name, test := range map[string]struct {
		api      crookedAPI
		query    Query
		want     string
		requests int
	}{
		"all": {crookedAPI{customers: members(60), count: honest}, Query{}, "0 of 60", 1},
		"a filter": {
			crookedAPI{customers: members(60), count: honest}, Query{Filter: map[string]string{"status_eq": "repeat"}}, "0 of 30", 1,
		},
		"a filter that is ignored": {
			crookedAPI{customers: members(60), count: honest, ignored: []string{status}},
			Query{Filter: map[string]string{"status_eq": "repeat"}}, "filter ignored", 2,
		},
		"addresses that are ignored": {
			crookedAPI{customers: members(60), count: honest, ignored: []string{emailIn}},
			Query{Emails: addressesUpTo(2)}, "filter ignored", 1,
		},
		"IDs that are ignored": {
			crookedAPI{customers: members(3), count: honest, ignored: []string{idIn}}, Query{IDs: numbered("gone", 5)},
			"filter ignored", 1,
		},
		"more than the keys, of addresses": {
			crookedAPI{customers: slices.Repeat(members(1), 1), count: honest}, Query{Emails: addressesUpTo(1)}, "0 of 1", 1,
		},
		"no count":                {crookedAPI{customers: members(60)}, Query{}, "0 of 60", 5},
		"more than it has":        {crookedAPI{count: func(int) int { return 3 }}, Query{}, "0 of 3, incomplete 0/3", 4},
		"fewer than come with it": {crookedAPI{customers: members(60), count: func(n int) int { return min(n, 0) }}, Query{}, "0 of 60", 5},
	} {
		bubble(t, name, func(t *testing.T) {
			test.query.Count = true
			w := &wire{handler: test.api}
			expectEqual(t, "the outcome", outcomeOf(t, newClient(t, w), test.query), test.want)
			w.expect(t, test.requests)
		})
	}
}

// The second count has none to compare with, so the first one stands.
func TestListThatEndsBeforeItsCountIsIncomplete(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		empty := `{"data":[]}`
		w := pages(listDocument(60, false, numbered("a", 25)...), empty, empty, empty, listDocument(60, false, numbered("a", 25)...), empty)
		expectEqual(t, "the outcome", outcomeOf(t, newClient(t, w), Query{}), "25 of 60, incomplete 25/60")
	})
}

// The API counts a customer more than before, because one signs up between the
// two requests. Only the control tells that it ignores the filter.
func TestFilterThatIsIgnoredIsNoticedWhileCustomersComeAndGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		w := &wire{handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			n++
			crookedAPI{customers: members(20 + n), count: honest, ignored: []string{filterKey("status_eq")}}.ServeHTTP(rw, r)
		})}
		c := newClient(t, w)
		expectEqual(t, "the outcome", outcomeOf(t, c, Query{Filter: map[string]string{"status_eq": "repeat"}}), "filter ignored")
		if control := w.expect(t, 2)[1].filter("status_eq"); control == "" || control == "repeat" {
			t.Errorf("the control is %q", control)
		}
	})
}

func TestControlThatIsRefusedShowsThatTheFilterIsApplied(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get(filterKey("status_eq")) != "repeat" {
				respond(400, "", `{"errors":[{"code":"INVALID_FILTER_VALUE","title":"No such status","status":"400"}]}`)(rw, r)
				return
			}
			respond(200, "", listJSON(1, members(1)...))(rw, r)
		})}
		expectEqual(t, "the outcome", outcomeOf(t, newClient(t, w), Query{Filter: map[string]string{"status_eq": "repeat"}}), "1 of 1, unmatched")
		w.expect(t, 2)
	})
}

func TestEmptyPageThatIsFollowedByAnotherOneIsAnError(t *testing.T) {
	for name, q := range map[string]Query{"by ID": {}, "sorted": {Sort: []string{"email"}}} {
		bubble(t, name, func(t *testing.T) {
			w := pages(listDocument(-1, true, numbered("a", 25)...), listDocument(-1, true))
			expectEqual(t, "the outcome", outcomeOf(t, newClient(t, w), q), "malformed answer")
			w.expect(t, 2)
		})
	}
}

// Without counts, nobody knows whether a predicate was applied that can't be
// compared, and that takes no value that nobody has.
func TestFilterWithoutAControlAndWithoutCountsIsDoubted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{handler: crookedAPI{customers: members(3)}}
		q := Query{Filter: map[string]string{"status_not_eq": "gone"}}
		expectEqual(t, "the outcome", outcomeOf(t, newClient(t, w), q), "3 of 3, doubted -1/-1")
	})
}

func TestListBecomesNothingElseOnALaterPage(t *testing.T) {
	for _, second := range []string{`{"data":null}`, `{"data":{"id":"x","type":"orders"}}`, `{"meta":{}}`} {
		synctest.Test(t, func(t *testing.T) {
			w := pages(strings.ReplaceAll(listDocument(60, false, numbered("a", 25)...), "customers", "orders"), second)
			list := newClient(t, w).Related(RelatedQuery{CustomerID: "x", Relationship: "orders"})
			_, err := collect(list.Pages(t.Context()))
			expectKind(t, err, ErrMalformed)
			w.expect(t, 2)
		})
	}
}

// An endless list must not grow without end, however its pages come.
func TestResultHasABoundOfBytes(t *testing.T) {
	n := 0
	endless := func(rw http.ResponseWriter, r *http.Request) {
		var list []string
		for range MaxPageSize {
			n++
			list = append(list, customerJSON(fmt.Sprint("c", n), "a@example.com", strings.Repeat("x", 1000)))
		}
		respond(200, "", listJSON(9000, list...))(rw, r)
	}
	for name, q := range map[string]Query{
		"by address": {Emails: []string{"a@example.com"}}, "all": {}, "sorted": {Sort: []string{"email"}},
	} {
		bubble(t, name, func(t *testing.T) {
			w := &wire{handler: http.HandlerFunc(endless)}
			c := newClient(t, w)
			expectEqual(t, "the bound", c.maxResult, MaxResultBytes)
			c.maxResult = 10 * MaxPageSize * 1000
			expectEqual(t, "the outcome", outcomeOf(t, c, q), "result too large")
			w.expect(t, 10) // a customer is somewhat longer than its status
		})
	}
	bubble(t, "one address", func(t *testing.T) {
		c := newClient(t, &wire{handler: http.HandlerFunc(endless)})
		_, err := c.CustomerByEmail(t.Context(), "A@example.com", Selection{}) // in another case, so none is the one
		expectKind(t, err, ErrTooMany)
	})
}

func TestOnePageIsNotTheWholeLookUp(t *testing.T) {
	const john = "john@example.com"
	one, other := customerJSON("one", john, "repeat"), customerJSON("other", john, "repeat")
	for name, test := range map[string]struct {
		api  crookedAPI
		want string
	}{
		"a next link, and another one":   {crookedAPI{customers: []string{one, other}, size: 1, linked: true}, "several customers found"},
		"a next link, and nobody":        {crookedAPI{customers: []string{one}, linked: true}, "one"},
		"no count":                       {crookedAPI{customers: []string{one}}, "one"},
		"the same one twice":             {crookedAPI{customers: []string{one, one}, count: honest}, "one"},
		"the count tells of another one": {crookedAPI{customers: []string{one}, count: func(n int) int { return n + 1 }}, "several customers found"},
		"a count, and nobody":            {crookedAPI{count: func(int) int { return 1 }}, "malformed answer"},
		"nobody":                         {crookedAPI{count: honest}, "not found"},
	} {
		bubble(t, name, func(t *testing.T) {
			customer, err := newClient(t, &wire{handler: test.api}).CustomerByEmail(t.Context(), john, Selection{})
			got := came(err)
			if err == nil {
				got = customer.ID
			}
			expectEqual(t, "the outcome", got, test.want)
		})
	}
}

// What a shared answer does not certainly hold is asked for alone.
func TestSharedAnswersAreBelievedOnlyAsFarAsTheyGo(t *testing.T) {
	everybody := members(8)
	doubled := slices.Concat(everybody[:7], everybody[:1]) // the first one in the place of the last one
	for name, shared := range map[string]crookedAPI{
		"the count is that of the page": {customers: everybody, size: 3, count: func(n int) int { return min(n, 3) }, linked: true},
		"one stands twice":              {customers: doubled, count: honest},
	} {
		bubble(t, name, func(t *testing.T) {
			alone := crookedAPI{customers: everybody, count: honest}
			w := &wire{latency: latency, handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Has(filterKey("email_in")) {
					shared.ServeHTTP(rw, r)
					return
				}
				alone.ServeHTTP(rw, r)
			})}
			c := newClient(t, w)
			var group sync.WaitGroup
			for i, address := range addressesUpTo(8) {
				group.Go(func() {
					customer, err := c.CustomerByEmail(t.Context(), address, Selection{})
					if err != nil || customer.ID != fmt.Sprint("c", i) {
						t.Errorf("%s: %v, %v", address, customer, err)
					}
				})
			}
			group.Wait()
		})
	}
}

// One bad record makes the API answer a list with 500. It is the error of its
// own reader only.
func TestOneBadRecordIsTheErrorOfOneReader(t *testing.T) {
	for name, bad := range map[string][]string{"one": {"c3"}, "the first": {"c0"}, "all": idsUpTo(25)} {
		bubble(t, name, func(t *testing.T) {
			w := &wire{latency: latency, handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				asked := strings.Split(cmp.Or(r.URL.Query().Get(filterKey("id_in")), strings.TrimPrefix(r.URL.Path, customersPath+"/")), ",")
				switch {
				case slices.ContainsFunc(asked, func(id string) bool { return slices.Contains(bad, id) }):
					respond(500, "text/html", "")(rw, r)
				case len(asked) > 1:
					crookedAPI{customers: members(25), count: honest}.ServeHTTP(rw, r)
				default:
					respond(200, "", `{"data":`+customerJSON(asked[0], "a@b", "repeat")+`}`)(rw, r)
				}
			})}
			results := readAll(t.Context(), newClient(t, w, WithMaxRetries(1)), idsUpTo(25))
			for i, r := range results {
				id := fmt.Sprint("c", i)
				if got := errors.Is(r.err, ErrServer); got != slices.Contains(bad, id) || !got && r.customer.ID != id {
					t.Errorf("%s: %v, %v", id, r.customer, r.err)
				}
			}
			if n := len(w.requests()); name == "all" && n != 6 {
				t.Errorf("%d requests, want two for the list and two for each of two readers", n)
			}
		})
	}
}

// Nobody knows whether anything is related if the customer does not tell.
func TestRelationshipThatIsNotFoundIsUnknownWithoutLinkage(t *testing.T) {
	for linkage, want := range map[string]string{
		`"links":{}`: "malformed answer", `"data":null`: "right", `"data":[]`: "right",
		`"data":[{"type":"orders","id":"a"}]`: "malformed answer",
	} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/orders") {
					respond(404, "", `{"errors":[{"code":"RECORD_NOT_FOUND","status":"404"}]}`)(rw, r)
					return
				}
				respond(200, "", `{"data":{"id":"x","type":"customers","relationships":{"orders":{`+linkage+`}}}}`)(rw, r)
			})}
			list := newClient(t, w).Related(RelatedQuery{CustomerID: "x", Relationship: "orders"})
			_, err := collect(list.Pages(t.Context()))
			expectEqual(t, "the outcome with "+linkage, came(err), want)
		})
	}
}
