package emulator

import (
	"encoding/json"
	"fmt"
)

// relationships reads what a resource points to. A relationship without data
// was not included, so nothing is known of it.
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
		case "a list":
			links[m.key] = []ref{}
			for i, item := range listOf(data) {
				links[m.key] = append(links[m.key], r.identifier(fmt.Sprintf("%s[%d]", at, i), item))
			}
		default:
			r.problem(at, "%s, expected null, or an object with type and id, or a list of them", kindOf(data))
		}
	}
	return links
}

// identifier reads a type and an ID.
func (r *dataReader) identifier(place string, raw json.RawMessage) ref {
	o, err := parseObject(raw)
	if err != nil {
		r.problem(place, "%s, expected an object with type and id", kindOf(raw))
		return ref{}
	}
	return ref{r.name(place+".type", o.get("type")), r.name(place+".id", o.get("id"))}
}

// learn makes the relationships known that the resource has and the table lacks.
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
			rel.many = kindOf(relation.get("data")) == "a list"
		}
		if len(targets) > 0 {
			rel.kind = targets[0].kind
		}
		table[l.ref.kind] = append(table[l.ref.kind], rel)
	}
}
