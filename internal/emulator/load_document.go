package emulator

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// document reads a document. Its text is valid JSON.
func (r *dataReader) document(text []byte) {
	doc, err := parseObject(text)
	switch {
	case err != nil:
		r.problem("the document",
			`%s, expected an object with "data"; put several customers into an array as its "data"`, kindOf(text))
		return
	case doc.get("errors") != nil:
		r.problem("errors", "the API answered with an error and not with a customer: %s", shorten(doc.get("errors")))
		return
	case doc.get("data") == nil && doc.get("type") != nil:
		r.problem("the document", `a resource object without the document around it: write {"data": …}`)
		return
	}
	r.once("the document", doc)
	data := doc.get("data")
	switch kindOf(data) {
	case "an object":
		r.resource("data", data, true)
	case "an array":
		for i, item := range listOf(data) {
			r.resource(fmt.Sprintf("data[%d]", i), item, true)
		}
	default:
		r.problem("data", "%s, expected a customer or an array of customers", kindOf(data))
	}
	included := doc.get("included")
	switch kindOf(included) {
	case "missing", "null":
	case "an array":
		for i, item := range listOf(included) {
			r.resource(fmt.Sprintf("included[%d]", i), item, false)
		}
	default:
		r.problem("included", "%s, expected an array of resources", kindOf(included))
	}
}

// resource reads a resource object and adds it.
func (r *dataReader) resource(place string, raw json.RawMessage, primary bool) {
	o, err := parseObject(raw)
	if err != nil {
		r.problem(place, "%s, expected a resource: an object with type, id and attributes", kindOf(raw))
		return
	}
	before := len(r.problems)
	r.once(place, o)
	l := &loaded{place: r.at(place), primary: primary}
	l.ref = ref{r.name(place+".type", o.get("type")), r.name(place+".id", o.get("id"))}
	if primary && l.kind != "customers" && l.kind != "" {
		r.problem(place+".type", `%q, expected "customers"; put related resources into "included"`, l.kind)
	}
	if strings.Contains(l.id, "/") {
		r.problem(place+".id", "%q has a slash, so no request can have it in its path", l.id)
	}
	l.attributes = r.attributes(place+".attributes", o.get("attributes"), l.kind == "customers")
	l.document = r.relationships(place+".relationships", o, l)
	if l.kind == "customers" {
		r.meta(place+".meta", o.get("meta"), selfOf(o))
	}
	if len(r.problems) == before {
		r.add(l)
	}
}

// once requires that each key of an object occurs once. JSON parsers do not
// agree which value counts if a key occurs twice.
func (r *dataReader) once(place string, o object) {
	seen := map[string]bool{}
	for _, m := range o {
		if seen[m.key] {
			r.problem(place, "the key %q occurs twice", m.key)
		}
		seen[m.key] = true
	}
}

// name reads the type or the ID of a resource.
func (r *dataReader) name(place string, raw json.RawMessage) string {
	var s string
	switch {
	case kindOf(raw) == "a number":
		r.problem(place, `a number, expected a string: write "%s"`, raw)
	case kindOf(raw) != "a string":
		r.problem(place, "%s, expected a string", kindOf(raw))
	default:
		_ = json.Unmarshal(raw, &s)
		if s == "" || strings.TrimSpace(s) != s {
			r.problem(place, "%q, expected a text that is not empty and has no blanks around it", s)
		}
	}
	return s
}

// jsonKinds has the JSON types of the kinds of attributes. Each of them may also
// be null.
var jsonKinds = map[attributeKind]string{
	stringKind: "a string", timeKind: "a string", boolKind: "true or false", numberKind: "a number",
	jsonKind: "an object",
}

// attributes reads the attributes of a resource. It checks those of a customer.
func (r *dataReader) attributes(place string, raw json.RawMessage, customer bool) object {
	if kindOf(raw) == "missing" {
		return nil // a recording with a sparse fieldset can be without attributes
	}
	o, err := parseObject(raw)
	if err != nil {
		r.problem(place, "%s, expected an object", kindOf(raw))
		return nil
	}
	r.once(place, o)
	if customer {
		for _, m := range o {
			r.attribute(place+"."+m.key, m)
		}
	}
	return o
}

func (r *dataReader) attribute(place string, m member) {
	known, documented := customerAttributeOf(m.key)
	got, want := kindOf(m.value), jsonKinds[known.kind]
	switch {
	case !documented:
		// A newer API has more attributes. A sparse fieldset may name them.
		if !slices.Contains(r.data.schema.attributes, m.key) {
			r.data.schema.attributes = append(r.data.schema.attributes, m.key)
		}
	case got == "null":
	case got != want:
		r.problem(place, "%s, expected %s", got, want)
	case known.kind == timeKind:
		var text string
		_ = json.Unmarshal(m.value, &text)
		if _, err := time.Parse(time.RFC3339, text); err != nil {
			r.problem(place, "%q, expected a time such as 2018-01-01T12:00:00.000Z", text)
		}
	case known.kind == numberKind:
		var count int
		if json.Unmarshal(m.value, &count) != nil {
			r.problem(place, "%s, expected a whole number", m.value)
		}
	}
}

