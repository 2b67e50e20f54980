package emulator

import (
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"
	"time"
)

// document reads a document. Its text is valid JSON.
func (r *dataReader) document(text []byte) {
	doc, ok := r.object("the document", text,
		`an object with "data"; put several customers into an array as its "data"`)
	data, included := doc.get("data"), doc.get("included")
	switch {
	case !ok:
		return
	case doc.get("errors") != nil:
		r.problem("errors", "the API answered with an error and not with a customer: %.200s", doc.get("errors"))
		return
	case data == nil && doc.get("type") != nil:
		r.problem("the document", `a resource object without the document around it: write {"data": …}`)
		return
	}
	switch kindOf(data) {
	case "an object", "an array":
		for place, item := range elements("data", data) {
			r.resource(place, item, true)
		}
	default:
		r.problem("data", "%s, expected a customer or an array of customers", kindOf(data))
	}
	switch kindOf(included) {
	case "missing", "null":
	case "an array":
		for place, item := range elements("included", included) {
			r.resource(place, item, false)
		}
	default:
		r.problem("included", "%s, expected an array of resources", kindOf(included))
	}
}

// elements lists the elements of an array with their places. An object is its own
// only element.
func elements(place string, raw json.RawMessage) iter.Seq2[string, json.RawMessage] {
	return func(yield func(string, json.RawMessage) bool) {
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) != nil {
			yield(place, raw)
		}
		for i, item := range list {
			if !yield(fmt.Sprintf("%s[%d]", place, i), item) {
				return
			}
		}
	}
}

// object reads an object. Each key must occur once, because JSON parsers do not
// agree which value counts otherwise. An object that is missing has no members.
func (r *dataReader) object(place string, raw json.RawMessage, expected string) (o object, ok bool) {
	if raw == nil {
		return nil, true
	}
	o, err := parseObject(raw)
	if err != nil {
		r.problem(place, "%s, expected %s", kindOf(raw), expected)
		return nil, false
	}
	seen := map[string]bool{}
	for _, m := range o {
		if seen[m.key] {
			r.problem(place, "the key %q occurs twice", m.key)
		}
		seen[m.key] = true
	}
	return o, true
}

// resource reads a resource object and adds it.
func (r *dataReader) resource(place string, raw json.RawMessage, primary bool) {
	before := len(r.problems)
	o, ok := r.object(place, raw, "a resource: an object with type, id and attributes")
	if !ok {
		return
	}
	l := &loaded{place: r.at(place), primary: primary}
	l.ref = ref{r.name(place+".type", o.get("type")), r.name(place+".id", o.get("id"))}
	if primary && l.kind != "customers" && l.kind != "" {
		r.problem(place+".type", `%q, expected "customers"; put related resources into "included"`, l.kind)
	}
	if strings.Contains(l.id, "/") {
		r.problem(place+".id", "%q has a slash, so no request can have it in its path", l.id)
	}
	l.attributes, _ = r.object(place+".attributes", o.get("attributes"), "an object")
	l.document = r.relationships(place+".relationships", o, l)
	if l.kind == "customers" {
		for _, m := range l.attributes {
			r.attribute(place+".attributes."+m.key, m)
		}
		r.meta(place+".meta", o.get("meta"), selfOf(o))
	}
	if len(r.problems) == before {
		r.add(l)
	}
}

// name reads the type or the ID of a resource.
func (r *dataReader) name(place string, raw json.RawMessage) string {
	name := textOf(raw)
	switch {
	case kindOf(raw) != "a string":
		r.problem(place, "%s, expected a string", kindOf(raw))
	case name == "" || strings.TrimSpace(name) != name:
		r.problem(place, "%q, expected a text that is not empty and has no blanks around it", name)
	}
	return name
}

// jsonKinds has the JSON types of the kinds of attributes. Each of them may also
// be null.
var jsonKinds = map[attributeKind]string{
	stringKind: "a string", timeKind: "a string", boolKind: "true or false", numberKind: "a number",
	jsonKind: "an object",
}

// attribute checks an attribute of a customer.
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
		if _, err := time.Parse(time.RFC3339, textOf(m.value)); err != nil {
			r.problem(place, "%s, expected a time such as 2018-01-01T12:00:00.000Z", m.value)
		}
	case known.kind == numberKind:
		if json.Unmarshal(m.value, new(int)) != nil {
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
	o, _ := r.object(place, document.get("relationships"), "an object")
	var kept object
	for _, m := range o {
		relation, _ := r.object(place+"."+m.key, m.value, `an object with "links" or "data"`)
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
	rel := relationship{name: name, many: kindOf(data) == "an array"}
	links := []ref{}
	switch kindOf(data) {
	case "missing":
		return
	case "null":
	case "an object", "an array":
		for place, item := range elements(place, data) {
			if o, ok := r.object(place, item, "an object with type and id"); ok {
				links = append(links, ref{r.name(place+".type", o.get("type")), r.name(place+".id", o.get("id"))})
			}
		}
	default:
		r.problem(place, "%s, expected null, an object with type and id, or an array of such objects", kindOf(data))
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

// meta reads the mode and the organization of a customer. All customers must
// have the same mode, because credentials only read one mode.
func (r *dataReader) meta(place string, raw json.RawMessage, self string) {
	meta, _ := r.object(place, raw, "an object")
	d := r.data
	if id := textOf(meta.get("organization_id")); d.organization == "" && id != "" {
		d.organization = id
		if u, err := url.Parse(self); err == nil {
			d.slug = slugOf(u.Host)
		}
	}
	switch mode := textOf(meta.get("mode")); {
	case isJSONNull(meta.get("mode")):
	case mode != "test" && mode != "live":
		r.problem(place+".mode", `%s, expected "test" or "live"`, meta.get("mode"))
	case d.mode == "":
		d.mode, d.modePlace = mode, r.at(place+".mode")
	case mode != d.mode:
		r.problem(place+".mode", "%q, but %s is %q; all customers must have the same mode, because credentials only read "+
			"one mode", mode, d.modePlace, d.mode)
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

// textOf returns the text of a JSON string, or "".
func textOf(raw json.RawMessage) string {
	var text string
	_ = json.Unmarshal(raw, &text)
	return text
}

// selfOf returns the self link of a resource, or "".
func selfOf(o object) string {
	links, _ := parseObject(o.get("links"))
	return textOf(links.get("self"))
}
