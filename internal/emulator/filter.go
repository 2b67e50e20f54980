package emulator

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// selection holds the filters of a list. Filters by ID become a range of
// positions or a list of IDs, because a test of each resource would be slow.
// All other filters become tests. A resource is selected if it meets all of
// them.
type selection struct {
	from      *collection
	attribute func(name string) (attribute, bool)
	refuted   refutations
	low, high int64 // both inclusive
	ids       []string
	byIDs     bool
	tests     []func(row) bool
}

// newSelection makes a selection from a collection. The function attribute
// finds the attributes that filters can use.
func newSelection(from *collection, attribute func(string) (attribute, bool)) *selection {
	return &selection{from: from, attribute: attribute, low: math.MinInt64, high: math.MaxInt64}
}

// add adds a filter. The predicate is the name of the filter, such as
// email_or_reference_start. If it joins attributes with _or_, one of them must
// match.
func (s *selection) add(predicate, text string) *apiError {
	names, m, refusal := s.parsePredicate(predicate)
	switch {
	// Assumption (unknown-filter): a filter with an unknown attribute or
	// matcher is refused.
	case refusal != nil && s.refuted.is(AssumeUnknownFilter, wayIgnored):
		return nil
	case refusal != nil:
		return refusal
	// Assumption (empty-filter): a filter with an empty value is refused. The
	// filters look like those of the library Ransack, which would ignore it.
	case text == "" && s.refuted.is(AssumeEmptyFilter, wayIgnored):
		return nil
	case text == "":
		return invalidFilterValue(predicate, text)
	}
	c := &condition{predicate, names, m, text, s.test(names, m, text)}
	switch settled, refusal := s.applyRefuted(c); {
	case settled:
		return refusal
	case c.test == nil:
		return invalidFilterValue(predicate, text)
	case len(names) != 1 || names[0] != "id" || !s.narrow(m.name, text):
		s.tests = append(s.tests, c.test)
	}
	return nil
}

// test makes the test of a filter: one of the attributes must match. It is nil
// if the value is not valid.
func (s *selection) test(names []string, m *matcher, text string) func(row) bool {
	var alternatives []func(row) bool
	for _, name := range names {
		a, _ := s.attribute(name)
		test, ok := m.compile(a.kind, text, s.from)
		if !ok {
			return nil
		}
		alternatives = append(alternatives, func(r row) bool { return a.matches(r, test) })
	}
	return func(r row) bool {
		return slices.ContainsFunc(alternatives, func(matches func(row) bool) bool { return matches(r) })
	}
}

// compile makes the test of a filter with this matcher and this value.
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

// narrow applies a filter by ID that needs no test of each resource. It reports
// whether the filter was applied.
//
// Assumption (id-gt, id-gt-order, id-in): these filters work for customers, and
// id_gt follows the order of sort=id. The documentation has their syntax only,
// but official tools rely on them.
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
	position, ok := s.from.positions[text]
	switch {
	case !ok:
		s.low, s.high = 1, 0
	case matcher == "gt":
		s.low = max(s.low, position+1)
	case matcher == "gteq":
		s.low = max(s.low, position)
	case matcher == "lt":
		s.high = min(s.high, position-1)
	case matcher == "lteq":
		s.high = min(s.high, position)
	}
	return true
}

// rows lists the selected resources by position. The caller must not change the
// slice, because it can be a part of the store.
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

// named finds the resources whose IDs were asked for, if they are in the range.
//
// Assumption (unknown-members): an ID that no resource has is left out without
// an error.
func (s *selection) named() []row {
	var found []row
	for _, id := range s.ids {
		if r := s.from.byID[id]; r != nil && r.listed() && s.low <= r.position() && r.position() <= s.high {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, func(a, b row) int { return cmp.Compare(a.position(), b.position()) })
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
		// An attribute is unfit if it does not exist, or if the matcher can't
		// compare its kind.
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

// filterNotAllowed is the error of an unknown attribute or matcher.
func filterNotAllowed(predicate string) *apiError {
	return badRequest("FILTER_NOT_ALLOWED", "Filter not allowed", predicate+" is not allowed.")
}

func invalidFilterValue(predicate, text string) *apiError {
	return badRequest("INVALID_FILTER_VALUE", "Invalid filter value",
		fmt.Sprintf("%s is not a valid value for %s.", text, predicate))
}
