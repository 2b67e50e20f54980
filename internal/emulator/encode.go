package emulator

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
)

// view writes the resources of one answer.
type view struct {
	store   *store
	refuted refutations
	base    string // scheme and host for links
	live    bool
	meta    []byte // the meta object of every resource in this answer
	fields  map[string]map[string]bool
	// linkage has the relationships that are written with data, which are those
	// that the request includes.
	linkage map[ref]map[string]bool
}

func (e *Emulator) newView(r *http.Request, live bool) *view {
	base := "http://" + r.Host
	if r.TLS != nil {
		base = "https://" + r.Host
	}
	// Recorded in October 2024 and July 2025: mode, organization_id, trace_id.
	meta := append([]byte(`{"mode":"`), modeName(live)...)
	meta = append(meta, `","organization_id":`...)
	// Assumption (organization-id): it is the ID that tokens have, too.
	if e.refuted.is(AssumeOrganizationID, "other") {
		meta = appendString(meta, hex.EncodeToString([]byte(e.organizationID)))
	} else {
		meta = appendString(meta, e.organizationID)
	}
	meta = append(meta, `,"trace_id":"`...)
	meta = append(meta, newTraceID()...)
	meta = append(meta, `"}`...)
	return &view{store: &e.store, refuted: e.refuted, base: base, live: live, meta: meta,
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

// resource writes a resource object.
func (v *view) resource(b []byte, n node) []byte {
	if d := n.verbatim(); d != nil && d.data != nil {
		return v.verbatim(b, n, d.data)
	}
	r := n.ref()
	self := selfLink(v.base, r)
	wanted := v.wanted(r.kind)
	if rec, ok := n.(*record); ok && rec.JWTCustomClaim == nil {
		n, wanted = v.refutedClaim(rec, wanted)
	}

	b = append(b, `{"id":`...)
	b = appendString(b, r.id)
	b = append(b, `,"type":`...)
	b = appendString(b, r.kind)
	b = append(b, `,"links":{"self":`...)
	b = appendString(b, self)
	b = append(b, `},"attributes":{`...)
	b = n.attributes(b, wanted)
	b = append(b, '}')
	first := true
	for _, rel := range v.store.relationships[r.kind] {
		if !wanted(rel.name) {
			continue
		}
		if first {
			b = append(b, `,"relationships":{`...)
			first = false
		} else {
			b = append(b, ',')
		}
		b = appendString(b, rel.name)
		b = append(b, ':')
		b = v.relationship(b, n, rel, self)
	}
	// Documented: if no relationship is wanted, the key is left out.
	if !first {
		b = append(b, '}')
	}
	b = append(b, `,"meta":`...)
	b = append(b, v.meta...)
	return append(b, '}')
}

// refutedClaim replaces a jwt_custom_claim of null if the assumption about it
// (jwt-custom-claim) is refuted.
func (v *view) refutedClaim(rec *record, wanted func(string) bool) (node, func(string) bool) {
	switch {
	case v.refuted.is(AssumeJWTCustomClaim, wayObject):
		changed := *rec
		changed.JWTCustomClaim = json.RawMessage("{}")
		return &changed, wanted
	case v.refuted.is(AssumeJWTCustomClaim, wayMissing):
		return rec, func(name string) bool { return name != "jwt_custom_claim" && wanted(name) }
	default:
		return rec, wanted
	}
}

func (v *view) relationship(b []byte, n node, rel relationship, self string) []byte {
	b = append(b, `{"links":{"self":`...)
	b = appendString(b, self+"/relationships/"+rel.name)
	b = append(b, `,"related":`...)
	b = appendString(b, self+"/"+rel.name)
	b = append(b, '}')
	if v.linkage[n.ref()][rel.name] {
		b = v.appendLinkage(b, v.existing(n, rel), rel.many)
	}
	return append(b, '}')
}

// existing lists the resources that a relationship points to. It leaves out
// those that were deleted.
func (v *view) existing(n node, rel relationship) []ref {
	// A resource from a file is shown as it is, even if no file has the
	// resources that it points to.
	if d := n.verbatim(); d != nil && d.links != nil {
		return d.links[rel.name]
	}
	return slices.DeleteFunc(slices.Clone(n.linked(rel.name)), func(r ref) bool {
		return v.store.resolve(r, v.live) == nil
	})
}

// appendLinkage writes the data of an included relationship.
//
// Assumption (empty-to-one, empty-to-many): data is null for an empty to-one
// relationship and [] for an empty to-many relationship. JSON:API says so, but
// there is no recording.
func (v *view) appendLinkage(b []byte, refs []ref, many bool) []byte {
	assumption := AssumeEmptyToOne
	if many {
		assumption = AssumeEmptyToMany
	}
	if len(refs) == 0 && v.refuted.is(assumption, wayMissing) {
		return b
	}
	b = append(b, `,"data":`...)
	if !many {
		if len(refs) == 0 {
			return append(b, "null"...)
		}
		return appendIdentifier(b, refs[0])
	}
	b = append(b, '[')
	for i, r := range refs {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendIdentifier(b, r)
	}
	return append(b, ']')
}

func appendIdentifier(b []byte, r ref) []byte {
	b = append(b, `{"type":`...)
	b = appendString(b, r.kind)
	b = append(b, `,"id":`...)
	b = appendString(b, r.id)
	return append(b, '}')
}

// verbatim writes the resource object of a document that was handed in. It
// changes only what the query asks for.
func (v *view) verbatim(b []byte, n node, data object) []byte {
	out := slices.Clone(data)
	wanted := v.wanted(n.ref().kind)
	if attributes, err := parseObject(out.get("attributes")); err == nil {
		out = out.set("attributes", append(appendMembers([]byte{'{'}, attributes, wanted), '}'))
	}
	out = v.verbatimRelationships(out, n, wanted)
	return out.append(b)
}

// verbatimRelationships keeps the wanted relationships of a document, and adds
// the linkage to the included ones. A document may be older than a relationship
// and not have it. If such a relationship is included, it is added.
func (v *view) verbatimRelationships(out object, n node, wanted func(string) bool) object {
	old, err := parseObject(out.get("relationships"))
	if err != nil && len(v.linkage[n.ref()]) == 0 {
		return out
	}
	self := selfLink(v.base, n.ref())
	if links, err := parseObject(out.get("links")); err == nil {
		if s, err := strconv.Unquote(string(links.get("self"))); err == nil {
			self = s
		}
	}
	var kept object
	for _, m := range old {
		if wanted(m.key) {
			kept = append(kept, m)
		}
	}
	for _, rel := range v.store.relationships[n.ref().kind] {
		if v.linkage[n.ref()][rel.name] && wanted(rel.name) {
			kept = kept.set(rel.name, v.relationship(nil, n, rel, self))
		}
	}
	if len(kept) == 0 {
		return slices.DeleteFunc(out, func(m member) bool { return m.key == "relationships" })
	}
	return out.set("relationships", kept.append(nil))
}

func (rec *record) ref() ref { return ref{"customers", rec.ID} }

func (rec *record) verbatim() *verbatim { return rec.document }

// linked lists the resources that a relationship of the customer points to. The
// jwt_ relationships are always empty: they come from the caller's token, and
// the token of an integration names no resource.
func (rec *record) linked(name string) []ref {
	if rec.document != nil && rec.document.links != nil {
		return rec.document.links[name]
	}
	switch name {
	case "customer_group":
		if rec.GroupID != "" {
			return []ref{{"customer_groups", rec.GroupID}}
		}
	case "tags":
		return refs("tags", rec.TagIDs)
	}
	rel, _ := relationships.find("customers", name)
	return refs(rel.kind, rec.related[name])
}

func refs(kind string, ids []string) []ref {
	out := make([]ref, len(ids))
	for i, id := range ids {
		out[i] = ref{kind, id}
	}
	return out
}
