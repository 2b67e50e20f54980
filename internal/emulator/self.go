package emulator

import (
	"encoding/json"
	"net/http"
)

// applicationID is the resource ID of each emulated application.
const applicationID = "aPpLiCaTiO"

// self answers GET /api/organization and GET /api/application. These are the
// organization and the application that the token belongs to. The official
// command-line tool reads both when it logs in. The caller holds the store's
// mutex.
//
// Assumption (self): each valid token may read them.
//
// Simplified: they have only some of the attributes that the types in the
// official SDK name.
func (e *Emulator) self(r *http.Request, token *token, kind string) (json.RawMessage, *apiError) {
	query, refusal := e.parseRetrieveQuery(r.URL.RawQuery, kind)
	if refusal != nil {
		return nil, refusal
	}
	res := &resource{ref: ref{kind, e.organizationID}, attributes: object{
		{"name", quote(e.slug)},
		{"slug", quote(e.slug)},
		{"domain", quote("https://" + e.slug + ".commercelayer.io")},
	}}
	if kind == "application" {
		res = &resource{ref: ref{kind, applicationID}, attributes: object{
			{"name", quote("Emulator")},
			{"kind", quote(token.kind)},
			{"public_access", encode(token.kind == KindSalesChannel)},
			{"redirect_uri", nil},
			{"scopes", quote(token.scope)},
		}}
	}
	res.attributes = append(res.attributes, commonAttributes()...)
	return e.single(r, token.live, res, query), nil
}
