package commercelayer

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// filterKey is the name of a filter's query parameter (documented).
func filterKey(predicate string) string { return "filter[q][" + predicate + "]" }

// Matchers are the documented ends of a filter predicate, and i_cont, which the
// official applications send.
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

// predicateForm is an attribute, or several joined by _or_, and a matcher.
var predicateForm = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// CheckPredicate tells whether a filter predicate has the documented form: the
// name of an attribute, such as email, and one of the [Matchers]. Which
// attributes can be filtered by is for the API to say.
func CheckPredicate(predicate string) error {
	if !predicateForm.MatchString(predicate) {
		return fmt.Errorf("%q is not an attribute followed by a matcher, such as status_eq", predicate)
	}
	for _, matcher := range Matchers {
		if attribute, found := strings.CutSuffix(predicate, "_"+matcher); found && attribute != "" {
			return nil
		}
	}
	return fmt.Errorf("%q does not end in a matcher that the API knows", predicate)
}

var (
	includeForm = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){0,2}$`)
	sortForm    = regexp.MustCompile(`^-?[a-z][a-z0-9_]*$`)
)

// CheckInclude tells whether a path has the form of the name of a relationship,
// such as customer_group, or of up to three joined by dots.
func CheckInclude(path string) error {
	if !includeForm.MatchString(path) {
		return fmt.Errorf("%q is not the name of a relationship, such as customer_group, nor up to three joined by dots, such as orders.shipments", path)
	}
	return nil
}

// CheckSort tells whether a sort key has the form of an attribute's name, with
// a hyphen before it for descending order.
func CheckSort(key string) error {
	if !sortForm.MatchString(key) {
		return fmt.Errorf("%q is not the name of an attribute, such as created_at, nor one with a hyphen before it, such as -created_at", key)
	}
	return nil
}

// CheckID tells whether an ID can be the last part of a path. IDs are opaque:
// nothing more is asked of them.
func CheckID(id string) error {
	switch {
	case strings.TrimSpace(id) == "":
		return errors.New("the ID is empty")
	case strings.ContainsAny(id, "/?#"):
		return errors.New("the ID contains one of the characters / ? #, which no ID has: give the ID alone, not a URL")
	case id == ".":
		return errors.New("the ID is a dot, which no ID is")
	case strings.Contains(id, ".."):
		return errors.New("the ID contains two dots in a row, which no ID has")
	}
	return nil
}

// CheckListed tells whether a value can stand in a list of values separated by
// commas, for which the API documents no escape.
func CheckListed(value string) error {
	switch {
	case strings.TrimSpace(value) == "":
		return errors.New("the value is empty")
	case strings.ContainsRune(value, ','):
		return errors.New("the value contains a comma")
	case strings.ContainsFunc(value, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
		return errors.New("the value contains a blank")
	}
	return nil
}
