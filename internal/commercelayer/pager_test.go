package commercelayer

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// A crookedAPI changes what the emulator answers to requests for lists.
type crookedAPI struct {
	*emulator.Emulator
	// ignored lists the parameters that are ignored, such as page[number].
	ignored []string
	// count changes what is counted. A negative number is not told.
	count func(n int) int
	// cut is how many customers of each page are sent, or 0 if all are.
	cut int
	// unlinked leaves out links.next.
	unlinked bool
}

func (a crookedAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	for _, name := range a.ignored {
		query.Del(name)
	}
	r.URL.RawQuery = query.Encode()
	recorder := httptest.NewRecorder()
	a.Emulator.ServeHTTP(recorder, r)
	var document struct {
		Data  []json.RawMessage `json:"data"`
		Meta  map[string]int    `json:"meta"`
		Links map[string]string `json:"links"`
	}
	if !isCollection(r) || json.Unmarshal(recorder.Body.Bytes(), &document) != nil || document.Meta == nil {
		respond(recorder.Code, "", recorder.Body.String())(w, r)
		return
	}
	if a.count != nil {
		document.Meta["record_count"] = a.count(document.Meta["record_count"])
	}
	if a.cut > 0 {
		document.Data = document.Data[:min(len(document.Data), a.cut)]
	}
	if a.unlinked {
		document.Links = nil
	}
	text, err := json.Marshal(document)
	if err != nil {
		panic(err)
	}
	respond(recorder.Code, "", string(text))(w, r)
}

