package emulator

import "net/url"

// ref identifies a resource by its type and its ID.
type ref struct{ kind, id string }

// node is a resource that can be written into a document.
type node interface {
	ref() ref
	// attributes writes the members of the wanted attributes, without braces.
	attributes(b []byte, wanted func(name string) bool) []byte
	// linked lists the resources that a relationship points to.
	linked(relationship string) []ref
	// verbatim returns the document that was handed in for the resource. It is
	// nil if there is none.
	verbatim() *verbatim
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

// resource is anything but a customer.
type resource struct {
	kind, id string
	members  object
	links    map[string][]ref
	sequence int64
	document *verbatim // the document that was handed in, or nil
}

func (res *resource) verbatim() *verbatim { return res.document }

func (res *resource) position() int64            { return res.sequence }
func (res *resource) setPosition(sequence int64) { res.sequence = sequence }
func (res *resource) listed() bool               { return true }

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

// resolve finds a resource. live is the mode of the token, because a token only
// sees customers of its mode. The caller holds mu.
func (s *store) resolve(r ref, live bool) row {
	return s.collection(r.kind, live).byID[r.id]
}

// AddGroup adds a customer group. Customer.GroupID puts a customer into it.
func (e *Emulator) AddGroup(id, name, code string) {
	e.addResource("customer_groups", id, object{
		{"name", appendString(nil, name)},
		{"code", appendString(nil, code)},
	}, nil)
}

// AddTag adds a tag. Customer.TagIDs gives it to a customer.
func (e *Emulator) AddTag(id, name string) {
	e.addResource("tags", id, object{{"name", appendString(nil, name)}}, nil)
}

// commonMembers returns the attributes that each resource has (documented).
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

// addResource adds a related resource. A resource with the same ID is replaced.
// The attributes that each resource has follow its own attributes.
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

// selfLink returns the self link of a resource.
func selfLink(base string, r ref) string {
	return base + "/api/" + r.kind + "/" + url.PathEscape(r.id)
}
