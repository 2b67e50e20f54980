package emulator

import (
	"encoding/json"
	"fmt"
)

// relationships reads the relationships of a resource. It leaves out those
// without data. They were not included, so the related resources are not known.
func (r *dataReader) relationships(place string, raw json.RawMessage) map[string][]ref {
	links := map[string][]ref{}
	if kindOf(raw) == "missing" {
		return links
	}
	o, err := parseObject(raw)
	if err != nil {
		r.problem(place, "%s, expected an object", kindOf(raw))
		return links
	}
	r.once(place, o)
	for _, m := range o {
		relation, err := parseObject(m.value)
		if err != nil {
			r.problem(place+"."+m.key, `%s, expected an object with "links" or "data"`, kindOf(m.value))
			continue
		}
		data, at := relation.get("data"), place+"."+m.key+".data"
		switch kindOf(data) {
		case "missing":
		case "null":
			links[m.key] = []ref{}
		case "an object":
			links[m.key] = []ref{r.identifier(at, data)}
		case "an array":
			links[m.key] = []ref{}
			for i, item := range listOf(data) {
				links[m.key] = append(links[m.key], r.identifier(fmt.Sprintf("%s[%d]", at, i), item))
			}
		default:
			r.problem(at, "%s, expected null, an object with type and id, or an array of such objects", kindOf(data))
		}
	}
	return links
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

// learn adds the relationships of a resource to the table, if the table lacks
// them. A recording of a newer API can have such relationships.
func (r *dataReader) learn(l *loaded) {
	table := r.data.schema.relationships
	o, err := parseObject(l.document.get("relationships"))
	if err != nil {
		return
	}
	for _, m := range o {
		targets, linked := l.links[m.key]
		if _, known := table.find(l.ref.kind, m.key); known || !linked {
			continue
		}
		rel := relationship{name: m.key}
		if relation, err := parseObject(m.value); err == nil {
			rel.many = kindOf(relation.get("data")) == "an array"
		}
		if len(targets) > 0 {
			rel.kind = targets[0].kind
		}
		table[l.ref.kind] = append(table[l.ref.kind], rel)
	}
}
