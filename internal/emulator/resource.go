package emulator

import (
	"encoding/json"
	"net/url"
)

// ref identifies a resource by its type and its ID.
type ref struct{ kind, id string }

// resource is a resource in the store. It is never changed, but only replaced
// by another one.
type resource struct {
	ref
	attributes object
	links      map[string][]ref // the resources that its relationships point to
	position   int64            // the hidden number of the ID, which sort=id and id_gt follow
	document   object           // the resource object that was handed in, or nil
	answer     []byte           // the whole answer that was handed in, or nil
}

// listed tells whether lists contain the resource. They could not contain an
// answer without a resource object.
func (res *resource) listed() bool { return res.answer == nil || res.document != nil }

// value reads an attribute that filters and sorts compare. If it is missing, or
// not of this kind, it counts as null.
//
// Simplified: in a customer from a file, a number that is missing is 0, and so
// is a flag.
func (res *resource) value(name string, kind attributeKind) value {
	missing := value{null: res.kind != "customers" || kind != numberKind && kind != boolKind}
	raw := res.attributes.get(name)
	switch {
	case isJSONNull(raw):
		return missing
	case kind == jsonKind || kind == presenceKind:
		return value{raw: raw}
	}
	text := string(raw)
	if raw[0] == '"' && json.Unmarshal(raw, &text) != nil {
		return missing
	}
	if v, ok := kind.operand(text, nil); ok {
		return v
	}
	return missing
}

// relationship is a relationship that all resources of a type have.
type relationship struct {
	name string
	kind string // type of the related resources
	many bool   // to-many and not to-one
}

// relationships are the relationships of each type. Data from files can add
// more. Customers have all documented relationships (schema 7.10).
//
// Simplified: another type has only the relationships that the seeded data
// needs.
var relationships = relationshipTable{
	"customers": {
		{"customer_group", "customer_groups", false},
		{"customer_addresses", "customer_addresses", true},
		{"customer_payment_sources", "customer_payment_sources", true},
		{"customer_subscriptions", "customer_subscriptions", true},
		{"orders", "orders", true},
		{"order_subscriptions", "order_subscriptions", true},
		{"returns", "returns", true},
		{"sku_lists", "sku_lists", true},
		{"attachments", "attachments", true},
		{"events", "events", true},
		{"tags", "tags", true},
		// The jwt_ relationships are always empty. They come from the caller's
		// token, and the token of an integration names no resource.
		{"jwt_customer", "customers", false},
		{"jwt_markets", "markets", true},
		{"jwt_stock_locations", "stock_locations", true},
		{"event_stores", "event_stores", true},
	},
	"customer_addresses": {{"customer", "customers", false}, {"address", "addresses", false}},
	"orders":             {{"customer", "customers", false}, {"shipments", "shipments", true}, {"tags", "tags", true}},
	"order_subscriptions": {
		{"source_order", "orders", false}, {"customer", "customers", false}, {"orders", "orders", true},
		{"tags", "tags", true},
	},
	"shipments": {{"order", "orders", false}},
}

// relationshipTable lists the relationships of each type. A table in a store is
// never changed, but only replaced by another one.
type relationshipTable map[string][]relationship

// find finds a relationship of a type by its name.
func (t relationshipTable) find(kind, name string) (relationship, bool) {
	for _, rel := range t[kind] {
		if rel.name == name {
			return rel, true
		}
	}
	return relationship{}, false
}

// commonAttributes returns the attributes that each resource has (documented).
func commonAttributes() object {
	at := quote(seedTime.Format(timeFormat))
	return object{
		{"created_at", at},
		{"updated_at", at},
		{"reference", nil},
		{"reference_origin", nil},
		{"metadata", json.RawMessage("{}")},
	}
}

// selfLink returns the self link of a resource.
func selfLink(base string, r ref) string {
	return base + "/api/" + r.kind + "/" + url.PathEscape(r.id)
}
