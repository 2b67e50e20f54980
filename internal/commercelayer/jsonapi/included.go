package jsonapi

import (
	"maps"
	"slices"
)

// readIncluded reads the included resources. Then it finds the resources that
// each resource refers to, once for the whole document, because many resources
// may refer to the same one.
//
// An included resource that can't be read is an error of each item that leads
// to it, and of no other item. If its identifier can't be read, it is ignored,
// because no linkage can name it.
func (d *Document) readIncluded(r *resourceReader, included []byte) {
	byIdentifier := map[Identifier]*Resource{}
	var all []*Resource
	add := func(resource *Resource) {
		if byIdentifier[resource.Identifier] == nil { // the first of two with one identifier counts
			byIdentifier[resource.Identifier] = resource
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
	// A server does not send a resource of data again in included.
	for _, item := range d.Items {
		if item.Resource != nil {
			add(item.Resource)
		}
	}
	d.size = len(all)
	for _, resource := range all {
		resource.resolve(byIdentifier)
	}
	for i, item := range d.Items {
		if !broken || item.Resource == nil {
			continue
		}
		for _, target := range d.Reachable(item.Resource) {
			if target.err != nil {
				d.Items[i].Resource, d.Items[i].Err = nil, syntaxError("one of its included resources: %v",
					target.err)
				break
			}
		}
	}
}

// resolve finds the resources that a resource's relationships refer to. They
// are in the order of the relationships' names, and then of the linkage.
func (resource *Resource) resolve(byIdentifier map[Identifier]*Resource) {
	for _, name := range slices.Sorted(maps.Keys(resource.Relationships)) {
		for _, id := range resource.Relationships[name].Data {
			if target := byIdentifier[id]; target != nil && id != resource.Identifier {
				resource.targets = append(resource.targets, target)
			}
		}
	}
}

// Reachable lists the resources that the relationships of r lead to, directly
// or through included resources. The nearest resources come first. At the same
// distance they are in the order of the relationships' names, and then of the
// linkage. Each resource is listed once, and r itself never. So the order is
// the same whether r was read alone or in a list. The pointers are shared:
// several resources may lead to the same one.
//
// A resource may also lead to another resource in data, which a server does not
// send again in included. Such a resource is listed, but not what it leads to
// itself: its relationships were included for the item that it is.
func (d *Document) Reachable(r *Resource) []*Resource {
	var list []*Resource
	seen := make([]bool, d.size)
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