// told describes what was found, without names.
func told(f Findings) string {
	names := map[FindingKind]string{
		FindingIncomplete: "incomplete", FindingChanged: "changed", FindingUnordered: "by number",
		FindingUncounted: "uncounted", FindingFilterDoubt: "doubted", FindingUnmatched: "unmatched",
		FindingUnsorted: "unsorted", FindingNotIncluded: "not included",
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

// The lists have 60 customers. What a list is under other lies than these, is
// in the worlds and in the assumptions that are refuted.
func TestListsThatContradictThemselvesAreReadOnOrTold(t *testing.T) {
	more := func(by int) func(int) int { return func(n int) int { return n + by } }
	most := func(bound int) func(int) int { return func(n int) int { return min(n, bound) } }
	always := func(count int) func(int) int { return func(int) int { return count } }
	untold := always(-1)
	first := func(ids []string) Query { return Query{IDs: append([]string{"gone"}, ids[:2]...)} }
	by := func(q Query) func([]string) Query { return func([]string) Query { return q } }
	count := func(q Query) func([]string) Query { q.Count = true; return by(q) }
	all, sorted, five := by(Query{}), by(Query{Sort: []string{"email"}}), by(Query{Limit: 5})
	gone := by(Query{IDs: numbered("gone", 5)})
	idGt := filterKey("id_gt")
	for name, test := range map[string]struct {
		api      crookedAPI
		query    func(ids []string) Query
		want     string
		requests int
	}{
		"one of three keys is left out": {crookedAPI{count: more(1)}, first, "2 of 2, incomplete 2/3", 7},
		"all of five keys are left out": {crookedAPI{count: always(3)}, gone, "0 of 0, incomplete 0/3", 6},
		"pages of ten by ID": {
			crookedAPI{cut: 10, ignored: []string{idGt}}, func(ids []string) Query { return Query{IDs: ids[:22]} }, "22 of 22", 4,
		},
		"pages of ten, all":                 {crookedAPI{cut: 10, ignored: []string{idGt}}, all, "60 of 60, by number", 7},
		"pages of ten, sorted":              {crookedAPI{cut: 10}, sorted, "60 of 60", 6},
		"neither a count nor a next link":   {crookedAPI{count: untold, unlinked: true}, all, "60 of 60", 4},
		"a next link alone":                 {crookedAPI{count: untold}, all, "60 of 60", 4},
		"a count of the page alone":         {crookedAPI{count: most(25)}, all, "60 of 60", 3},
		"a count that is too high for ever": {crookedAPI{count: more(5)}, all, "60 of 65, incomplete 60/65", 10},
		"a count that is too low for ever":  {crookedAPI{count: most(3)}, sorted, "60 of 60, changed 60/0", 4},
		"a limit, and no count":             {crookedAPI{count: untold, unlinked: true}, five, "5 of 5, uncounted 5/0", 2},
		"a limit, and a count of the page":  {crookedAPI{count: always(5)}, five, "5 of 5, uncounted 5/0", 2},
		"the same page again":               {crookedAPI{ignored: []string{idGt, "page[number]"}}, all, "malformed answer", 4},
		"the same page again, sorted":       {crookedAPI{ignored: []string{"page[number]"}}, sorted, "malformed answer", 3},
		"a filter without a control and without counts": {
			crookedAPI{count: untold}, by(Query{Filter: map[string]string{"status_not_eq": "gone"}}),
			"60 of 60, doubted -1/-1", 5,
		},
		"a count that is not told":           {crookedAPI{count: untold}, count(Query{}), "0 of 60", 5},
		"a count of more than there are":     {crookedAPI{count: more(3)}, count(Query{}), "0 of 63", 1},
		"a count of fewer than come with it": {crookedAPI{count: always(0)}, count(Query{}), "0 of 60", 5},
		"a count of customers who are not there": {
			crookedAPI{count: always(3)}, count(Query{Filter: map[string]string{"email_eq": "nobody@x"}}),
			"0 of 3, incomplete 0/3", 4,
		},
		"a count of more than the IDs": {
			crookedAPI{count: always(60)}, count(Query{IDs: []string{"a", "b"}}), "filter ignored", 4,
		},
		"a count by a filter that is ignored": {
			crookedAPI{ignored: []string{filterKey("reference_eq")}},
			count(Query{Filter: map[string]string{"reference_eq": "x"}}), "filter ignored", 2,
		},
		"the last one of a sort that is ignored": {
			crookedAPI{ignored: []string{"sort"}}, by(Query{Sort: []string{"-created_at"}, Limit: 1}), "sort ignored", 1,
		},
		"a count by addresses that are ignored": {
			crookedAPI{ignored: []string{filterKey("email_in")}},
			count(Query{Emails: []string{"ada@example.com", "x@example.com"}}), "filter ignored", 1,
		},
	} {
		bubble(t, name, func(t *testing.T) {
			test.api.Emulator = emulator.New(emulator.WithCustomers(58))
			w, c := clientOf(t, test.api, 0)
			expectEqual(t, "the outcome", outcomeOf(t, c, test.query(test.api.CustomerIDs())), test.want)
			w.expect(t, test.requests)
		})
	}
}

func TestPagesThatContradictThemselves(t *testing.T) {
	first := listDocument(60, false, numbered("a", 25)...)
	unknown := listDocument(-1, true, numbered("a", 25)...)
	for name, test := range map[string]struct {
		query    Query
		pages    []string
		want     string
		requests int
	}{
		// The second count has none to compare with, so the first one stands.
		"it ends before its count": {
			Query{}, []string{first, `{"data":[]}`, `{"data":[]}`, `{"data":[]}`, first, `{"data":[]}`},
			"25 of 60, incomplete 25/60", 6,
		},
		// The list has become shorter, and its count is late.
		"the last page again, without a customer": {
			Query{Sort: []string{"email"}}, []string{listDocument(26, false, numbered("a", 25)...)}, "25 of 26, incomplete 25/26", 3,
		},
		"a count of a customer who came twice": {
			Query{Count: true, Filter: map[string]string{"status_eq": "repeat"}},
			[]string{listDocument(2, false, "a", "a")}, "0 of 2, incomplete 1/2", 5,
		},
		"an empty page before another one": {Query{}, []string{unknown, listDocument(-1, true)}, "malformed answer", 2},
		"an empty page before another one, sorted": {
			Query{Sort: []string{"email"}}, []string{unknown, listDocument(-1, true)}, "malformed answer", 2,
		},
	} {
		bubble(t, name, func(t *testing.T) {
			w := pages(test.pages...)
			expectEqual(t, "the outcome", outcomeOf(t, newClient(t, w), test.query), test.want)
			w.expect(t, test.requests)
		})
	}
}

// The API was seen to look at the value that nobody has.
func TestFilterIsAppliedIfItsControlFindsNothing(t *testing.T) {
	for name, control := range map[string]http.HandlerFunc{
		"not found":                             respond(404, "", `{"errors":[{"code":"RECORD_NOT_FOUND","status":"404"}]}`),
		"refused":                               respond(422, "", `{"errors":[{"code":"INVALID_FILTER","status":"422"}]}`),
		"empty, and counted without the filter": respond(200, "", listDocument(30, false)),
	} {
		bubble(t, name, func(t *testing.T) {
			w, c := clientOf(t, inTurn(respond(200, "", listDocument(1, false, "a")), control), 0)
			query := Query{Filter: map[string]string{"customer_group_id_eq": "g"}}
			expectEqual(t, "the outcome", outcomeOf(t, c, query), "1 of 1")
			w.expect(t, 2)
		})
	}
}

// A list that is not counted does not end with a page that a link leads to.
func TestPageThatIsLinkedAndNotFoundIsAnError(t *testing.T) {
	first := respond(200, "", listDocument(-1, true, numbered("a", 25)...))
	second := respond(404, "", `{"errors":[{"code":"RECORD_NOT_FOUND","status":"404"}]}`)
	synctest.Test(t, func(t *testing.T) {
		w, c := clientOf(t, inTurn(first, second), 0)
		expectEqual(t, "the outcome", outcomeOf(t, c, Query{Sort: []string{"email"}}), ErrNoList.Error())
		w.expect(t, 2)
	})
}

func TestListBecomesNothingElseOnALaterPage(t *testing.T) {
	first := strings.ReplaceAll(listDocument(60, false, numbered("a", 25)...), "customers", "orders")
	for _, second := range []string{`{"data":null}`, `{"data":{"id":"x","type":"orders"}}`, `{"meta":{}}`} {
		bubble(t, second, func(t *testing.T) {
			w := pages(first, second)
			_, err := follow(t, newClient(t, w), RelatedQuery{CustomerID: "x", Relationship: "orders"})
			expectKind(t, err, ErrMalformed)
			w.expect(t, 2)
		})
	}
}

// A customer who does not match is told, on whatever page he is, and by whatever
// request the API was seen to apply the filter.
func TestCustomerWhoDoesNotMatchIsTold(t *testing.T) {
	customer := func(id, attributes string) string {
		return `{"id":"` + id + `","type":"customers","attributes":{` + attributes + `}}`
	}
	untold, stranger := customer("a", `"email":"a@b"`), customer("b", `"status":"prospect"`)
	without, with := customer("c", `"has_password":false`), customer("d", `"has_password":true`)
	for name, test := range map[string]struct {
		predicate, value string
		answers          []string
		want             string
	}{
		"on a later page": {"status_eq", "repeat",
			[]string{listJSON(2, untold), listJSON(0), listJSON(1, stranger)}, "2 of 2, unmatched"},
		"a truth, as many without the filter": {"has_password_eq", "1",
			[]string{listJSON(1, without), listJSON(1, with)}, "filter ignored"},
		"a truth, more without the filter": {"has_password_eq", "true",
			[]string{listJSON(1, without), listJSON(2, with)}, "1 of 1, unmatched"},
		"a truth that matches": {"has_password_eq", "t", []string{listJSON(1, with)}, "1 of 1"},
	} {
		bubble(t, name, func(t *testing.T) {
			w := pages(test.answers...)
			q := Query{Filter: map[string]string{test.predicate: test.value}}
			expectEqual(t, "the outcome", outcomeOf(t, newClient(t, w), q), test.want)
			w.expect(t, len(test.answers))
		})
	}
}

// Only a control tells whether the API ignores a filter while customers come
// and go: the counts differ. If the API refuses the control, it knows the filter.
func TestControlTellsWhetherAFilterIsIgnored(t *testing.T) {
	q := Query{Filter: map[string]string{"status_eq": "repeat"}}
	synctest.Test(t, func(t *testing.T) {
		e := emulator.New(emulator.WithCustomers(18))
		e.OnRequest(func(*http.Request) { e.AddCustomer(emulator.Customer{Status: "prospect"}) })
		w, c := clientOf(t, crookedAPI{Emulator: e, ignored: []string{filterKey("status_eq")}}, 0)
		expectEqual(t, "the outcome", outcomeOf(t, c, q), "filter ignored")
		if control := w.expect(t, 2)[1].filter("status_eq"); control == "" || control == "repeat" {
			t.Errorf("the control is %q", control)
		}
	})
	for _, status := range []int{400, 422} {
		bubble(t, fmt.Sprint("refused with ", status), func(t *testing.T) {
			stranger := respond(200, "", listJSON(1, customerJSON("one", "a@b", "prospect")))
			refusal := respond(status, "", `{"errors":[{"code":"INVALID_FILTER_VALUE","title":"No such status"}]}`)
			w, c := clientOf(t, inTurn(stranger, refusal), 0)
			expectEqual(t, "the outcome", outcomeOf(t, c, q), "1 of 1, unmatched")
			w.expect(t, 2)
		})
	}
}