// relationships reads the relationships of a resource, and returns its document
// without their data. The API sends the data of a relationship only if the
// relationship is included, and so does the emulator. A relationship without
// data was not included, so the related resources are not known.
func (r *dataReader) relationships(place string, document object, l *loaded) object {
	l.links = map[string][]ref{}
	raw := document.get("relationships")
	if kindOf(raw) == "missing" {
		return document
	}
	o, err := parseObject(raw)
	if err != nil {
		r.problem(place, "%s, expected an object", kindOf(raw))
		return document
	}
	r.once(place, o)
	var kept object
	for _, m := range o {
		relation, err := parseObject(m.value)
		if err != nil {
			r.problem(place+"."+m.key, `%s, expected an object with "links" or "data"`, kindOf(m.value))
			continue
		}
		r.linkage(place+"."+m.key+".data", m.key, relation.get("data"), l)
		if relation = relation.without("data"); len(relation) > 0 {
			kept = append(kept, member{m.key, relation.json()})
		}
	}
	if len(kept) == 0 {
		return document.without("relationships")
	}
	return document.with("relationships", kept.json())
}

// linkage reads the data of a relationship. If the table lacks the relationship,
// it is added. A recording of a newer API can have such relationships.
func (r *dataReader) linkage(place, name string, data json.RawMessage, l *loaded) {
	rel := relationship{name: name}
	links := []ref{}
	switch kindOf(data) {
	case "missing":
		return
	case "null":
	case "an object":
		links = append(links, r.identifier(place, data))
	case "an array":
		rel.many = true
		for i, item := range listOf(data) {
			links = append(links, r.identifier(fmt.Sprintf("%s[%d]", place, i), item))
		}
	default:
		r.problem(place, "%s, expected null, an object with type and id, or an array of such objects", kindOf(data))
		return
	}
	l.links[name] = links
	if len(links) > 0 {
		rel.kind = links[0].kind
	}
	table := r.data.schema.relationships
	if _, known := table.find(l.kind, name); !known {
		table[l.kind] = append(table[l.kind], rel)
	}
}

// identifier reads a resource identifier, which has a type and an ID.
func (r *dataReader) identifier(place string, raw json.RawMessage) ref {
	o, err := parseObject(raw)
	if err != nil {
		r.problem(place, "%s, expected an object with type and id", kindOf(raw))
		return ref{}
	}
	return ref{r.name(place+".type", o.get("type")), r.name(place+".id", o.get("id"))}
}

// meta reads the mode and the organization of a customer. All customers must
// have the same mode, because credentials only read one mode.
func (r *dataReader) meta(place string, raw json.RawMessage, self string) {
	if kindOf(raw) == "missing" {
		return
	}
	var meta struct {
		Mode         any `json:"mode"`
		Organization any `json:"organization_id"`
	}
	if json.Unmarshal(raw, &meta) != nil || kindOf(raw) == "null" {
		r.problem(place, "%s, expected an object", kindOf(raw))
		return
	}
	d := r.data
	if d.organization == "" {
		d.organization, _ = meta.Organization.(string)
		d.slug = slugOf(self)
	}
	switch mode := meta.Mode; {
	case mode == nil:
	case mode != "test" && mode != "live":
		r.problem(place+".mode", `%v, expected "test" or "live"`, mode)
	case d.mode == "":
		d.mode, _ = mode.(string)
		d.modePlace = r.at(place + ".mode")
	case mode != d.mode:
		r.problem(
			place+".mode",
			"%q, but %s is %q; all customers must have the same mode, because credentials only read one mode",
			mode,
			d.modePlace,
			d.mode,
		)
	}
}

// add adds a resource without mistakes to the data.
func (r *dataReader) add(l *loaded) {
	old := r.data.index[l.ref]
	switch {
	case old == nil:
		r.data.index[l.ref] = l
		r.data.resources = append(r.data.resources, l)
	case l.primary && old.primary:
		r.problems = append(r.problems, fmt.Sprintf("%s.id: %q is already the ID of %s", l.place, l.id, old.place))
	default:
		// Many documents can include the same resource, each with other
		// relationships. The resource in data is the one that is served. If
		// there is none, it is the first one.
		if l.primary {
			old.primary, old.place, old.document, old.attributes = true, l.place, l.document, l.attributes
		}
		for name, targets := range l.links {
			if _, known := old.links[name]; !known || l.primary {
				old.links[name] = targets
			}
		}
	}
}

// kindOf returns the type of a JSON value in words for an error.
func kindOf(raw json.RawMessage) string {
	text := strings.TrimLeft(string(raw), " \t\r\n")
	switch {
	case text == "":
		return "missing"
	case text[0] == '{':
		return "an object"
	case text[0] == '[':
		return "an array"
	case text[0] == '"':
		return "a string"
	case text[0] == 't', text[0] == 'f':
		return "true or false"
	case text[0] == 'n':
		return "null"
	default:
		return "a number"
	}
}

func listOf(raw json.RawMessage) []json.RawMessage {
	var list []json.RawMessage
	_ = json.Unmarshal(raw, &list)
	return list
}

// shorten cuts an answer that is quoted in an error.
func shorten(raw json.RawMessage) string {
	const most = 200
	runes := []rune(string(raw))
	if len(runes) <= most {
		return string(runes)
	}
	return string(slices.Concat(runes[:most], []rune("…")))
}

// selfOf returns the self link of a resource, or "".
func selfOf(o object) string {
	var links struct {
		Self string `json:"self"`
	}
	_ = json.Unmarshal(o.get("links"), &links)
	return links.Self
}

// slugOf returns the first label of the host in a URL, which is the slug of an
// organization. It returns "" for an IP address and for a host of one or two
// labels, which belong to no organization.
func slugOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	slug, domain, _ := strings.Cut(u.Hostname(), ".")
	if !strings.Contains(domain, ".") || strings.Trim(slug, "0123456789") == "" {
		return ""
	}
	return slug
}
