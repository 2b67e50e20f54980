package emulator

import (
	"encoding/json"
	"net/http"
)

// related answers GET /api/customers/{id}/{relationship} (documented). A to-one
// relationship is answered with a single resource, and a to-many relationship
// with a list. The result is nil if there is no such customer. The caller holds
// the store's mutex.
//
// Assumption (related-unknown, related-to-one, related-to-many): an unknown
// relationship is answered like an unknown customer. An empty to-one
// relationship is answered with data null. The list of a to-many relationship
// has pages, filters and sorts.
func (e *Emulator) related(r *http.Request, live bool, id, name string) (json.RawMessage, *apiError) {
	rel, known := e.store.relationships.find("customers", name)
	switch {
	case !known && e.refuted.is(AssumeRelatedUnknown, wayRefused):
		return nil, badRequest("INVALID_RESOURCE", "Invalid resource", name+" is not a valid resource.")
	case !known:
		return nil, nil
	}
	// Without a customer, the query is still parsed: a mistake in it is answered
	// before the 404, as for a single customer.
	var ids []string
	customer := e.store.resolve(ref{"customers", id}, live)
	if customer != nil {
		for _, target := range customer.links[rel.name] {
			ids = append(ids, target.id)
		}
	}
	targets := e.store.collection(rel.kind, live).part(ids)
	if rel.many {
		list, refusal := e.list(r, live, targets)
		if customer == nil {
			return nil, refusal
		}
		return list, refusal
	}
	query, refusal := e.parseRetrieveQuery(r.URL.RawQuery, rel.kind)
	switch {
	case refusal != nil, customer == nil:
		return nil, refusal
	case len(targets.ordered) > 0:
		return e.single(r, live, targets.ordered[0], query), nil
	case e.refuted.is(AssumeRelatedToOne, "not-found"):
		return nil, nil
	default:
		return json.RawMessage(`{"data":null}`), nil
	}
}
