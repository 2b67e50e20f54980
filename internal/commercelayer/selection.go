package commercelayer

import (
	"net/url"
	"slices"
	"strings"
)

// A Selection says which parts of a customer to read.
type Selection struct {
	// Include names relationships to include, such as customer_group. An entry may
	// also be a path of up to three names, such as orders.shipments.
	Include []string
	// Fields names the attributes and relationships to read, as the API names them
	// (sparse fieldset). Nil means all. In a [Customer] everything else is nil,
	// whatever the API sends. ID, Self, Mode and OrganizationID are always set.
	Fields []string
}

// A fieldset is a Selection in the form of query parameters. Readers with the
// same fieldset can share a request.
type fieldset struct {
	// include and fields are the query parameters.
	include, fields string
	// all is set if there is no fieldset, so that everything is read.
	all bool
}

// fieldset returns the fieldset of a Selection. It adds the included
// relationships to the fields, because the API leaves out a relationship that
// fields does not name (documented).
func (s Selection) fieldset() fieldset {
	f := fieldset{include: join(s.Include), all: s.Fields == nil}
	if f.all {
		return f
	}
	fields := slices.Clone(s.Fields)
	for _, path := range s.Include {
		name, _, _ := strings.Cut(path, ".")
		fields = append(fields, name)
	}
	// The API might treat an empty fieldset as no fieldset.
	if len(fields) == 0 {
		fields = []string{"id"}
	}
	slices.Sort(fields)
	f.fields = join(fields)
	return f
}

// with returns the fieldset with one more attribute, which a check needs.
func (f fieldset) with(attribute string) fieldset {
	if !f.all && !f.wants(attribute) {
		f.fields += "," + attribute
	}
	return f
}

func (f fieldset) wants(name string) bool {
	if f.all {
		return true
	}
	for field := range strings.SplitSeq(f.fields, ",") {
		if field == name {
			return true
		}
	}
	return false
}

// query sets the query parameters.
func (f fieldset) query(query url.Values, resource string) {
	if f.include != "" {
		query.Set("include", f.include)
	}
	if !f.all {
		query.Set("fields["+resource+"]", f.fields)
	}
}

// join joins names with commas and leaves out repetitions.
func join(names []string) string { return strings.Join(unique(names), ",") }
