package emulator

import (
	"slices"
	"strings"
)

// turned applies the assumptions about filters that are turned round. It reports
// whether one of them settles the filter. The caller would apply the filter
// otherwise: its attribute is known, and its value is not empty.
func (s *selection) turned(
	predicate string,
	names []string,
	m *matcher,
	text string,
) (settled bool, refusal *apiError) {
	for _, turn := range []func(string, []string, *matcher, string) (bool, *apiError){
		s.turnedApplication, s.turnedIDGt, s.turnedMembers, s.turnedText,
	} {
		if settled, refusal := turn(predicate, names, m, text); settled || refusal != nil {
			return settled, refusal
		}
	}
	return false, nil
}

// turnedApplication ignores or refuses a filter, if the assumption that the API
// applies this filter is turned round.
func (s *selection) turnedApplication(predicate string, names []string, _ *matcher, text string) (bool, *apiError) {
	assumption := map[string]string{"id_gt": AssumeIDGt, "id_in": AssumeIDIn, "email_in": AssumeEmailIn}[predicate]
	if assumption == "" && !slices.Contains(names, "id") && !slices.Contains(names, "email") {
		assumption = AssumeKnownFilter
	}
	more := func(name string) bool {
		return name == "shopper_reference" || name == "profile_id" || name == "has_password"
	}
	switch {
	case s.refuted.is(assumption, wayIgnored):
		return true, nil
	case s.refuted.is(assumption, wayRefused):
		return false, invalidFilterValue(predicate, text)
	case s.refuted.is(AssumeMoreFilters, wayRefused) && slices.ContainsFunc(names, more):
		return false, filterNotAllowed(predicate)
	}
	return false, nil
}

// turnedIDGt changes the order that id_gt follows, and what it does with an
// unknown ID.
func (s *selection) turnedIDGt(predicate string, _ []string, _ *matcher, text string) (bool, *apiError) {
	if predicate != "id_gt" {
		return false, nil
	}
	known := s.from.knows(text)
	switch {
	case s.refuted.is(AssumeIDGtOrder, "text"):
		s.tests = append(s.tests, func(r row) bool { return r.ref().id > text })
		return true, nil
	case !known && s.refuted.is(AssumeIDGtUnknown, wayIgnored):
		return true, nil
	case !known && s.refuted.is(AssumeIDGtUnknown, wayRefused):
		return false, invalidFilterValue(predicate, text)
	}
	return false, nil
}

// turnedMembers refuses id_in and email_in if no customer has one of the
// values.
func (s *selection) turnedMembers(predicate string, names []string, _ *matcher, text string) (bool, *apiError) {
	if predicate != "id_in" && predicate != "email_in" || !s.refuted.is(AssumeUnknownMembers, wayRefused) {
		return false, nil
	}
	a, _ := s.attribute(names[0])
	for part := range strings.SplitSeq(text, ",") {
		if !slices.ContainsFunc(s.from.ordered, func(r row) bool {
			v := a.get(r)
			return !v.null && v.text == part
		}) {
			return false, invalidFilterValue(predicate, part)
		}
	}
	return false, nil
}

// turnedText compares without case, or takes wildcards literally.
func (s *selection) turnedText(predicate string, names []string, m *matcher, text string) (bool, *apiError) {
	assumption := map[string]string{
		"email_eq": AssumeEmailEqCase, "email_in": AssumeEmailInCase, "email_cont": AssumeEmailContCase,
	}[predicate]
	var test func(v value) bool
	switch {
	case s.refuted.is(assumption, wayFolded) && predicate == "email_cont":
		test = func(v value) bool { return strings.Contains(strings.ToLower(v.text), strings.ToLower(text)) }
	case s.refuted.is(assumption, wayFolded):
		wanted := strings.Split(strings.ToLower(text), ",")
		test = func(v value) bool { return slices.Contains(wanted, strings.ToLower(v.text)) }
	case s.refuted.is(AssumeMatches, "literal") && m.name == "matches" && len(names) == 1:
		test = func(v value) bool { return v.text == text }
	default:
		return false, nil
	}
	a, _ := s.attribute(names[0])
	s.tests = append(s.tests, func(r row) bool {
		return a.matches(r, func(v value) bool { return !v.null && test(v) })
	})
	return true, nil
}
