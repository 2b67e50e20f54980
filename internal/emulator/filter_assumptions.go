package emulator

import (
	"slices"
	"strings"
)

// condition is a filter with a known predicate and a value that is not empty.
type condition struct {
	predicate string
	names     []string // attributes, of which one must match
	matcher   *matcher
	text      string
	test      func(*resource) bool // nil if the value is wrong
}

// refutedFilters tells which filters an assumption is about, and how they
// compare if it is refuted. Without a comparison they are ignored or refused
// then, as the way says.
//
// Assumption (id-gt, id-in, email-in, known-filter, more-filters): a filter on a
// known attribute is applied. The documentation has the syntax of filters by ID
// only, but official tools rely on them.
//
// Assumption (id-gt-order): id_gt follows the order of sort=id.
//
// Assumption (filter-control): a filter that no resource meets selects nothing.
var refutedFilters = []struct {
	assumption string
	about      func(*selection, *condition) bool
	compare    func(own, value string) bool
}{
	{AssumeIDGt, predicates("id_gt"), nil},
	{AssumeIDIn, predicates("id_in"), nil},
	{AssumeEmailIn, predicates("email_in"), nil},
	{AssumeKnownFilter, otherThan("id", "email"), nil},
	{AssumeMoreFilters, onUnprovenAttribute, nil},
	{AssumeIDGtOrder, predicates("id_gt"), func(own, value string) bool { return own > value }},
	{AssumeIDGtUnknown, behindUnknownID, nil},
	{AssumeUnknownMembers, withUnknownMember, nil},
	{AssumeEmailEqCase, predicates("email_eq"), isOneOf},
	{AssumeEmailInCase, predicates("email_in"), isOneOf},
	{AssumeEmailContCase, predicates("email_cont"), func(own, value string) bool {
		return strings.Contains(strings.ToLower(own), strings.ToLower(value))
	}},
	{AssumeMatches, isPattern, func(own, value string) bool { return own == value }},
	{AssumeFilterControl, thatNobodyMeets, nil},
}

// applyRefuted applies the assumptions that are refuted. It reports whether one
// of them settles the filter.
func (s *selection) applyRefuted(c *condition) (settled bool, refusal *apiError) {
	for _, f := range refutedFilters {
		way := s.refuted[f.assumption]
		switch {
		case way == "" || !f.about(s, c):
			continue
		case f.compare != nil:
			a, _ := s.attribute(c.names[0])
			s.tests = append(s.tests, func(r *resource) bool {
				return a.matches(r, func(v value) bool { return !v.null && f.compare(v.text, c.text) })
			})
		case way == wayRefused && f.assumption == AssumeMoreFilters:
			refusal = filterNotAllowed(c.predicate)
		case way == wayRefused:
			refusal = invalidFilterValue(c.predicate, c.text)
		}
		return true, refusal
	}
	return false, nil
}

func predicates(names ...string) func(*selection, *condition) bool {
	return func(_ *selection, c *condition) bool { return slices.Contains(names, c.predicate) }
}

func otherThan(attributes ...string) func(*selection, *condition) bool {
	return func(_ *selection, c *condition) bool {
		return !slices.ContainsFunc(c.names, func(name string) bool { return slices.Contains(attributes, name) })
	}
}

func onUnprovenAttribute(_ *selection, c *condition) bool {
	return slices.ContainsFunc(c.names, func(name string) bool {
		a, _ := customerAttributeOf(name)
		return a.use&mayFilter != 0
	})
}

func behindUnknownID(s *selection, c *condition) bool {
	return c.predicate == "id_gt" && !s.from.knows(c.text)
}

// withUnknownMember leaves the unknown value alone in the condition, because
// that is what a refusal names.
func withUnknownMember(s *selection, c *condition) bool {
	if !predicates("id_in", "email_in")(s, c) {
		return false
	}
	a, _ := s.attribute(c.names[0])
	for part := range strings.SplitSeq(c.text, ",") {
		if !slices.ContainsFunc(s.from.ordered, func(r *resource) bool {
			v := a.get(r)
			return !v.null && v.text == part
		}) {
			c.text = part
			return true
		}
	}
	return false
}

func isPattern(_ *selection, c *condition) bool {
	return c.matcher.name == "matches" && len(c.names) == 1
}

func thatNobodyMeets(s *selection, c *condition) bool {
	return c.test != nil && otherThan("id")(s, c) && !slices.ContainsFunc(s.from.ordered, c.test)
}

func isOneOf(own, list string) bool {
	return slices.Contains(strings.Split(strings.ToLower(list), ","), strings.ToLower(own))
}
