package emulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Page sizes (documented).
const (
	defaultPageSize = 10
	maxPageSize     = 25
)

// listQuery is the parsed query of a request for a list.
type listQuery struct {
	retrieveQuery
	selection    *selection
	sort         []sortKey
	number, size int
}

// list answers GET /api/customers. It selects and sorts the resources and writes
// the page. The caller holds the store's mutex, so that all this sees one state
// of the store.
func (e *Emulator) list(r *http.Request, live bool, from *collection) (json.RawMessage, *apiError) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, paramNotAllowed(r.URL.RawQuery)
	}
	q, refusal := e.parseListQuery(values, live, from)
	if refusal != nil {
		return nil, refusal
	}
	rows := q.sorted(q.selection.resources())
	count := len(rows)
	if from.kind != "customers" && e.refuted.is(AssumeRelatedToMany, "whole") {
		q.number, q.size = 1, max(1, count)
	}
	// Assumption (page-size-obeyed): a page has as many resources as were asked
	// for (documented). A cache that does not look at the query would break that.
	if e.refuted.is(AssumePageSizeObeyed, "ten") {
		q.size = defaultPageSize
	}
	pages := count / q.size
	if count%q.size > 0 {
		pages++
	}
	// Assumption (empty-list-pages): an empty list has one page, as in an
	// official mock.
	if !e.refuted.is(AssumeEmptyListPages, "zero") {
		pages = max(1, pages)
	}
	// Assumption (page-past-end): a page after the last one is empty.
	if q.number > max(1, pages) {
		switch {
		case e.refuted.is(AssumePagePastEnd, "not-found"):
			return nil, errNotFoundArray
		case e.refuted.is(AssumePagePastEnd, "last"):
			q.number = max(1, pages)
		}
	}
	start := count
	if q.number <= pages {
		start = (q.number - 1) * q.size
	}
	page := rows[start:min(start+q.size, count)]

	v := e.newView(r, live, q.fields)
	doc := v.document(page, false, q.include)
	doc = append(doc,
		member{"meta", fmt.Appendf(nil, `{"record_count":%d,"page_count":%d}`, count, pages)},
		member{"links", q.links(v.base+r.URL.EscapedPath(), values, pages).json()})
	return doc.json(), nil
}

// links returns the links of a list. They are percent-encoded, their keys are in
// alphabetical order, and they always have a page number and a page size. This
// is taken from an official mock that copies a real answer. prev and next are
// left out if there is no such page (documented).
func (q *listQuery) links(address string, values url.Values, pages int) object {
	link := func(name string, number int) member {
		values.Set("page[number]", strconv.Itoa(number))
		values.Set("page[size]", strconv.Itoa(q.size))
		return member{name, quote(address + "?" + values.Encode())}
	}
	links := object{link("first", 1)}
	if q.number > 1 {
		links = append(links, link("prev", q.number-1))
	}
	if q.number < pages {
		links = append(links, link("next", q.number+1))
	}
	return append(links, link("last", pages))
}

// parseListQuery parses the query. The caller holds the store's mutex.
func (e *Emulator) parseListQuery(values url.Values, live bool, from *collection) (*listQuery, *apiError) {
	q := &listQuery{
		retrieveQuery: retrieveQuery{kind: from.kind, refuted: e.refuted, schema: &e.store.schema},
		selection: &selection{
			from: from, candidates: from.ordered, refuted: e.refuted,
			attribute: func(name string) (attribute, bool) { return e.store.attribute(from.kind, live, name) },
		},
		number: 1, size: defaultPageSize,
	}
	return q, q.each(values, q.parameter)
}

func (q *listQuery) parameter(key, text string) (known bool, refusal *apiError) {
	switch {
	case key == "page[number]":
		q.number, refusal = positive(key, text)
	case key == "page[size]":
		q.size, refusal = q.pageSize(key, text)
	case key == "sort":
		q.sort, refusal = q.parseSort(text)
	case key == "filter" || strings.HasPrefix(key, "filter["):
		inner, ok := bracketed(key, "filter[q]")
		if !ok || inner == "" {
			return true, badRequest("INVALID_FILTERS_SYNTAX", "Invalid filters syntax",
				key+" is not a valid syntax for filtering.")
		}
		refusal = q.selection.add(inner, text)
	default:
		return q.retrieveQuery.parameter(key, text)
	}
	return true, refusal
}

