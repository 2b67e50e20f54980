package emulator

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// attributeKind tells how the values of an attribute are compared.
type attributeKind int

const (
	stringKind   attributeKind = iota
	numberKind                 // integers
	timeKind                   // instants, to the millisecond
	boolKind                   // true or false
	idKind                     // IDs: equal as text, ordered by position
	jsonKind                   // JSON values
	presenceKind               // can only be present or not
)

// value is the value of an attribute, or an operand that a filter compares it
// with.
type value struct {
	null    bool
	text    string // strings and IDs
	number  int64  // numbers, times in milliseconds, positions of IDs, 0 and 1 for booleans
	raw     json.RawMessage
	pattern *regexp.Regexp // operand of the matcher matches
	json    any            // operand of the matcher jcont
}

// attribute is an attribute that a list can be filtered or sorted by.
type attribute struct {
	kind attributeKind
	get  func(*resource) value
	// all is set instead of get if a resource can have several values.
	all func(*resource) []value
}

// attribute finds the attribute that a filter or a sort names. It is an
// attribute of the type, or an attribute of a related type after the name of
// the relationship, such as customer_group_id (documented). The caller holds
// the mutex.
func (s *store) attribute(kind string, live bool, name string) (attribute, bool) {
	if a, ok := s.ownAttribute(kind, name); ok {
		return a, true
	}
	for _, rel := range s.relationships[kind] {
		rest, ok := strings.CutPrefix(name, rel.name+"_")
		if !ok {
			continue
		}
		if a, ok := s.ownAttribute(rel.kind, rest); ok && rest != "password" {
			return s.behind(rel, rest, a, live), true
		}
	}
	return attribute{}, false
}

// ownAttribute finds an attribute of the type itself. The emulator has a table
// for customers only. Another type has the attributes that one of its resources
// has.
func (s *store) ownAttribute(kind, name string) (attribute, bool) {
	switch {
	case name == "id":
		id := func(r *resource) value { return value{text: r.id, number: r.position} }
		return attribute{kind: idKind, get: id}, true
	case kind == "customers":
		return customerFilter(name)
	}
	found := false
	for _, r := range s.collection(kind, false).ordered {
		if r.attributes.index(name) < 0 {
			continue
		}
		found = true
		if raw := r.attributes.get(name); !isJSONNull(raw) {
			k := attributeKindOf(raw)
			return attribute{kind: k, get: func(r *resource) value { return r.value(name, k) }}, true
		}
	}
	return attribute{get: func(*resource) value { return value{null: true} }}, found
}

// behind returns an attribute of the related resources. If there is no related
// resource, its only value is null, as after an outer join of SQL.
func (s *store) behind(rel relationship, name string, a attribute, live bool) attribute {
	kind := a.kind
	if kind == idKind {
		kind = stringKind // IDs of another type have no position among these
	}
	return attribute{kind: kind, all: func(r *resource) []value {
		var values []value
		for _, target := range r.links[rel.name] {
			if name == "id" {
				values = append(values, value{text: target.id})
			} else if t := s.resolve(target, live); t != nil {
				values = append(values, a.get(t))
			}
		}
		if len(values) == 0 {
			return []value{{null: true}}
		}
		return values
	}}
}

// attributeKindOf finds the kind of an attribute by one of its values.
func attributeKindOf(raw json.RawMessage) attributeKind {
	switch raw[0] {
	case '"':
		var text string
		if json.Unmarshal(raw, &text) == nil {
			if _, err := time.Parse(time.RFC3339Nano, text); err == nil {
				return timeKind
			}
		}
		return stringKind
	case 't', 'f':
		return boolKind
	case '{', '[':
		return jsonKind
	default:
		if _, err := strconv.ParseInt(string(raw), 10, 64); err != nil {
			return presenceKind // no matcher here compares fractions
		}
		return numberKind
	}
}

// matches tells whether a value of the resource passes the test.
func (a attribute) matches(r *resource, test func(value) bool) bool {
	if a.get != nil {
		return test(a.get(r))
	}
	return slices.ContainsFunc(a.all(r), test)
}

// operand reads the operand of a filter on an attribute of this kind.
func (k attributeKind) operand(s string, all *collection) (value, bool) {
	switch k {
	case stringKind:
		return value{text: s}, true
	case numberKind:
		n, err := strconv.ParseInt(s, 10, 64)
		return value{number: n}, err == nil
	case boolKind:
		b, err := strconv.ParseBool(s)
		if b {
			return value{number: 1}, true
		}
		return value{}, err == nil
	case timeKind:
		t, ok := parseTime(s)
		return value{number: t.UnixMilli()}, ok
	case idKind:
		// Assumption (id-gt-unknown): an ID that never existed compares like
		// null. The ID of a deleted resource keeps its position.
		position, ok := all.positions[s]
		return value{text: s, number: position, null: !ok}, true
	default:
		return value{}, false
	}
}

// parseTime reads ISO 8601 times and dates (documented).
//
// Simplified: a time without an offset is in UTC.
func parseTime(s string) (time.Time, bool) {
	for _, layout := range []string{
		time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", time.DateTime, time.DateOnly,
	} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// compare orders two values that are not null.
func (k attributeKind) compare(a, b value) int {
	if k == stringKind {
		return strings.Compare(a.text, b.text)
	}
	return cmp.Compare(a.number, b.number)
}
