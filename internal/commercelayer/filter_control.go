package commercelayer

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/filter"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

// askAboutFilter asks the API about each predicate in doubt, once. matches is the
// number of matches with the filter, or -1. If the API does apply the predicate,
// a resource that does not match it, on whatever page, is a finding: the API
// compares by its own rules.
func (g *pager) askAboutFilter(ctx context.Context, matches int) error {
	v := g.verdict
	for _, predicate := range slices.Sorted(maps.Keys(v.doubted)) {
		unmatched := v.doubted[predicate]
		_, asked := v.applied[predicate]
		_, controlled := g.controlled.LoadOrStore(predicate, true)
		if !asked && (unmatched != "" || !controlled) {
			applied, err := g.applies(ctx, predicate, matches)
			if err != nil {
				return err
			}
			v.applied[predicate] = applied
		}
		if unmatched != "" && v.applied[predicate] {
			v.findings.add(Finding{Kind: FindingUnmatched, ID: unmatched, Name: predicate})
		}
	}
	return nil
}

// applies tells whether the API was seen to apply a predicate. It asks with a
// value that nobody has. If the API still finds something, it has ignored the
// predicate, which is an error, unless the value is vague. If it finds nothing, or
// refuses the value, it applies the predicate.
func (g *pager) applies(ctx context.Context, predicate string, matches int) (bool, error) {
	other, ok := filter.Control(predicate, g.verdict.filter[predicate])
	if !ok {
		return g.countWithout(ctx, predicate, matches)
	}
	document, err := g.pageWith(ctx, func(query url.Values) { query.Set(filterKey(predicate), other) })
	switch {
	case err != nil && (refusesFilter(err) || isNotFound(err)):
		return true, nil
	case err != nil:
		return false, err
	case len(document.Items) == 0: // whatever it counts
		return true, nil
	case filter.IsVague(predicate):
		return g.countWithout(ctx, predicate, matches)
	}
	return false, g.fail(ctx, ignored(g.verdict, predicate, document.Total))
}

// countWithout compares the number of matches with the one without a predicate
// that takes no value that nobody has. If they are equal, or the API does not
// count, it may have ignored the predicate.
func (g *pager) countWithout(ctx context.Context, predicate string, matches int) (applied bool, err error) {
	if g.verdict.last >= 0 {
		matches = g.verdict.last // a later page counts what follows
	}
	document, err := g.pageWith(ctx, func(query url.Values) { query.Del(filterKey(predicate)) })
	if err != nil {
		return false, err
	}
	without := document.Total
	if len(document.Items) == 0 {
		without = max(without, 0)
	}
	counted := without >= 0 && matches >= 0
	unmatched := g.verdict.doubted[predicate]
	switch {
	case counted && without != matches:
		return true, nil
	case counted && unmatched != "":
		return false, g.fail(ctx, &Error{Class: ErrFilterIgnored, Count: without, Reason: fmt.Sprintf(
			"the %s %s does not match, and without the filter there are as many %s",
			g.verdict.noun, inQuotes(unmatched), g.verdict.nouns)})
	}
	g.verdict.findings.add(Finding{Kind: FindingFilterDoubt, Read: matches, Counted: without, Name: predicate})
	return false, nil
}

// ignored is the error for a predicate that the API ignores.
func ignored(v *verdict, predicate string, found int) *Error {
	reason := fmt.Sprintf("with a value that nobody has, %q still finds %s", redact.Name(predicate), v.nouns)
	if unmatched := v.doubted[predicate]; unmatched != "" {
		reason = fmt.Sprintf("the %s %q does not match, and %s", v.noun, redact.Name(unmatched), reason)
	}
	return &Error{Class: ErrFilterIgnored, Count: found, Reason: reason}
}

// pageWith reads the smallest page of another query.
func (g *pager) pageWith(ctx context.Context, change func(url.Values)) (*jsonapi.Document, error) {
	other := *g
	other.query = maps.Clone(g.query)
	change(other.query)
	return other.fetch(ctx, nil, inOrderOfIDs, 1)
}
