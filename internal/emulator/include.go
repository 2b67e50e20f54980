package emulator

import (
	"encoding/json"
	"fmt"
	"strings"
)

// includeTree is a parsed include parameter. It has a key for each relationship
// to include. The value is the tree of the relationships to include of the
// related resources. The tree is nil if nothing is included.
type includeTree map[string]includeTree

// maxIncludeDepth is the number of levels that an include path may have.
//
// Assumption (include-depth): the limit is three, as in the official
// command-line tool. The documentation does not say whether the API has a
// limit.
const maxIncludeDepth = 3

func (q *retrieveQuery) parseInclude(value string) (includeTree, *apiError) {
	depth := maxIncludeDepth
	switch {
	case q.refuted.is(AssumeIncludeDepth, "deeper"):
		depth = 10
	case q.refuted.is(AssumeIncludeDepth, "shallower"):
		depth = 2
	}
	tree := includeTree{}
	for path := range strings.SplitSeq(value, ",") {
		names := strings.Split(path, ".")
		if len(names) > depth {
			return nil, badRequest("INVALID_INCLUDE", "Invalid field", path+" has too many levels.")
		}
		at, kind := tree, q.kind
		for _, name := range names {
			rel, ok := q.schema.relationships.find(kind, name)
			// Assumption (unknown-include): an unknown relationship is refused
			// with this code.
			if !ok && q.refuted.is(AssumeUnknownInclude, wayIgnored) {
				break
			}
			if !ok {
				return nil, badRequest(q.refuted.code(AssumeUnknownInclude, "INVALID_INCLUDE"), "Invalid field",
					fmt.Sprintf("%s is not a valid includable relationship of %s", name, kind))
			}
			if at[name] == nil {
				at[name] = includeTree{}
			}
			at, kind = at[name], rel.kind
		}
	}
	// Assumption (include-obeyed): what is asked for is included (documented).
	if q.refuted.is(AssumeIncludeObeyed, wayIgnored) {
		return nil, nil
	}
	return tree, nil
}

// include returns the resources to include. Each resource occurs once, and a
// primary resource is not included. It also records which relationships must be
// written with data.
func (v *view) include(primary []*resource, tree includeTree) []*resource {
	seen := map[ref]bool{}
	for _, r := range primary {
		seen[r.ref] = true
	}
	var included []*resource
	var walk func(r *resource, tree includeTree)
	walk = func(r *resource, tree includeTree) {
		wanted := v.wanted(r.kind)
		for _, rel := range v.store.relationships[r.kind] {
			below, ok := tree[rel.name]
			// Documented: if there is a sparse fieldset, it must name the
			// relationship too.
			if !ok || !wanted(rel.name) {
				continue
			}
			if v.linkage[r.ref] == nil {
				v.linkage[r.ref] = map[string]bool{}
			}
			v.linkage[r.ref][rel.name] = true
			for _, link := range r.links[rel.name] {
				target := v.store.resolve(link, v.live)
				if target == nil {
					continue
				}
				if !seen[link] {
					seen[link] = true
					included = append(included, target)
				}
				walk(target, below)
			}
		}
	}
	for _, r := range primary {
		walk(r, tree)
	}
	return included
}

// document writes a document of resources, with those that the query includes.
// single tells that data is one resource and not a list.
//
// Assumption (included-empty): included is an empty array if there is nothing to
// include.
func (v *view) document(primary []*resource, single bool, tree includeTree) object {
	included := v.include(primary, tree) // before the rest, which shows the linkage
	doc := object{{"data", v.list(primary)}}
	if single {
		doc = object{{"data", v.resource(primary[0])}}
	}
	if len(tree) > 0 && (len(included) > 0 || !v.refuted.is(AssumeIncludedEmpty, wayMissing)) {
		doc = append(doc, member{"included", v.list(included)})
	}
	return doc
}

func (v *view) list(resources []*resource) json.RawMessage {
	list := make([]json.RawMessage, len(resources))
	for i, r := range resources {
		list[i] = v.resource(r)
	}
	return array(list)
}
