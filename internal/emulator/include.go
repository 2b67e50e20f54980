package emulator

import (
	"fmt"
	"strings"
)

// includeTree is a parsed include parameter: relationship names with what to
// include behind each. Nil when nothing is asked for.
type includeTree map[string]includeTree

// maxIncludeDepth is the number of levels that an include path may have.
//
// Assumption (include-depth): three is the limit of the official command line
// tool; whether the service has one is not documented.
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
			return nil, badRequest("INVALID_INCLUDE", "Invalid field", path+" is too deep an include.")
		}
		at, kind := tree, q.kind
		for _, name := range names {
			rel, ok := q.schema.relationships.find(kind, name)
			// Assumption (unknown-include): it is refused, with this code.
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
	return tree, nil
}

// include notes which relationships show their linkage and returns the
// resources to include, each once and none of the primary ones.
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
			// Documented: a relationship must be both included and named in
			// the sparse fieldset, where there is one.
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

// appendIncluded writes the document's included member, when one was asked for.
//
// Assumption (included-empty): it is there, empty, also when nothing was found
// to include.
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
