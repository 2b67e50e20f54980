package filter

import (
	"slices"
	"strconv"
	"strings"
)

// A Condition is one predicate of a filter with its value, ready to be compared
// with a resource.
type Condition struct {
	attributes []string
	comparison
	values []string
}

// A comparison is how a matcher compares the value of an attribute with values
// of a filter.
type comparison struct {
	matches func(own, value string) bool
	// many is set if the filter has several values, separated by commas.
	many bool
	// all is set if each of the values must match. Otherwise one is enough.
	all bool
}

// comparisons holds the matchers that can be compared without the API. A
// comparison ignores case and the blanks around a value, since the API may do
// so, too.
var comparisons = map[string]comparison{
	"eq":        {equal, false, false},
	"in":        {equal, true, false},
	"start":     {strings.HasPrefix, false, false},
	"start_any": {strings.HasPrefix, true, false},
	"start_all": {strings.HasPrefix, true, true},
	"end":       {strings.HasSuffix, false, false},
	"end_any":   {strings.HasSuffix, true, false},
	"end_all":   {strings.HasSuffix, true, true},
	"cont":      {strings.Contains, false, false},
	"i_cont":    {strings.Contains, false, false},
	"cont_any":  {strings.Contains, true, false},
	"cont_all":  {strings.Contains, true, true},
}

// equal compares two texts. Numbers are compared by value, and so are true and
// false, which a filter may also write as 1 and 0.
func equal(own, value string) bool {
	if own == value {
		return true
	}
	if truth, err := strconv.ParseBool(value); err == nil && own == strconv.FormatBool(truth) {
		return true
	}
	x, err1 := strconv.ParseFloat(own, 64)
	y, err2 := strconv.ParseFloat(value, 64)
	return err1 == nil && err2 == nil && x == y
}

// NewCondition reads a predicate. It returns false if the predicate can't be
// compared without the API: because of its matcher, or because knows says so
// for one of its attributes.
func NewCondition(predicate, value string, knows func(attribute string) bool) (Condition, bool) {
	p, _ := Parse(predicate) // has no matcher if it can't be read
	how, found := comparisons[p.Matcher]
	if !found || !every(p.Attributes, knows) {
		return Condition{}, false
	}
	c := Condition{attributes: p.Attributes, comparison: how, values: how.split(value)}
	for i, v := range c.values {
		c.values[i] = fold(strings.TrimSpace(v))
	}
	return c, true
}

// split returns the values that the value of a filter consists of.
func (how comparison) split(value string) []string {
	if how.many {
		return strings.Split(value, ",")
	}
	return []string{value}
}

// Attributes returns the attributes that are compared. They are alternatives:
// it is enough if one of them matches.
func (c Condition) Attributes() []string { return c.attributes }

// Holds compares a resource with the condition. get returns an attribute of the
// resource: nil for null, and false if it can't be compared. told is false if
// the outcome depends on such an attribute.
func (c Condition) Holds(get func(attribute string) (value *string, told bool)) (holds, told bool) {
	told = true
	for _, name := range c.attributes {
		own, known := get(name)
		if !known {
			told = false
		}
		if own == nil {
			continue
		}
		folded := fold(strings.TrimSpace(*own))
		one := func(value string) bool {
			return c.matches(folded, value) || strings.HasSuffix(name, "email") && SameAddress(folded, value)
		}
		if c.all && every(c.values, one) || !c.all && slices.ContainsFunc(c.values, one) {
			return true, true
		}
	}
	return false, told
}
