package commercelayer

import (
	"encoding/json"
	"errors"
	"fmt"
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

// FilterAttributes are the attributes of a customer that a predicate may begin
// with. The API documents them, apart from the ID, and password. The official
// applications filter by password, although no answer contains it.
var FilterAttributes = []string{
	"id", "email", "status", "has_password", "total_orders_count", "shopper_reference", "profile_id",
	"tax_exemption_code",
	"created_at", "updated_at", "reference", "reference_origin", "jwt_custom_claim", "metadata", "anonymization_info",
	"anonymization_status", "password",
}

// FilterRelationships are the relationships of a customer whose attributes a
// predicate may name, such as customer_group_id_in. Earlier versions of the API
// had versions.
var FilterRelationships = []string{
	"customer_group", "jwt_customer", "customer_addresses", "customer_payment_sources", "customer_subscriptions",
	"orders",
	"order_subscriptions", "returns", "sku_lists", "attachments", "events", "tags", "jwt_markets",
	"jwt_stock_locations",
	"event_stores", "versions",
}

// A Predicate is the key of a filter, such as email_or_reference_start.
type Predicate struct {
	// Attributes are the attributes before the matcher. The predicate joins them
	// by _or_, such as email and reference.
	Attributes []string
	// Matcher is one of [Matchers].
	Matcher string
}

// predicateForm is the form of a predicate: attributes and a matcher.
var predicateForm = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// ParsePredicate splits a predicate into attributes and a matcher. If several
// matchers fit, it takes the longest: email_not_eq is the matcher not_eq on
// email, and not the matcher eq on email_not.
func ParsePredicate(text string) (Predicate, error) {
	if !predicateForm.MatchString(text) {
		return Predicate{}, fmt.Errorf("%q is not an attribute followed by a matcher, such as status_eq", Redact(text))
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
		return Predicate{}, fmt.Errorf("%q does not end in a matcher that the API knows", Redact(text))
	}
	p.Attributes = strings.Split(joined, "_or_")
	if slices.Contains(p.Attributes, "") {
		return Predicate{}, fmt.Errorf("%q joins attributes by _or_, and one of them is missing", Redact(text))
	}
	return p, nil
}

// CheckPredicate returns an error unless a filter predicate has the documented
// form: the name of an attribute, such as email, and one of the [Matchers].
// Only the API knows which attributes it can filter by.
func CheckPredicate(predicate string) error {
	_, err := ParsePredicate(predicate)
	return err
}

// Unknown returns the attributes of the predicate that no customer and no
// related resource is known to have. The API may ignore a filter by such an
// attribute. Then every customer matches.
func (p Predicate) Unknown() []string {
	var unknown []string
	for _, attribute := range p.Attributes {
		ofRelationship := slices.ContainsFunc(FilterRelationships, func(name string) bool {
			return attribute == name || strings.HasPrefix(attribute, name+"_")
		})
		if !ofRelationship && !slices.Contains(FilterAttributes, attribute) {
			unknown = append(unknown, attribute)
		}
	}
	return unknown
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
		switch v := decoded.(type) {
		case map[string]any:
			if len(v) > 0 {
				return nil
			}
		case []any:
			if len(v) > 0 {
				return nil
			}
		case string:
			if !isBlank(v) {
				return nil
			}
		case nil:
		default:
			return nil
		}
		return errors.New("the value is empty JSON, which the data of every customer contains. " + leaveOut)
	}
	return nil
}

// truths are the values of matchers that take true or false.
var truths = []string{"true", "false", "t", "f", "1", "0"}

// TakesNoSuchValue tells whether the matcher takes true or false and the value
// is something else. The API may then ignore the filter.
func (p Predicate) TakesNoSuchValue(value string) bool {
	return slices.Contains([]string{"present", "blank", "null", "not_null", "true", "false"}, p.Matcher) &&
		!slices.Contains(truths, strings.ToLower(strings.TrimSpace(value)))
}

// isBlank tells whether a value contains only blanks and invisible characters.
func isBlank(value string) bool {
	return strings.TrimFunc(value, func(r rune) bool { return unicode.IsSpace(r) || hidden(r) != "" }) == ""
}
