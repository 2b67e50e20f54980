package jsonapi

import (
	"maps"
	"slices"
)

// index finds the resources of a document by their identifiers.
type index struct {
	byIdentifier map[Identifier]*Resource
	size         int
}

// index reads the included resources and finds out once what each resource
// leads to: many may lead to the same.
//
// An included resource that can't be read costs the resources in data that lead
// to it, and no others. If not even its identifier can be read, then no linkage
// names it, and it is passed over.
func (d *Document) index(r *resourceReader, included []byte) {
	x := &index{byIdentifier: map[Identifier]*Resource{}}
	d.resources = x
	var all []*Resource
	add := func(resource *Resource) {
		if x.byIdentifier[resource.Identifier] == nil { // of two alike, the first counts
			x.byIdentifier[resource.Identifier] = resource
		}
		resource.number = len(all)
		all = append(all, resource)
	}
	broken := false
	for raw := range elements(included) {
		resource, err := r.resource(raw)
		if resource.ID == "" || resource.Type == "" {
			continue
		}
		resource.included, resource.err = true, err
		broken = broken || err != nil
		add(resource)
	}
	// A resource of the list itself is not sent a second time in included.
	for _, item := range d.Items {
		if item.Resource != nil {
			add(item.Resource)
		}
	}
	x.size = len(all)
	for _, resource := range all {
		x.resolve(resource)
	}
	for i, item := range d.Items {
		if !broken || item.Resource == nil {
			continue
		}
		for _, target := range d.Reachable(item.Resource) {
			if target.err != nil {
				d.Items[i].Resource, d.Items[i].Err = nil, syntaxError("an included resource that it leads to: %v",
					target.err)
				break
			}
		}
	}
}

// resolve finds the resources that the relationships of one name, by the names
// of the relationships and then in the order of the linkage.
func (x *index) resolve(resource *Resource) {
	for _, name := range slices.Sorted(maps.Keys(resource.Relationships)) {
		for _, id := range resource.Relationships[name].Data {
			if target := x.byIdentifier[id]; target != nil && id != resource.Identifier {
				resource.targets = append(resource.targets, target)
			}
		}
	}
}

// Reachable lists the resources that the relationships of one lead to, nearest
// first, relationships by name, linkage as sent, each once and never the one
// asked about. The order depends on the resource alone: read alone or in a
// list, it has the same one. What several resources lead to is the same pointer
// for each, so nothing is copied.
//
// Most are included ones. A resource may also lead to another one of the same
// list, which a server does not send a second time. It is listed too, but not
// what it leads to in turn: that was asked for its own sake.
func (d *Document) Reachable(r *Resource) []*Resource {
	if r == nil || d.resources == nil {
		return nil
	}
	var list []*Resource
	seen := make([]bool, d.resources.size)
	from := r
	for next := 0; ; next++ {
		if from == r || from.included {
			for _, target := range from.targets {
				if !seen[target.number] && target.Identifier != r.Identifier {
					seen[target.number] = true
					list = append(list, target)
				}
			}
		}
		if next == len(list) {
			return list
		}
		from = list[next]
	}
}
