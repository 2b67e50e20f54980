package emulator

import (
	"encoding/json"
	"net/http"
)

// retrieve answers GET /api/customers/{id}. The result is nil if there is no
// such customer. The caller holds the store's mutex.
//
// Assumption (other-mode): a customer of the other mode is not found.
func (e *Emulator) retrieve(r *http.Request, live bool, id string) (json.RawMessage, *apiError) {
	query, refusal := e.parseRetrieveQuery(r.URL.RawQuery, "customers")
	if refusal != nil {
		return nil, refusal
	}
	customer := e.store.customers[live].byID[id]
	if customer == nil && e.refuted.is(AssumeOtherMode, "served") {
		live = !live
		customer = e.store.customers[live].byID[id]
	}
	switch {
	case customer == nil:
		return nil, nil
	case customer.answer != nil && (query.plain() || customer.document == nil):
		return customer.answer, nil
	default:
		return e.single(r, live, customer, query), nil
	}
}

// single writes the document of one resource. The caller holds the store's
// mutex.
func (e *Emulator) single(r *http.Request, live bool, res *resource, query *retrieveQuery) json.RawMessage {
	return e.newView(r, live, query.fields).document([]*resource{res}, true, query.include).json()
}
