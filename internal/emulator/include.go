package emulator

import (
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
func (v *view) include(primary []row, tree includeTree) []row {
	if len(tree) == 0 {
		return nil
	}
	seen := map[ref]bool{}
	for _, n := range primary {
		seen[n.ref()] = true
	}
	var included []row
	var walk func(n row, tree includeTree)
	walk = func(n row, tree includeTree) {
		r := n.ref()
		for _, rel := range v.store.relationships[r.kind] {
			below, ok := tree[rel.name]
			if !ok {
				continue
			}
			// Documented: if there is a sparse fieldset, it must name the
			// relationship too.
			if !v.wanted(r.kind)(rel.name) {
				continue
			}
			if v.linkage[r] == nil {
				v.linkage[r] = map[string]bool{}
			}
			v.linkage[r][rel.name] = true
			for _, target := range n.linked(rel.name) {
				t := v.store.resolve(target, v.live)
				if t == nil {
					continue
				}
				if !seen[target] {
					seen[target] = true
					included = append(included, t)
				}
				walk(t, below)
			}
		}
	}
	for _, n := range primary {
		walk(n, tree)
	}
	return included
}

// appendIncluded writes the member included, if the request has an include
// parameter.
//
// Assumption (included-empty): it is an empty array if there is nothing to
// include.
func (v *view) appendIncluded(b []byte, included []row, tree includeTree) []byte {
	if len(tree) == 0 || len(included) == 0 && v.refuted.is(AssumeIncludedEmpty, wayMissing) {
		return b
	}
	b = append(b, `,"included":[`...)
	for i, n := range included {
		if i > 0 {
			b = append(b, ',')
		}
		b = v.resource(b, n)
	}
	return append(b, ']')
}
