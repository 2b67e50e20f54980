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

// attributeKind says how an attribute's values are compared.
type attributeKind int

const (
	stringKind   attributeKind = iota
	numberKind                 // integers
	timeKind                   // instants, to the millisecond
	boolKind                   // true or false
	idKind                     // customer ids: equal as text, ordered by sequence
	jsonKind                   // JSON values
	presenceKind               // only known to be there or not
)

// value is an attribute's value, or what a filter compares it with.
type value struct {
	null    bool
	text    string // strings and ids
	number  int64  // numbers, times in milliseconds, sequences, 0 and 1 for booleans
	raw     json.RawMessage
	pattern *regexp.Regexp // operands of matches
	json    any            // operands of jcont
}

// attribute is something to filter or sort by.
type attribute struct {
	kind attributeKind
	get  func(*record) value
	// all is set instead of get where a customer has several values.
	all func(*record) []value
}

// attributes are those that a source names as filterable: the official SDK's
// type, and the filters of the official dashboard (password, groups, tags).
//
// Assumption: shopper_reference, profile_id and has_password are filterable
// too.
var attributes = map[string]attribute{
	"id":                   {kind: idKind, get: func(rec *record) value { return value{text: rec.ID, number: rec.sequence} }},
	"email":                {get: func(rec *record) value { return value{text: rec.Email} }},
	"status":               {get: func(rec *record) value { return value{text: rec.Status} }},
	"total_orders_count":   {kind: numberKind, get: func(rec *record) value { return value{number: int64(rec.TotalOrdersCount)} }},
	"anonymization_status": {get: func(rec *record) value { return nullable(rec.AnonymizationStatus) }},
	"reference":            {get: func(rec *record) value { return nullable(rec.Reference) }},
	"reference_origin":     {get: func(rec *record) value { return nullable(rec.ReferenceOrigin) }},
	"shopper_reference":    {get: func(rec *record) value { return nullable(rec.ShopperReference) }},
	"profile_id":           {get: func(rec *record) value { return nullable(rec.ProfileID) }},
	"metadata": {kind: jsonKind, get: func(rec *record) value {
		return value{raw: rec.Metadata, null: string(rec.Metadata) == "null"}
	}},
	"created_at":        {kind: timeKind, get: func(rec *record) value { return instant(rec.CreatedAt) }},
	"updated_at":        {kind: timeKind, get: func(rec *record) value { return instant(rec.UpdatedAt) }},
	"has_password":      {kind: boolKind, get: func(rec *record) value { return boolean(rec.HasPassword) }},
	"password":          {kind: presenceKind, get: func(rec *record) value { return value{null: !rec.HasPassword, text: "hidden"} }},
	"customer_group_id": {get: func(rec *record) value { return value{null: rec.GroupID == "", text: rec.GroupID} }},
	"tags_id": {all: func(rec *record) []value {
		// As an outer join has it: without tags there is one row, of null.
		if len(rec.TagIDs) == 0 {
			return []value{{null: true}}
		}
		values := make([]value, len(rec.TagIDs))
		for i, id := range rec.TagIDs {
			values[i] = value{text: id}
		}
		return values
	}},
}

func nullable(s *string) value {
	if s == nil {
		return value{null: true}
	}
	return value{text: *s}
}

// instant is null for the zero time: data from files may lack it.
func instant(t time.Time) value {
	return value{null: t.IsZero(), number: t.UnixMilli()}
}

func boolean(b bool) value {
	if b {
		return value{number: 1, text: "true"}
	}
	return value{text: "false"}
}

// matches says whether a value of the customer passes the test.
func (a attribute) matches(rec *record, test func(value) bool) bool {
	if a.get != nil {
		return test(a.get(rec))
	}
	return slices.ContainsFunc(a.all(rec), test)
}

// operand reads what a filter compares values of this kind with.
func (k attributeKind) operand(s string, customers *collection) (value, bool) {
	switch k {
	case stringKind:
		return value{text: s}, true
	case numberKind:
		n, err := strconv.ParseInt(s, 10, 64)
		return value{number: n}, err == nil
	case boolKind:
		b, ok := parseFlag(s)
		return boolean(b), ok
	case timeKind:
		t, ok := parseTime(s)
		return value{number: t.UnixMilli()}, ok
	case idKind:
		// Assumption: an id that was never given compares like null. A deleted
		// customer's keeps its place.
		rec := customers.byID[s]
		if rec == nil {
			return value{text: s, null: true}, true
		}
		return value{text: s, number: rec.sequence}, true
	default:
		return value{}, false
	}
}

// parseFlag reads true and 1, false and 0.
func parseFlag(s string) (flag, ok bool) {
	switch strings.ToLower(s) {
	case "true", "1":
		return true, true
	case "false", "0":
		return false, true
	}
	return false, false
}

// parseTime reads ISO 8601 times and dates (documented).
//
// Assumption: without an offset they are in UTC.
func parseTime(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", time.DateTime, time.DateOnly} {
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
