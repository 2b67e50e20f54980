package emulator

import "net/http"

// related answers GET /api/customers/{id}/{relationship} (documented). A to-one
// relationship is answered with a single resource, and a to-many relationship
// with a list.
//
// Assumption (related-unknown, related-to-one, related-to-many): an unknown
// relationship is answered like an unknown customer. An empty to-one
// relationship is answered with data null. The list of a to-many relationship
// has pages, filters and sorts.
func (e *Emulator) related(w http.ResponseWriter, r *http.Request, token *token, id, name string) {
	e.store.mu.RLock()
	rel, known := e.store.relationships.find("customers", name)
	e.store.mu.RUnlock()
	if !known {
		if e.refuted.is(AssumeRelatedUnknown, wayRefused) {
			writeError(w, badRequest("INVALID_RESOURCE", "Invalid resource", name+" is not a valid resource."))
			return
		}
		e.writeNotFound(w)
		return
	}
	e.store.mu.RLock()
	body, found, refusal := e.relatedBody(r, token.live, id, rel)
	e.store.mu.RUnlock()
	switch {
	case refusal != nil:
		writeError(w, refusal)
	case !found:
		e.writeNotFound(w)
	default:
		e.writeDocument(w, body)
	}
}

// relatedBody writes the document. The caller holds the store's mutex.
func (e *Emulator) relatedBody(
	r *http.Request, live bool, id string, rel relationship,
) (body []byte, found bool, refusal *apiError) {
	customer := e.store.resolve(ref{"customers", id}, live)
	var targets *collection
	if customer != nil {
		targets = e.store.collection(rel.kind, live).part(customer.linked(rel.name))
	} else {
		// The query is still parsed: a mistake in it is answered before the
		// 404, as for a single customer.
		targets = e.store.collection(rel.kind, live).part(nil)
	}
	if rel.many {
		body, refusal = e.listBody(r, live, targets)
		return body, customer != nil, refusal
	}
	query, refusal := e.parseRetrieveQuery(r.URL.RawQuery, rel.kind)
	switch {
	case refusal != nil, customer == nil:
		return nil, false, refusal
	case len(targets.ordered) == 0 && e.refuted.is(AssumeRelatedToOne, "not-found"):
		return nil, false, nil
	case len(targets.ordered) == 0:
		return []byte(`{"data":null}`), true, nil
	default:
		return e.newView(r, live).single(targets.ordered[0], query), true, nil
	}
}
