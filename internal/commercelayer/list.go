package commercelayer

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

// A Query says which customers to list. IDs, Emails and Sort exclude each
// other, because the result can follow only one order.
type Query struct {
	// Filter maps predicates, such as status_eq, to values (see [filter.Parse] and
	// [filter.Predicate.CheckValue]).
	Filter map[string]string
	// IDs and Emails select customers by a key. Each may have any length. The
	// result is in their order. Unknown keys are left out, and a key that appears
	// twice is read once.
	IDs, Emails []string
	// Sort names attributes, with a leading hyphen for descending order. Without
	// it the result is in the API's own order of IDs.
	Sort []string
	// Limit is the largest number of customers to return. 0 means no limit. Then
	// more than [MaxUnlimited] matches are an error.
	Limit int
	// Count asks only for the number of matches, without any customer.
	Count bool
	Selection
}

// keys returns the keys of a query, without repetitions. The key is nil if the
// query has none.
func (q Query) keys() (*keyKind, []string) {
	switch {
	case q.IDs != nil:
		return idKey, unique(q.IDs)
	case q.Emails != nil:
		return emailKey, unique(q.Emails)
	}
	return nil, nil
}

// An Outcome says what a list has led to.
type Outcome struct {
	// Total is the number of matches. If there is a limit, it may be larger than
	// the number of resources that were yielded.
	Total int
	// Findings say why the result may not be exactly what was asked for.
	Findings Findings
	// Waited is how long the rate limit held requests of the client while the list
	// was read.
	Waited time.Duration
}

// A Listing holds the results of a query. Its outcome may be read after the
// last page.
type Listing struct {
	client    *Client
	query     Query
	operation operation
	budget    *budget
	Outcome
}

// Customers returns the listing of a query. It sends nothing yet. The filter
// must not have empty values (see [filter.Predicate.CheckValue]).
func (c *Client) Customers(q Query) *Listing {
	return &Listing{client: c, query: q, budget: c.newBudget()}
}

// Pages yields the customers page by page, so that a long list need not be in
// memory at once. The error is an [*Error]. It ends the list, and the pages
// before it are not a valid result.
func (l *Listing) Pages(ctx context.Context) iter.Seq2[[]*Customer, error] {
	return func(yield func([]*Customer, error) bool) {
		l.operation, l.Outcome = newOperation(customersPath), Outcome{}
		before := l.client.waits.limited()
		var err error
		if by, keys := l.query.keys(); by != nil {
			err = l.byKeys(ctx, by, keys, yield)
		} else {
			err = l.whole(ctx, yield)
		}
		l.Waited = l.client.waits.limited() - before
		if err != nil && !errors.Is(err, errStopped) {
			yield(nil, err)
		}
	}
}

// pager returns a pager for the query. If by is not nil, it reads only the
// customers with some of the keys.
func (l *Listing) pager(by *keyKind, keys []string) *pager {
	c, fields := l.client, l.query.fieldset()
	if l.query.Count {
		fields = fieldset{fields: "id"}
	}
	for _, name := range l.query.comparedAttributes() {
		fields = fields.with(name)
	}
	e := c.expectation(fields, by, keys...)
	e.filter = l.query.Filter
	if by == nil {
		e.sort = l.query.Sort
	}
	return c.newPager(l.operation, c.newProgress(), e, l.budget)
}

// whole reads or counts all customers that match the filter.
func (l *Listing) whole(ctx context.Context, yield func([]*Customer, error) bool) error {
	g := l.pager(nil, nil)
	g.limit = l.query.Limit
	return readList(ctx, g, l.query.Count, &l.Outcome, l.customers, yield)
}

// customers makes the customers that are handed on.
func (l *Listing) customers(document *jsonapi.Document, fresh []*jsonapi.Resource) ([]*Customer, *Error) {
	return readCustomers(document, l.query.fieldset()).customers(fresh)
}

// unique removes values that have appeared before.
func unique(list []string) []string {
	seen := make(map[string]bool, len(list))
	var kept []string
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			kept = append(kept, s)
		}
	}
	return kept
}