// pageSize reads a page size.
//
// Assumption (page-size): a page size above the documented maximum is refused.
// The API does not use the maximum instead.
func (q *listQuery) pageSize(key, text string) (int, *apiError) {
	n, refusal := positive(key, text)
	switch {
	case n <= maxPageSize || q.refuted.is(AssumePageSize, "served"):
		return n, refusal
	case q.refuted.is(AssumePageSize, "clamped"):
		return maxPageSize, nil
	default:
		return 0, badRequest("INVALID_PAGE_VALUE", "Invalid page value",
			fmt.Sprintf("size exceeds maximum page size of %d.", maxPageSize))
	}
}

// positive reads a page number or a page size.
func positive(key, text string) (int, *apiError) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, badRequest("INVALID_PAGE_VALUE", "Invalid page value",
			fmt.Sprintf("%s is not a valid value for %s page parameter.", text, key))
	}
	return n, nil
}

// sortKey is one attribute of the sort parameter.
type sortKey struct {
	attribute  attribute
	descending bool
}

func (q *listQuery) parseSort(text string) ([]sortKey, *apiError) {
	var keys []sortKey
	for part := range strings.SplitSeq(text, ",") {
		name, descending := strings.CutPrefix(part, "-")
		a, ok := q.selection.attribute(name)
		// Assumption (unknown-sort): an unknown attribute is refused with this
		// code.
		if !ok || !q.sortable(name, a) {
			if q.refuted.is(AssumeUnknownSort, wayIgnored) {
				continue
			}
			return nil, badRequest(q.refuted.code(AssumeUnknownSort, "INVALID_SORT_CRITERIA"), "Invalid sort criteria",
				fmt.Sprintf("%s is not a valid sort criteria for %s", name, q.kind))
		}
		keys = append(keys, sortKey{a, descending})
	}
	return keys, nil
}

// sortable tells whether the list can be sorted by the attribute.
//
// Simplified: related resources can be sorted by any of their attributes whose
// values have an order.
func (q *listQuery) sortable(name string, a attribute) bool {
	if q.kind == "customers" {
		sortable, _ := customerAttributeOf(name)
		return name == "id" || sortable.use&sorts != 0
	}
	return a.get != nil && slices.Contains(equalKinds, a.kind)
}

// sorted returns the rows in the order of the sort parameter. The rows that it
// gets are in the order of their positions.
//
// Assumption (default-order, sort-nulls): without a sort parameter the order is
// that of the positions. Nulls come last in an ascending order and first in a
// descending order. Rows with equal values are in the order of their positions.
// The documentation says nothing about it.
func (q *listQuery) sorted(rows []*resource) []*resource {
	if len(q.sort) == 0 && q.refuted.is(AssumeDefaultOrder, "newest") {
		rows = slices.Clone(rows)
		slices.Reverse(rows)
		return rows
	}
	// Assumption (sort-obeyed): a list is sorted as its sort parameter says
	// (documented).
	if len(q.sort) == 0 || q.refuted.is(AssumeSortObeyed, wayIgnored) ||
		q.sort[0].attribute.kind == idKind && !q.sort[0].descending {
		return rows
	}
	nulls := 1
	if q.refuted.is(AssumeSortNulls, "first") {
		nulls = -1
	}
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b *resource) int {
		for _, key := range q.sort {
			if c := key.compare(a, b, nulls); c != 0 {
				return c
			}
		}
		return 0
	})
	return rows
}

// compare compares two rows. nulls is 1 if nulls come last in an ascending
// order, and -1 if they come first.
func (key sortKey) compare(a, b *resource, nulls int) int {
	x, y := key.attribute.get(a), key.attribute.get(b)
	c := 0
	switch {
	case x.null && y.null:
	case x.null:
		c = nulls
	case y.null:
		c = -nulls
	default:
		c = key.attribute.kind.compare(x, y)
	}
	if key.descending {
		return -c
	}
	return c
}
