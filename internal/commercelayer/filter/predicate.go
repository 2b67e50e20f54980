// Package filter knows the filters of the API: the grammar of their predicates,
// such as email_or_reference_start, and what a value has to be like to match.
// It does not know which resource is filtered. Its errors do not quote a
// predicate or a value, because these may be secret or personal.
package filter

import (
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Matchers are the documented matchers, with which a filter predicate ends.
// i_cont is not documented, but the official applications send it.
var Matchers = []string{
	"eq", "eq_or_null", "not_eq", "not_eq_or_null",
	"matches", "matches_any", "matches_all", "does_not_match", "does_not_match_any", "does_not_match_all",
	"lt", "lt_any", "lt_all", "lteq", "lteq_any", "lteq_all",
	"gt", "gt_any", "gt_all", "gteq", "gteq_any", "gteq_all",
	"present", "blank", "null", "not_null",
	"in", "in_or_null", "not_in", "not_in_or_null", "not_eq_all",
	"start", "start_any", "start_all", "not_start", "not_start_any", "not_start_all",
	"end", "end_any", "end_all", "not_end", "not_end_any", "not_end_all",
	"cont", "cont_any", "cont_all", "i_cont", "not_cont", "not_cont_all",
	"jcont", "true", "false",
}

// A Predicate is the key of a filter, such as email_or_reference_start.
type Predicate struct {
	// Attributes are the attributes before the matcher. The predicate joins them
	// by _or_, such as email and reference.
	Attributes []string
	// Matcher is one of [Matchers].
	Matcher string
}

// ErrNoMatcher is the error of [Parse] for a predicate without a matcher.
var ErrNoMatcher = errors.New("does not end in a matcher that the API knows")

// predicateForm is the form of a predicate: attributes and a matcher.
var predicateForm = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// Parse splits a predicate into attributes and a matcher. If several matchers
// fit, it takes the longest: email_not_eq is the matcher not_eq on email, and
// not the matcher eq on email_not. Only the API knows which attributes it can
// filter by. The text of an error completes a sentence about the predicate.
func Parse(text string) (Predicate, error) {
	if !predicateForm.MatchString(text) {
		return Predicate{}, errors.New("is not an attribute followed by a matcher, such as status_eq")
	}
	var p Predicate
	var joined string
	for _, matcher := range Matchers {
		attributes, found := strings.CutSuffix(text, "_"+matcher)
		if found && attributes != "" && len(matcher) > len(p.Matcher) {
			p.Matcher, joined = matcher, attributes
		}
	}
	if p.Matcher == "" {
		return Predicate{}, ErrNoMatcher
	}
	p.Attributes = strings.Split(joined, "_or_")
	if slices.Contains(p.Attributes, "") {
		return Predicate{}, errors.New("joins attributes by _or_, and one of them is missing")
	}
	return p, nil
}

// Selects tells whether the predicate has this attribute and no other.
func (p Predicate) Selects(attribute string) bool {
	return len(p.Attributes) == 1 && p.Attributes[0] == attribute
}

// takesList tells whether the matcher takes several values, separated by
// commas.
func (p Predicate) takesList() bool {
	return slices.Contains([]string{"in", "in_or_null", "not_in", "not_in_or_null"}, p.Matcher) ||
		strings.HasSuffix(p.Matcher, "_any") || strings.HasSuffix(p.Matcher, "_all")
}

// leaveOut is the advice for an empty value.
const leaveOut = "Leave it out where there is nothing to compare with"

// CheckValue returns an error for a value with which every customer may match.
// Most of all this is an empty value, which comes from a variable that is not
// set. The API may ignore a filter with an empty value.
func (p Predicate) CheckValue(value string) error {
	if isBlank(value) {
		return errors.New("the value is empty. The API may ignore a filter with an empty value, and then every " +
			"customer matches. " + leaveOut)
	}
	switch {
	case p.takesList():
		if slices.ContainsFunc(strings.Split(value, ","), isBlank) {
			return errors.New("one of the values between the commas is empty. The API may let every customer " +
				"match it. " + leaveOut)
		}
	case p.Matcher == "jcont":
		var decoded any
		if err := json.Unmarshal([]byte(value), &decoded); err != nil {
			return errors.New("the matcher jcont needs a JSON value: write it with jsonencode()")
		}
		if isEmpty(decoded) {
			return errors.New("the value is empty JSON, which the data of every customer contains. " + leaveOut)
		}
	}
	return nil
}

func isEmpty(decoded any) bool {
	switch v := decoded.(type) {
	case nil:
		return true
	case string:
		return isBlank(v)
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	default:
		return false
	}
}

// truths are the values of matchers that take true or false.
var truths = []string{"true", "false", "t", "f", "1", "0"}

// TakesNoSuchValue tells whether the matcher takes true or false and the value
// is something else. The API may then ignore the filter.
func (p Predicate) TakesNoSuchValue(value string) bool {
	return slices.Contains([]string{"present", "blank", "null", "not_null", "true", "false"}, p.Matcher) &&
		!isTruth(strings.TrimSpace(value))
}

func isTruth(value string) bool { return slices.Contains(truths, strings.ToLower(value)) }

// isBlank tells whether a value contains only blanks and invisible characters.
func isBlank(value string) bool {
	return !strings.ContainsFunc(value, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.IsControl(r) &&
			!unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point)
	})
}
