package emulator

import "net/http"

// retrieve answers GET /api/customers/{id}.
func (e *Emulator) retrieve(w http.ResponseWriter, r *http.Request, token *token, id string) {
	e.store.mu.RLock()
	query, refusal := e.parseRetrieveQuery(r.URL.RawQuery, "customers")
	if refusal != nil {
		e.store.mu.RUnlock()
		writeError(w, refusal)
		return
	}
	rec, live := e.store.customer(id, token.live, e.refuted)
	var body []byte
	switch {
	case rec == nil:
	case rec.document != nil && (query.plain() || rec.document.data == nil):
		body = rec.document.raw
	default:
		body = e.newView(r, live).single(rec, query)
	}
	e.store.mu.RUnlock()

	if rec == nil {
		e.writeNotFound(w)
		return
	}
	e.writeDocument(w, body)
}

// single writes the document of one resource.
func (v *view) single(r row, query *retrieveQuery) []byte {
	v.fields = query.fields
	included := v.include([]row{r}, query.include)
	body := v.resource([]byte(`{"data":`), r)
	body = v.appendIncluded(body, included, query.include)
	return append(body, '}')
}
