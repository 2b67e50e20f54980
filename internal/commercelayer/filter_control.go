package commercelayer

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/filter"
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
	found, err := g.matchesWith(ctx, func(query url.Values) { query.Set(filterKey(predicate), other) })
	switch {
	case err != nil && !refusesFilter(err):
		return false, err
	case err == nil && found != 0 && filter.IsVague(predicate):
		return g.countWithout(ctx, predicate, matches)
	case err == nil && found != 0:
		return false, g.fail(ctx, ignored(g.verdict, predicate, found))
	}
	return true, nil
}

// countWithout compares the number of matches with the one without a predicate
// that takes no value that nobody has. If they are equal, or the API does not
// count, it may have ignored the predicate.
func (g *pager) countWithout(ctx context.Context, predicate string, matches int) (applied bool, err error) {
	if g.verdict.last >= 0 {
		matches = g.verdict.last // a later page counts what follows
	}
	without, err := g.matchesWith(ctx, func(query url.Values) { query.Del(filterKey(predicate)) })
	if err != nil {
		return false, err
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

// matchesWith counts the matches of another query. It returns -1 if there are
// some, but the API does not count them.
func (g *pager) matchesWith(ctx context.Context, change func(url.Values)) (int, error) {
	other := *g
	other.query = maps.Clone(g.query)
	change(other.query)
	document, err := other.fetch(ctx, nil, inOrderOfIDs, 1)
	if err != nil || document.Total < 0 && len(document.Items) == 0 {
		return 0, err
	}
	return document.Total, nil
}
