package emulator

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// retrieveQuery is the parsed query of a request for a single resource. A list
// has the same parameters and more.
type retrieveQuery struct {
	kind    string // type of the requested resources
	refuted refutations
	schema  *schema
	include includeTree
	fields  map[string]map[string]bool // nil: no sparse fieldset
}

// plain tells whether the query has neither include nor a sparse fieldset.
func (q *retrieveQuery) plain() bool { return len(q.include) == 0 && len(q.fields) == 0 }

// schema holds the names that include and sparse fieldsets may use.
type schema struct {
	relationships relationshipTable
	attributes    []string // of customers, without the documented attributes
}

// parseRetrieveQuery parses the query. The caller holds the store's mutex.
func (e *Emulator) parseRetrieveQuery(raw, kind string) (*retrieveQuery, *apiError) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, paramNotAllowed(raw)
	}
	q := &retrieveQuery{kind: kind, refuted: e.refuted, schema: &e.store.schema}
	return q, q.each(values, q.parameter)
}

// each reads all parameters in alphabetical order. So a query with several
// mistakes always gets the same error. read reports whether it knows a parameter.
func (q *retrieveQuery) each(values url.Values, read func(key, value string) (bool, *apiError)) *apiError {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		known, refusal := read(key, values.Get(key))
		if !known && refusal == nil {
			refusal = q.unknown(key)
		}
		if refusal != nil {
			return refusal
		}
	}
	return nil
}

// parameter reads one parameter and reports whether it knows the parameter.
func (q *retrieveQuery) parameter(key, value string) (known bool, refusal *apiError) {
	if key == "include" {
		// An empty include is the same as no include.
		if value == "" {
			return true, nil
		}
		q.include, refusal = q.parseInclude(value)
		return true, refusal
	}
	kind, ok := bracketed(key, "fields")
	if !ok {
		return false, nil
	}
	names := map[string]bool{}
	for name := range strings.SplitSeq(value, ",") {
		if name == "" {
			continue
		}
		// Assumption (unknown-field): an unknown name is refused with this
		// code.
		if kind == "customers" && !q.schema.isCustomerField(name) && !q.refuted.is(AssumeUnknownField, wayIgnored) {
			return true, badRequest(q.refuted.code(AssumeUnknownField, "INVALID_FIELD"), "Invalid field",
				fmt.Sprintf("%s is not a valid field for %s.", name, kind))
		}
		names[name] = true
	}
	// Assumption (fields): the sparse fieldset is applied (documented).
	if q.refuted.is(AssumeFields, wayIgnored) {
		return true, nil
	}
	if q.fields == nil {
		q.fields = map[string]map[string]bool{}
	}
	q.fields[kind] = names
	return true, nil
}

// isCustomerField tells whether fields[customers] may have the name. It may
// have id (documented), which changes nothing.
func (s *schema) isCustomerField(name string) bool {
	_, related := s.relationships.find("customers", name)
	_, documented := customerAttributeOf(name)
	return name == "id" || related || documented || slices.Contains(s.attributes, name)
}

// bracketed returns the inner part of a key of the form name[inner].
func bracketed(key, name string) (inner string, ok bool) {
	rest, ok := strings.CutPrefix(key, name+"[")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(rest, "]")
}

// unknown returns the error of an unknown parameter.
//
// Assumption (unknown-parameter): an unknown parameter is refused with this
// code.
func (q *retrieveQuery) unknown(key string) *apiError {
	if q.refuted.is(AssumeUnknownParameter, wayIgnored) {
		return nil
	}
	refusal := paramNotAllowed(key)
	refusal.code = q.refuted.code(AssumeUnknownParameter, refusal.code)
	return refusal
}

func paramNotAllowed(key string) *apiError {
	return badRequest("PARAM_NOT_ALLOWED", "Param not allowed", key+" is not allowed.")
}
