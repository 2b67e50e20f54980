package emulator

import "net/url"

// ref names a resource.
type ref struct{ kind, id string }

// node is a resource that can be written into a document.
type node interface {
	ref() ref
	// attributes writes the wanted attributes' members, without braces.
	attributes(b []byte, wanted func(name string) bool) []byte
	// linked lists what a relationship points to.
	linked(relationship string) []ref
	// verbatim is what to serve instead, nil for none.
	verbatim() *verbatim
}

// relationship is one of a resource's relationships.
type relationship struct {
	name string
	kind string // type of the resources it points to
	many bool
}

// relationships are those of the types that the emulator knows, without what
// data from files adds. The customers' are all that are documented (schema
// 7.10). Types that a customer may point to but that the emulator holds none of
// have no entry.
//
// Simplified: of the other types' relationships only those are here that the
// seeded data needs.
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
		{"jwt_customer", "customers", false},
		{"jwt_markets", "markets", true},
		{"jwt_stock_locations", "stock_locations", true},
		{"event_stores", "event_stores", true},
	},
	"customer_addresses": {{"customer", "customers", false}, {"address", "addresses", false}},
	"orders":             {{"customer", "customers", false}, {"shipments", "shipments", true}, {"tags", "tags", true}},
	"order_subscriptions": {
		{
			"source_order",
			"orders",
			false,
		},
		{"customer", "customers", false},
		{"orders", "orders", true},
		{"tags", "tags", true},
	},
	"shipments": {{"order", "orders", false}},
}

// relationshipTable lists the relationships of each type. It is never changed
// once it is in a store, only replaced.
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

// resource is anything but a customer.
type resource struct {
	kind, id string
	members  object
	links    map[string][]ref
	sequence int64
	document *verbatim // what to serve instead, nil for none
}

func (res *resource) verbatim() *verbatim { return res.document }

func (res *resource) place() int64            { return res.sequence }
func (res *resource) setPlace(sequence int64) { res.sequence = sequence }
func (res *resource) listed() bool            { return true }

func (res *resource) ref() ref { return ref{res.kind, res.id} }

func (res *resource) linked(name string) []ref { return res.links[name] }

func (res *resource) attributes(b []byte, wanted func(string) bool) []byte {
	return appendMembers(b, res.members, wanted)
}

func appendMembers(b []byte, members object, wanted func(string) bool) []byte {
	first := true
	for _, m := range members {
		if !wanted(m.key) {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = appendString(b, m.key)
		b = append(b, ':')
		b = appendJSON(b, m.value)
	}
	return b
}

// resolve finds a resource by its name; mu is held. A customer's mode is that
// of the asking token.
func (s *store) resolve(r ref, live bool) row {
	return s.collection(r.kind, live).byID[r.id]
}

// AddGroup adds a customer group. Customers join it by Customer.GroupID.
func (e *Emulator) AddGroup(id, name, code string) {
	e.addResource("customer_groups", id, object{
		{"name", appendString(nil, name)},
		{"code", appendString(nil, code)},
	}, nil)
}

// AddTag adds a tag. Customers carry it by Customer.TagIDs.
func (e *Emulator) AddTag(id, name string) {
	e.addResource("tags", id, object{{"name", appendString(nil, name)}}, nil)
}

// commonMembers are the attributes that every resource has (documented).
func commonMembers() object {
	at := appendString(nil, seedTime.Format(timeFormat))
	return object{
		{"created_at", at},
		{"updated_at", at},
		{"reference", nil},
		{"reference_origin", nil},
		{"metadata", []byte("{}")},
	}
}

// addResource adds a related resource, or replaces the one with that id. The
// attributes that every resource has are put behind its own.
func (e *Emulator) addResource(kind, id string, attributes object, links map[string][]ref) {
	for _, m := range commonMembers() {
		if !attributes.has(m.key) {
			attributes = append(attributes, m)
		}
	}
	e.store.mu.Lock()
	defer e.store.mu.Unlock()
	e.store.relatedCollection(kind).put(&resource{kind: kind, id: id, members: attributes, links: links})
}

// selfLink is a resource's address below the base of links.
func selfLink(base string, r ref) string {
	return base + "/api/" + r.kind + "/" + url.PathEscape(r.id)
}
