package filter

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The values that nobody has, one for each form of a value. A value of another
// form tells less: the API may refuse it, or read it as 0 or null.
const (
	noSuchText    = "no-such-value-q7x4w9z2"
	noSuchID      = "NoSuchIdQx"
	noSuchNumber  = "2000000019" // fits into 32 bits
	noSuchAddress = noSuchText + "@no-such-value.invalid"
	noSuchTime    = "1905-07-09T03:04:05.678Z"
)

// timeForm is the beginning of a date and of a time.
var timeForm = regexp.MustCompile(`^\d{4}-\d\d-\d\d`)

// Control returns a value that nobody has, for the same predicate. If the API
// finds something with it, it has ignored the predicate. Control returns false
// for a predicate that can match without the value, such as not_eq or null, for
// one that may ask for true or false, because each resource has one of them, and
// for an empty value. See also [IsVague].
func Control(predicate, value string) (other string, ok bool) {
	p, _ := Parse(predicate) // has no matcher if it can't be read
	if beyond := bounds[p.Matcher]; beyond != nil {
		other = beyond.of(p, strings.TrimSpace(value)) // "" for an empty value, which may be dropped
		return other, other != "" && other != value
	}
	how, found := comparisons[p.Matcher]
	if !found {
		return "", false
	}
	values := how.split(value)
	for i, v := range values {
		values[i] = strings.TrimSpace(v)
	}
	if slices.Contains(values, "") {
		return "", false // an empty value may be dropped, and another one not
	}
	equality := p.Matcher == "eq" || p.Matcher == "in"
	switch {
	case p.allNamed("id"):
		other = noSuchID
	case equality && slices.ContainsFunc(values, isTruth):
		return "", false
	case p.allNamed("at"), every(values, timeForm.MatchString):
		other = noSuchTime
	case every(values, isNumber):
		other = noSuchNumber
	case every(values, func(v string) bool { return strings.Contains(v, "@") }):
		other = noSuchAddress
	default:
		other = noSuchText
	}
	return other, !slices.Contains(values, other)
}

// IsVague tells whether something may lie beyond the value of [Control], because the
// predicate compares by size. It does not for times and counts, which the API names
// so. But it may be a text that looks like a number or a time, whose order only the
// API knows, or an amount of money, which can be of any size.
func IsVague(predicate string) bool {
	p, _ := Parse(predicate)
	return bounds[p.Matcher] != nil && !p.allNamed("at") && !p.allNamed("count")
}

// A bound is beyond almost all values, for the matchers that compare by size.
type bound struct{ number, time string }

var (
	above  = &bound{"2147483647", "9998-12-31T23:59:59.999Z"} // the number fits into 32 bits
	below  = &bound{"-2147483648", "0001-01-02T00:00:00.000Z"}
	bounds = map[string]*bound{"gt": above, "gteq": above, "lt": below, "lteq": below}
)

// of returns the bound in the form of a value, or "" if there is none.
func (b *bound) of(p Predicate, value string) string {
	switch {
	case value == "":
		return ""
	case p.allNamed("at"), timeForm.MatchString(value):
		return b.time
	case isNumber(value) && !p.allNamed("id"):
		return b.number
	}
	return ""
}

func isNumber(value string) bool {
	_, err := strconv.ParseFloat(value, 64)
	return err == nil
}

// allNamed tells whether each attribute has the name, or ends in it as in a
// word of its own.
func (p Predicate) allNamed(name string) bool {
	return every(p.Attributes, func(a string) bool { return a == name || strings.HasSuffix(a, "_"+name) })
}

func every(values []string, holds func(string) bool) bool {
	return !slices.ContainsFunc(values, func(v string) bool { return !holds(v) })
}
