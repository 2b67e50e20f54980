package emulator

import (
	"encoding/json"
	"slices"
	"time"
)

// ReplaceData serves other data from now on, as if somebody had changed the
// organization's customers: who stays keeps his place in the order of IDs, and
// who is not in d is deleted. Requests see all of the change or nothing of it.
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

// record is the customer as the store holds him. Nothing is made up: what his
// document lacks is null to filters and sorts.
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

// verbatim is what to serve. The API shows what a relationship points to only
// where it was included, so that is taken out, and put back on request.
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
