package emulator

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// selection is what the filters of a list come to: a range of the sequence, or
// some ids, and tests for each customer in it. All of them must hold.
type selection struct {
	customers *collection
	low, high int64 // both inclusive
	ids       []string
	byIDs     bool
	tests     []func(*record) bool
}

func newSelection(customers *collection) *selection {
	return &selection{customers: customers, low: math.MinInt64, high: math.MaxInt64}
}

// add takes one filter: a predicate such as email_or_reference_start, and its
// value. Attributes joined by _or_ match when one of them does.
func (s *selection) add(predicate, text string) *apiError {
	names, m, refusal := parsePredicate(predicate)
	if refusal != nil {
		return refusal
	}
	// Assumption: a filter without a value is refused. Ransack, whose style the
	// filters have, would ignore it and return everything.
	if text == "" {
		return invalidFilterValue(predicate, text)
	}
	var alternatives []func(*record) bool
	for _, name := range names {
		a := attributes[name]
		test, ok := m.compile(a.kind, text, s.customers)
		if !ok {
			return invalidFilterValue(predicate, text)
		}
		alternatives = append(alternatives, func(rec *record) bool { return a.matches(rec, test) })
	}
	if len(names) == 1 && names[0] == "id" && s.narrow(m.name, text) {
		return nil
	}
	s.tests = append(s.tests, func(rec *record) bool {
		for _, alternative := range alternatives {
			if alternative(rec) {
				return true
			}
		}
		return false
	})
	return nil
}

// compile makes the test that the matcher does with the filter's value.
func (m *matcher) compile(k attributeKind, text string, customers *collection) (func(value) bool, bool) {
	if m.flag != nil {
		want, ok := parseFlag(text)
		return func(v value) bool { return (m.flag(k, v) != m.negate) == want }, ok
	}
	parts := []string{text}
	if m.many {
		parts = strings.Split(text, ",")
	}
	operands := make([]value, len(parts))
	for i, part := range parts {
		read := k.operand
		if m.operand != nil {
			read = m.operand
		}
		operand, ok := read(part, customers)
		if !ok {
			return nil, false
		}
		operands[i] = operand
	}
	return func(v value) bool { return m.test(k, v, operands) }, true
}

// narrow applies the filters by id that need no look at every customer, and
// reports whether this was one.
func (s *selection) narrow(matcher, text string) bool {
	switch matcher {
	case "eq", "in":
		if s.byIDs {
			return false
		}
		s.byIDs, s.ids = true, strings.Split(text, ",")
		if matcher == "eq" {
			s.ids = []string{text}
		}
		return true
	case "gt", "gteq", "lt", "lteq":
	default:
		return false
	}
	rec := s.customers.byID[text]
	switch {
	case rec == nil:
		s.low, s.high = 1, 0
	case matcher == "gt":
		s.low = max(s.low, rec.sequence+1)
	case matcher == "gteq":
		s.low = max(s.low, rec.sequence)
	case matcher == "lt":
		s.high = min(s.high, rec.sequence-1)
	case matcher == "lteq":
		s.high = min(s.high, rec.sequence)
	}
	return true
}

// records lists the selected customers by sequence. The slice may be the
// store's own: it must not be changed.
func (s *selection) records() []*record {
	if s.low > s.high {
		return nil
	}
	from, to := s.customers.search(s.low), len(s.customers.ordered)
	if s.high < math.MaxInt64 {
		to = s.customers.search(s.high + 1)
	}
	candidates := s.customers.ordered[from:to]
	if s.byIDs {
		candidates = s.named()
	}
	if len(s.tests) == 0 {
		return candidates
	}
	var selected []*record
	for _, rec := range candidates {
		if s.passes(rec) {
			selected = append(selected, rec)
		}
	}
	return selected
}

func (s *selection) passes(rec *record) bool {
	for _, test := range s.tests {
		if !test(rec) {
			return false
		}
	}
	return true
}

// named finds the customers that have one of the wanted ids, in the range. Ids
// that no customer has are silently absent.
func (s *selection) named() []*record {
	var found []*record
	for _, id := range s.ids {
		rec := s.customers.get(id)
		if rec != nil && rec.listed() && s.low <= rec.sequence && rec.sequence <= s.high {
			found = append(found, rec)
		}
	}
	slices.SortFunc(found, func(a, b *record) int { return cmp.Compare(a.sequence, b.sequence) })
	return slices.Compact(found)
}

// parsePredicate splits a predicate into known attributes and a matcher.
func parsePredicate(predicate string) ([]string, *matcher, *apiError) {
	for _, m := range matchers {
		rest, ok := strings.CutSuffix(predicate, "_"+m.name)
		if !ok {
			continue
		}
		names := strings.Split(rest, "_or_")
		if !slices.ContainsFunc(names, m.cannotMatch) {
			return names, m, nil
		}
	}
	return nil, nil, filterNotAllowed(predicate)
}

// cannotMatch says that there is no such attribute, or that its kind is none of
// the matcher's.
func (m *matcher) cannotMatch(name string) bool {
	a, ok := attributes[name]
	return !ok || !slices.Contains(m.kinds, a.kind)
}

// filterNotAllowed refuses an unknown attribute or matcher.
//
// Assumption: the service refuses it too, rather than ignoring it.
func filterNotAllowed(predicate string) *apiError {
	return badRequest("FILTER_NOT_ALLOWED", "Filter not allowed", predicate+" is not allowed.")
}

func invalidFilterValue(predicate, text string) *apiError {
	return badRequest("INVALID_FILTER_VALUE", "Invalid filter value", fmt.Sprintf("%s is not a valid value for %s.", text, predicate))
}
