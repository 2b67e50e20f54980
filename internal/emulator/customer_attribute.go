package emulator

import "slices"

// customerAttribute is all that is known of an attribute of customers. Answers,
// sparse fieldsets, filters, sorts and files go by it.
type customerAttribute struct {
	name    string
	kind    attributeKind
	use     attributeUse
	initial string // the value, in JSON, of a customer that was added without one
}

// attributeUse tells what a list can do with an attribute.
type attributeUse int

const (
	// filters and sorts are set if the types in the official SDK name the
	// attribute.
	filters attributeUse = 1 << iota
	sorts
	// mayFilter is set if no source names the attribute.
	//
	// Assumption (more-filters): filters can use it, too.
	mayFilter
)

// customerAttributes are the documented attributes, in documented order.
//
// Assumption (jwt-custom-claim): jwt_custom_claim is null for the token of an
// integration. The documentation does not say whether it is null, {} or absent.
var customerAttributes = []customerAttribute{
	{"email", stringKind, filters | sorts, "null"},
	{"status", stringKind, filters | sorts, `"prospect"`},
	{"has_password", boolKind, mayFilter, "false"},
	{"total_orders_count", numberKind, filters | sorts, "0"},
	{"shopper_reference", stringKind, mayFilter, "null"},
	{"profile_id", stringKind, mayFilter, "null"},
	{"tax_exemption_code", stringKind, 0, "null"},
	{"created_at", timeKind, filters | sorts, "null"},
	{"updated_at", timeKind, filters | sorts, "null"},
	{"reference", stringKind, filters | sorts, "null"},
	{"reference_origin", stringKind, filters | sorts, "null"},
	{"jwt_custom_claim", jsonKind, 0, "null"},
	{"metadata", jsonKind, filters, "{}"},
	{"anonymization_info", jsonKind, 0, "null"},
	{"anonymization_status", stringKind, filters | sorts, "null"},
}

// customerAttributeOf finds an attribute by its name.
func customerAttributeOf(name string) (customerAttribute, bool) {
	i := slices.IndexFunc(customerAttributes, func(a customerAttribute) bool { return a.name == name })
	if i < 0 {
		return customerAttribute{}, false
	}
	return customerAttributes[i], true
}

// customerFilter finds an attribute that filters can use. The official dashboard
// sends password, which is no attribute in answers.
func customerFilter(name string) (attribute, bool) {
	if name == "password" {
		return attribute{kind: presenceKind, get: func(r *resource) value {
			return value{null: r.value("has_password", boolKind).number == 0}
		}}, true
	}
	a, ok := customerAttributeOf(name)
	return attribute{kind: a.kind, get: func(r *resource) value { return r.value(name, a.kind) }},
		ok && a.use&(filters|mayFilter) != 0
}
