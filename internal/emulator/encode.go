package emulator

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"net/http"
)

// view writes the resources of one answer.
type view struct {
	store   *store
	refuted refutations
	base    string // scheme and host for links
	live    bool
	meta    json.RawMessage // of every resource in this answer
	fields  map[string]map[string]bool
	// linkage has the relationships that are written with data, which are those
	// that the request includes.
	linkage map[ref]map[string]bool
}

func (e *Emulator) newView(r *http.Request, live bool, fields map[string]map[string]bool) *view {
	base := "http://" + r.Host
	if r.TLS != nil {
		base = "https://" + r.Host
	}
	// Assumption (organization-id): it is the ID that tokens have, too.
	organizationID := e.organizationID
	if e.refuted.is(AssumeOrganizationID, "other") {
		organizationID = hex.EncodeToString([]byte(organizationID))
	}
	// Recorded in October 2024 and July 2025: mode, organization_id, trace_id.
	meta := object{
		{"mode", quote(modeName(live))},
		{"organization_id", quote(organizationID)},
		{"trace_id", quote(newTraceID())},
	}
	return &view{store: &e.store, refuted: e.refuted, base: base, live: live, meta: meta.json(), fields: fields,
		linkage: map[ref]map[string]bool{}}
}

// newTraceID returns 64 random hexadecimal digits. Each answer has another
// trace ID (recorded).
func newTraceID() string {
	var b [32]byte
	_, _ = rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// newRequestID returns a random UUID.
func newRequestID() string {
	id := newTraceID()
	return id[:8] + "-" + id[8:12] + "-4" + id[13:16] + "-a" + id[17:20] + "-" + id[20:32]
}

// wanted returns a function that tells whether the sparse fieldset of a type
// contains an attribute or a relationship. Without a sparse fieldset all are
// wanted.
func (v *view) wanted(kind string) func(string) bool {
	fields, sparse := v.fields[kind]
	if !sparse {
		return func(string) bool { return true }
	}
	return func(name string) bool { return fields[name] }
}

// resource writes a resource object. Of a document that was handed in, it
// changes only what the query asks for.
func (v *view) resource(r *resource) json.RawMessage {
	wanted := v.wanted(r.kind)
	self := selfLink(v.base, r.ref)
	if r.document != nil {
		out := r.document
		if r.attributes != nil {
			out = out.with("attributes", r.attributes.only(wanted).json())
		}
		return v.withRelationships(out, r, wanted).json()
	}
	var related object
	for _, rel := range v.store.relationships[r.kind] {
		if wanted(rel.name) {
			related = append(related, member{rel.name, v.relationship(r, rel, self)})
		}
	}
	out := object{
		{"id", quote(r.id)},
		{"type", quote(r.kind)},
		{"links", object{{"self", quote(self)}}.json()},
		{"attributes", v.attributes(r).only(wanted).json()},
	}
	// Documented: if no relationship is wanted, the key is left out.
	if len(related) > 0 {
		out = append(out, member{"relationships", related.json()})
	}
	return append(out, member{"meta", v.meta}).json()
}

// attributes returns the attributes of a resource. They are changed if the
// assumption about an empty jwt_custom_claim is refuted.
func (v *view) attributes(r *resource) object {
	const claim = "jwt_custom_claim"
	if r.kind != "customers" || !isJSONNull(r.attributes.get(claim)) {
		return r.attributes
	}
	switch v.refuted[AssumeJWTCustomClaim] {
	case wayObject:
		return r.attributes.with(claim, json.RawMessage("{}"))
	case wayMissing:
		return r.attributes.without(claim)
	default:
		return r.attributes
	}
}

func (v *view) relationship(r *resource, rel relationship, self string) json.RawMessage {
	links := object{
		{"self", quote(self + "/relationships/" + rel.name)},
		{"related", quote(self + "/" + rel.name)},
	}
	out := object{{"links", links.json()}}
	if v.linkage[r.ref][rel.name] {
		out = append(out, v.dataOf(r.links[rel.name], rel.many)...)
	}
	return out.json()
}

// dataOf returns the member data of an included relationship.
//
// Assumption (empty-to-one, empty-to-many): data is null for an empty to-one
// relationship and [] for an empty to-many relationship. JSON:API says so, but
// there is no recording.
func (v *view) dataOf(refs []ref, many bool) object {
	assumption := AssumeEmptyToOne
	if many {
		assumption = AssumeEmptyToMany
	}
	if len(refs) == 0 && v.refuted.is(assumption, wayMissing) {
		return nil
	}
	identifiers := make([]json.RawMessage, len(refs))
	for i, r := range refs {
		identifiers[i] = object{{"type", quote(r.kind)}, {"id", quote(r.id)}}.json()
	}
	switch {
	case many:
		return object{{"data", array(identifiers)}}
	case len(refs) == 0:
		return object{{"data", nil}}
	default:
		return object{{"data", identifiers[0]}}
	}
}

// withRelationships keeps the wanted relationships of a document, and adds the
// linkage to the included ones. A document may be older than a relationship and
// not have it. If such a relationship is included, it is added.
func (v *view) withRelationships(document object, r *resource, wanted func(string) bool) object {
	own, err := parseObject(document.get("relationships"))
	if err != nil && len(v.linkage[r.ref]) == 0 {
		return document
	}
	self := selfOf(document)
	if self == "" {
		self = selfLink(v.base, r.ref)
	}
	related := own.only(wanted)
	for _, rel := range v.store.relationships[r.kind] {
		if v.linkage[r.ref][rel.name] && wanted(rel.name) {
			related = related.with(rel.name, v.relationship(r, rel, self))
		}
	}
	if len(related) == 0 {
		return document.without("relationships")
	}
	return document.with("relationships", related.json())
}
