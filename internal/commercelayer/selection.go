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

// parts is a Selection in the form of query parameters. Readers with the same
// parts can share a request.
type parts struct {
	// include and fields are the query parameters.
	include, fields string
	// all is set if there is no fieldset, so that everything is read.
	all bool
}

// parts returns the parts of a Selection. It adds the included relationships to
// the fields, because the API leaves out a relationship that fields does not
// name (documented).
func (s Selection) parts() parts {
	p := parts{include: join(s.Include), all: s.Fields == nil}
	if p.all {
		return p
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
	p.fields = join(fields)
	return p
}

// with returns the parts with one more attribute, which a check needs.
func (p parts) with(attribute string) parts {
	if !p.all && !p.wants(attribute) {
		p.fields += "," + attribute
	}
	return p
}

func (p parts) wants(name string) bool {
	if p.all {
		return true
	}
	for field := range strings.SplitSeq(p.fields, ",") {
		if field == name {
			return true
		}
	}
	return false
}

// query sets the query parameters.
func (p parts) query(query url.Values, resource string) {
	if p.include != "" {
		query.Set("include", p.include)
	}
	if !p.all {
		query.Set("fields["+resource+"]", p.fields)
	}
}

// join joins names with commas and leaves out repetitions.
func join(names []string) string { return strings.Join(unique(names), ",") }
