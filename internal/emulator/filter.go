package emulator

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// selection is what the filters of a list come to: a range of the sequence, or
// some ids, and tests for each resource in it. All of them must hold.
type selection struct {
	from      *collection
	attribute func(name string) (attribute, bool)
	refuted   refutations
	low, high int64 // both inclusive
	ids       []string
	byIDs     bool
	tests     []func(row) bool
}

// newSelection selects from a collection; attribute knows what can be filtered
// by.
func newSelection(from *collection, attribute func(string) (attribute, bool)) *selection {
	return &selection{from: from, attribute: attribute, low: math.MinInt64, high: math.MaxInt64}
}

// add takes one filter: a predicate such as email_or_reference_start, and its
// value. Attributes joined by _or_ match when one of them does.
func (s *selection) add(predicate, text string) *apiError {
	names, m, refusal := s.parsePredicate(predicate)
	switch {
	// Assumption (unknown-filter): an unknown attribute or matcher is refused.
	case refusal != nil && s.refuted.is(AssumeUnknownFilter, wayIgnored):
		return nil
	case refusal != nil:
		return refusal
	// Assumption (empty-filter): a filter without a value is refused. Ransack,
	// whose style the filters have, would ignore it and return everything.
	case text == "" && s.refuted.is(AssumeEmptyFilter, wayIgnored):
		return nil
	case text == "":
		return invalidFilterValue(predicate, text)
	}
	// Assumption (known-filter, more-filters): what is known is applied.
	settled, refusal := s.turned(predicate, names, m, text)
	if settled || refusal != nil {
		return refusal
	}
	var alternatives []func(row) bool
	for _, name := range names {
		a, _ := s.attribute(name)
		test, ok := m.compile(a.kind, text, s.from)
		if !ok {
			return invalidFilterValue(predicate, text)
		}
		alternatives = append(alternatives, func(r row) bool { return a.matches(r, test) })
	}
	if len(names) == 1 && names[0] == "id" && s.narrow(m.name, text) {
		return nil
	}
	s.tests = append(s.tests, func(r row) bool {
		for _, alternative := range alternatives {
			if alternative(r) {
				return true
			}
		}
		return false
	})
	return nil
}

// compile makes the test that the matcher does with the filter's value.
func (m *matcher) compile(k attributeKind, text string, all *collection) (func(value) bool, bool) {
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
		operand, ok := read(part, all)
		if !ok {
			return nil, false
		}
		operands[i] = operand
	}
	return func(v value) bool { return m.test(k, v, operands) }, true
}

// narrow applies the filters by id that need no look at every customer, and
// reports whether this was one.
//
// Assumption (id-gt, id-gt-order, id-in): they are applied to customers, in the
// order of sort=id. Documented is the syntax, and official tools rely on it.
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
	place, ok := s.from.places[text]
	switch {
	case !ok:
		s.low, s.high = 1, 0
	case matcher == "gt":
		s.low = max(s.low, place+1)
	case matcher == "gteq":
		s.low = max(s.low, place)
	case matcher == "lt":
		s.high = min(s.high, place-1)
	case matcher == "lteq":
		s.high = min(s.high, place)
	}
	return true
}

// rows lists the selected resources by place. The slice may be the store's own:
// it must not be changed.
func (s *selection) rows() []row {
	if s.low > s.high {
		return nil
	}
	from, to := s.from.search(s.low), len(s.from.ordered)
	if s.high < math.MaxInt64 {
		to = s.from.search(s.high + 1)
	}
	candidates := s.from.ordered[from:to]
	if s.byIDs {
		candidates = s.named()
	}
	if len(s.tests) == 0 {
		return candidates
	}
	var selected []row
	for _, r := range candidates {
		if s.passes(r) {
			selected = append(selected, r)
		}
	}
	return selected
}

func (s *selection) passes(r row) bool {
	for _, test := range s.tests {
		if !test(r) {
			return false
		}
	}
	return true
}

// named finds the resources that have one of the wanted ids, in the range.
//
// Assumption (unknown-members): ids that none has are left out in silence.
func (s *selection) named() []row {
	var found []row
	for _, id := range s.ids {
		if r := s.from.byID[id]; r != nil && r.listed() && s.low <= r.place() && r.place() <= s.high {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, func(a, b row) int { return cmp.Compare(a.place(), b.place()) })
	return slices.Compact(found)
}

// parsePredicate splits a predicate into known attributes and a matcher.
func (s *selection) parsePredicate(predicate string) ([]string, *matcher, *apiError) {
	for _, m := range matchers {
		rest, ok := strings.CutSuffix(predicate, "_"+m.name)
		if !ok {
			continue
		}
		names := strings.Split(rest, "_or_")
		// One that does not exist, or whose kind is none of the matcher's.
		unfit := func(name string) bool {
			a, ok := s.attribute(name)
			return !ok || !slices.Contains(m.kinds, a.kind)
		}
		if !slices.ContainsFunc(names, unfit) {
			return names, m, nil
		}
	}
	return nil, nil, filterNotAllowed(predicate)
}

// filterNotAllowed refuses an unknown attribute or matcher.
func filterNotAllowed(predicate string) *apiError {
	return badRequest("FILTER_NOT_ALLOWED", "Filter not allowed", predicate+" is not allowed.")
}

func invalidFilterValue(predicate, text string) *apiError {
	return badRequest("INVALID_FILTER_VALUE", "Invalid filter value",
		fmt.Sprintf("%s is not a valid value for %s.", text, predicate))
}
