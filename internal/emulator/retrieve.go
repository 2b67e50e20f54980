package emulator

import (
	"net/http"
	"net/url"
	"strings"
)

const customersPath = "/api/customers"

// retrieve answers GET /api/customers/{id}; escapedID is the rest of the path.
func (e *Emulator) retrieve(w http.ResponseWriter, r *http.Request, token *token, escapedID string) {
	id, err := url.PathUnescape(escapedID)
	if err != nil || strings.Contains(escapedID, "/") {
		e.writeNotFound(w)
		return
	}
	e.store.mu.RLock()
	query, refusal := parseRetrieveQuery(r.URL.RawQuery, &e.store.schema)
	if refusal != nil {
		e.store.mu.RUnlock()
		writeError(w, refusal)
		return
	}
	// Assumption: a customer of the other mode is not found.
	rec := e.store.customers[token.live].get(id)
	var body []byte
	switch {
	case rec == nil:
	case rec.document != nil && (query.plain() || rec.document.data == nil):
		body = rec.document.raw
	default:
		v := e.newView(r, token.live)
		v.fields = query.fields
		included := v.include([]node{rec}, query.include)
		body = append(body, `{"data":`...)
		body = v.resource(body, rec)
		body = v.appendIncluded(body, included, query.include)
		body = append(body, '}')
	}
	e.store.mu.RUnlock()

	if rec == nil {
		e.writeNotFound(w)
		return
	}
	writeDocument(w, body)
}
