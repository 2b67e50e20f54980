package emulator

import (
	"encoding/json"
	"slices"
	"time"
)

// ReplaceData replaces all data with d, as if somebody had changed the
// organization. A customer that is also in d keeps the position in the order of
// IDs. All others are deleted. No request sees a part of the change.
func (e *Emulator) ReplaceData(d *Data) {
	e.store.mu.Lock()
	defer e.store.mu.Unlock()
	customers := e.store.customers[e.live]
	for _, r := range slices.Clone(customers.ordered) {
		if d.index[r.ref()] == nil {
			customers.remove(r.ref().id)
		}
	}
	for _, l := range d.customers {
		customers.put(l.record())
	}
	for _, c := range e.store.related {
		for _, r := range slices.Clone(c.ordered) {
			if d.index[r.ref()] == nil {
				c.remove(r.ref().id)
			}
		}
	}
	for _, l := range d.related {
		attributes, _ := parseObject(l.document.get("attributes"))
		e.store.relatedCollection(l.ref.kind).put(&resource{
			kind: l.ref.kind, id: l.ref.id, members: attributes, links: l.links, document: l.verbatim(),
		})
	}
	e.store.schema = d.schema
}

// record makes the customer for the store. An attribute that is not in the
// document gets no default, so it is null for filters and sorts.
//
// Simplified: without total_orders_count or has_password it is 0 or false.
func (l *loaded) record() *record {
	rec := &record{Customer: customerOf(l.ref.id, l.document.get("attributes")), document: l.verbatim()}
	rec.CreatedAt = rec.CreatedAt.UTC().Truncate(time.Millisecond)
	rec.UpdatedAt = rec.UpdatedAt.UTC().Truncate(time.Millisecond)
	if rec.Metadata == nil {
		rec.Metadata = json.RawMessage("null")
	}
	for _, target := range l.links["customer_group"] {
		rec.GroupID = target.id
	}
	for _, target := range l.links["tags"] {
		rec.TagIDs = append(rec.TagIDs, target.id)
	}
	return rec
}

// verbatim makes the document to serve. The API sends the data of a
// relationship only if the relationship is included. So the data is removed
// here, and it is added again if a request includes the relationship.
func (l *loaded) verbatim() *verbatim {
	d := &verbatim{data: slices.Clone(l.document), links: l.links}
	if old, err := parseObject(l.document.get("relationships")); err == nil {
		var kept object
		for _, m := range old {
			relation, _ := parseObject(m.value)
			relation = slices.DeleteFunc(relation, func(m member) bool { return m.key == "data" })
			if len(relation) > 0 {
				kept = append(kept, member{m.key, relation.append(nil)})
			}
		}
		d.data = slices.DeleteFunc(d.data, func(m member) bool { return m.key == "relationships" && len(kept) == 0 })
		if len(kept) > 0 {
			d.data = d.data.set("relationships", kept.append(nil))
		}
	}
	d.raw = append(d.data.append([]byte(`{"data":`)), '}')
	return d
}
