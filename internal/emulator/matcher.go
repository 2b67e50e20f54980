package emulator

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// matcher is the comparison that the name of a filter ends with, such as eq.
type matcher struct {
	name  string
	kinds []attributeKind
	// flag is set for a matcher without an operand, such as null. The value of
	// the filter is true or false, and flag must return it.
	flag func(k attributeKind, v value) bool
	// compare is set for all other matchers.
	compare func(k attributeKind, v, operand value) bool
	// operand reads an operand. If it is nil, the kind of the attribute does.
	operand func(text string, _ *collection) (v value, ok bool)
	negate  bool
	many    bool // whether the value is a comma-separated list of operands
	every   bool // whether all operands must match, and not only one of them
	orNull  bool // whether null matches, too
}

// test tells whether a value matches. A null matches only if orNull is set. It
// does not even match a negation, as in SQL (documented for eq and not_eq).
func (m *matcher) test(k attributeKind, v value, operands []value) bool {
	if v.null {
		return m.orNull
	}
	for _, operand := range operands {
		if (m.compare(k, v, operand) != m.negate) != m.every {
			return !m.every
		}
	}
	return m.every
}

var (
	allKinds     = []attributeKind{stringKind, numberKind, timeKind, boolKind, idKind, jsonKind, presenceKind}
	equalKinds   = []attributeKind{stringKind, numberKind, timeKind, boolKind, idKind}
	orderedKinds = []attributeKind{stringKind, numberKind, timeKind, idKind}
	textKinds    = []attributeKind{stringKind}
)

// matchers are the documented matchers, and i_cont, which official applications
// send. The longest name comes first, so that not_eq is found before eq.
//
// Assumption (email-in, email-eq-case, email-in-case, email-cont-case): all
// matchers except i_cont are case-sensitive. email has all matchers of a text.
//
// Assumption (matches-wildcards): matches takes the wildcards % and _ of SQL. A
// backslash before a wildcard makes it a literal character.
//
// Simplified: the documentation does not say which kinds of attributes a
// matcher can compare.
var matchers = makeMatchers()

func makeMatchers() []*matcher {
	equal := func(k attributeKind, v, o value) bool {
		if k == stringKind || k == idKind {
			return v.text == o.text
		}
		return v.number == o.number
	}
	list := []*matcher{
		{name: "not_eq_all", kinds: equalKinds, compare: equal, negate: true, many: true, every: true},
		{name: "present", kinds: allKinds, flag: isBlank, negate: true},
		{name: "blank", kinds: allKinds, flag: isBlank},
		{name: "null", kinds: allKinds, flag: isNull},
		{name: "not_null", kinds: allKinds, flag: isNull, negate: true},
		{name: "true", kinds: []attributeKind{boolKind}, flag: isTrue},
		{name: "false", kinds: []attributeKind{boolKind}, flag: isTrue, negate: true},
		{name: "jcont", kinds: []attributeKind{jsonKind}, compare: func(_ attributeKind, v, o value) bool {
			data, err := decodeJSON(v.raw)
			return err == nil && contains(data, o.json)
		}, operand: jsonOperand},
		{name: "i_cont", kinds: textKinds, compare: func(_ attributeKind, v, o value) bool {
			return strings.Contains(strings.ToLower(v.text), strings.ToLower(o.text))
		}},
	}

	for _, base := range []matcher{
		{name: "eq", kinds: equalKinds, compare: equal},
		{name: "not_eq", kinds: equalKinds, compare: equal, negate: true},
		{name: "in", kinds: equalKinds, compare: equal, many: true},
		{name: "not_in", kinds: equalKinds, compare: equal, negate: true, many: true, every: true},
	} {
		orNull := base
		orNull.name, orNull.orNull = base.name+"_or_null", true
		list = append(list, &base, &orNull)
	}
	ordered := func(ok func(int) bool) func(attributeKind, value, value) bool {
		return func(k attributeKind, v, o value) bool { return !o.null && ok(k.compare(v, o)) }
	}
	text := func(f func(s, part string) bool) func(attributeKind, value, value) bool {
		return func(_ attributeKind, v, o value) bool { return f(v.text, o.text) }
	}
	like := func(_ attributeKind, v, o value) bool { return o.pattern.MatchString(v.text) }
	for _, base := range []matcher{
		{name: "lt", kinds: orderedKinds, compare: ordered(func(c int) bool { return c < 0 })},
		{name: "lteq", kinds: orderedKinds, compare: ordered(func(c int) bool { return c <= 0 })},
		{name: "gt", kinds: orderedKinds, compare: ordered(func(c int) bool { return c > 0 })},
		{name: "gteq", kinds: orderedKinds, compare: ordered(func(c int) bool { return c >= 0 })},
		{name: "matches", kinds: textKinds, compare: like, operand: likeOperand},
		{name: "does_not_match", kinds: textKinds, compare: like, operand: likeOperand, negate: true},
		{name: "start", kinds: textKinds, compare: text(strings.HasPrefix)},
		{name: "not_start", kinds: textKinds, compare: text(strings.HasPrefix), negate: true},
		{name: "end", kinds: textKinds, compare: text(strings.HasSuffix)},
		{name: "not_end", kinds: textKinds, compare: text(strings.HasSuffix), negate: true},
		{name: "cont", kinds: textKinds, compare: text(strings.Contains)},
		{name: "not_cont", kinds: textKinds, compare: text(strings.Contains), negate: true},
	} {
		some, all := base, base
		some.name, some.many = base.name+"_any", true
		all.name, all.many, all.every = base.name+"_all", true, true
		list = append(list, &base, &all)
		// Documented: not_cont has no _any.
		if base.name != "not_cont" {
			list = append(list, &some)
		}
	}
	slices.SortFunc(list, func(a, b *matcher) int { return len(b.name) - len(a.name) })
	return list
}

func isNull(_ attributeKind, v value) bool { return v.null }

func isTrue(_ attributeKind, v value) bool { return v.number == 1 }

// isBlank tells whether a value is null or an empty string.
func isBlank(k attributeKind, v value) bool {
	return v.null || k == stringKind && v.text == ""
}

// likeOperand turns a pattern of SQL's LIKE into a regular expression.
func likeOperand(text string, _ *collection) (value, bool) {
	var b strings.Builder
	b.WriteString("(?s)^")
	escaped := false
	for _, c := range text {
		switch {
		case !escaped && c == '\\':
			escaped = true
			continue
		case !escaped && c == '%':
			b.WriteString(".*")
		case !escaped && c == '_':
			b.WriteByte('.')
		default:
			b.WriteString(regexp.QuoteMeta(string(c)))
		}
		escaped = false
	}
	b.WriteByte('$')
	pattern, err := regexp.Compile(b.String())
	return value{pattern: pattern}, err == nil
}

// jsonOperand reads a filter's value as a JSON object or array.
func jsonOperand(text string, _ *collection) (value, bool) {
	data, err := decodeJSON([]byte(text))
	switch data.(type) {
	case map[string]any, []any:
		return value{json: data}, err == nil
	}
	return value{}, false
}

func decodeJSON(data []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	err := dec.Decode(&v)
	return v, err
}
