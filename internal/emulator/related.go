package emulator

import "net/http"

// related answers GET /api/customers/{id}/{relationship} (documented): to-one
// as a single resource, to-many as a list with pages, filters and sorts. The
// jwt_ relationships come from the caller's token, and an integration's names
// nothing.
//
// Assumption (related-unknown, related-to-one, related-to-many): a relationship
// that does not exist is answered like a customer who does not, a to-one
// relationship without a target with data null, and lists with pages.
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

// relatedBody writes the document; the store's mutex is held.
func (e *Emulator) relatedBody(
	r *http.Request, live bool, id string, rel relationship,
) (body []byte, found bool, refusal *apiError) {
	customer := e.store.resolve(ref{"customers", id}, live)
	var targets *collection
	if customer != nil {
		targets = e.store.collection(rel.kind, live).part(customer.linked(rel.name))
	} else {
		// What is wrong with the query is said first, as for a single customer.
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
