package emulator

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// selection holds the filters of a list. A candidate is selected if it passes
// all tests.
type selection struct {
	from       *collection
	refuted    refutations
	attribute  func(name string) (attribute, bool) // finds what filters can use
	tests      []func(*resource) bool
	candidates []*resource // by position
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
	}
	// Long lists are read with these filters. To test each resource would be slow.
	all := len(s.candidates) == len(s.from.ordered)
	switch position, known := s.from.positions[text]; {
	case all && predicate == "id_gt" && known:
		s.candidates = s.from.ordered[s.from.search(position+1):]
	case all && predicate == "id_in":
		s.candidates = s.from.part(strings.Split(text, ",")).ordered
	default:
		s.tests = append(s.tests, c.test)
	}
	return nil
}

// test makes the test of a filter: one of the attributes must match. It is nil
// if the value is not valid.
func (s *selection) test(names []string, m *matcher, text string) func(*resource) bool {
	var alternatives []func(*resource) bool
	for _, name := range names {
		a, _ := s.attribute(name)
		test, ok := m.compile(a.kind, text, s.from)
		if !ok {
			return nil
		}
		alternatives = append(alternatives, func(r *resource) bool { return a.matches(r, test) })
	}
	return func(r *resource) bool {
		return slices.ContainsFunc(alternatives, func(matches func(*resource) bool) bool { return matches(r) })
	}
}

// compile makes the test of a filter with this matcher and this value.
func (m *matcher) compile(k attributeKind, text string, all *collection) (func(value) bool, bool) {
	if m.flag != nil {
		want, err := strconv.ParseBool(text)
		return func(v value) bool { return (m.flag(k, v) != m.negate) == want }, err == nil
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

// resources lists the selected resources by position. The caller must not change
// the slice, because it can be a part of the store.
//
// Assumption (unknown-members): an ID that no resource has is left out without
// an error.
func (s *selection) resources() []*resource {
	if len(s.tests) == 0 {
		return s.candidates
	}
	var selected []*resource
	for _, r := range s.candidates {
		if !slices.ContainsFunc(s.tests, func(passes func(*resource) bool) bool { return !passes(r) }) {
			selected = append(selected, r)
		}
	}
	return selected
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
