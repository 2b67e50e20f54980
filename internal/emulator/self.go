package emulator

import (
	"net/http"
	"strconv"
)

// applicationID is the resource ID of each emulated application.
const applicationID = "aPpLiCaTiO"

// self answers GET /api/organization and GET /api/application. These are the
// organization and the application that the token belongs to. The official
// command-line tool reads both when it logs in.
//
// Assumption (self): each valid token may read them.
//
// Simplified: they have only some of the attributes that the types in the
// official SDK name.
func (e *Emulator) self(w http.ResponseWriter, r *http.Request, token *token, kind string) {
	e.store.mu.RLock()
	query, refusal := e.parseRetrieveQuery(r.URL.RawQuery, kind)
	e.store.mu.RUnlock()
	if refusal != nil {
		writeError(w, refusal)
		return
	}
	res := &resource{kind: kind, id: e.organizationID, members: object{
		{"name", appendString(nil, e.slug)},
		{"slug", appendString(nil, e.slug)},
		{"domain", appendString(nil, "https://"+e.slug+".commercelayer.io")},
	}}
	if kind == "application" {
		res = &resource{kind: kind, id: applicationID, members: object{
			{"name", appendString(nil, "Emulator")},
			{"kind", appendString(nil, token.kind)},
			{"public_access", strconv.AppendBool(nil, token.kind == KindSalesChannel)},
			{"redirect_uri", nil},
			{"scopes", appendString(nil, token.scope)},
		}}
	}
	res.members = append(res.members, commonMembers()...)
	e.store.mu.RLock()
	body := e.newView(r, token.live).single(res, query)
	e.store.mu.RUnlock()
	e.writeDocument(w, body)
}
