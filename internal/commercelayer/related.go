package commercelayer

import (
	"context"
	"errors"
	"iter"
	"net/url"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

// A RelatedQuery says which related resources of a customer to read.
type RelatedQuery struct {
	// CustomerID is the ID of the customer.
	CustomerID string
	// Relationship is the name of the relationship, such as orders or
	// customer_group.
	Relationship string
	// Filter, Sort and Limit are like in a [Query], for the related resources.
	Filter map[string]string
	Sort   []string
	Limit  int
	// Count asks only for the number of resources, without any resource.
	Count bool
	// Include names relationships of the related resources whose linkage is to be
	// read, too.
	Include []string
}

// A RelatedListing holds the related resources of a customer. A to-one
// relationship has one or none. Its fields may be read after the last page.
//
// The API documents its burst limit per endpoint. This client counts all
// requests in one pair of windows. That is stricter than needed and always
// safe.
type RelatedListing struct {
	client    *Client
	query     RelatedQuery
	operation operation
	progress  *progress
	// kind is the kind of data in the first document that could be read.
	kind jsonapi.DataKind
	Outcome
}

// Related returns the listing of a customer's related resources. It sends
// nothing yet.
func (c *Client) Related(q RelatedQuery) *RelatedListing {
	return &RelatedListing{client: c, query: q}
}

// relatedPath returns the documented path of a customer's related resources.
func relatedPath(customerID, relationship string) string {
	return customerPath(customerID) + "/" + url.PathEscape(relationship)
}

// Pages yields the resources page by page. The error is an [*Error]. It ends
// the list, and the pages before it are not a valid result.
func (l *RelatedListing) Pages(ctx context.Context) iter.Seq2[[]*RelatedResource, error] {
	return func(yield func([]*RelatedResource, error) bool) {
		l.operation = newOperation(relatedPath(l.query.CustomerID, l.query.Relationship))
		l.progress, l.Outcome = l.client.newProgress(), Outcome{}
		if err := l.read(ctx, yield); err != nil && !errors.Is(err, errStopped) {
			yield(nil, err)
		}
	}
}

// read sends the form of request that the relationship probably needs: for a
// list or for one resource. If that form is wrong, it tries the other form
// once. It does so only before anything was yielded.
func (l *RelatedListing) read(ctx context.Context, yield func([]*RelatedResource, error) bool) error {
	name := l.query.Relationship
	single := l.client.shapes.single(name)
	err := l.attempt(ctx, single, yield)
	if err != nil && single && l.kind == jsonapi.Many {
		// The relationship leads to a list, so its pages must be read.
		l.client.shapes.learn(name, false)
		err = l.attempt(ctx, false, yield)
	}
	var refusal *Error
	if l.kind != jsonapi.NoData || !errors.As(err, &refusal) {
		return err // something was answered, so the form of the request was right
	}
	if !single && l.refusesPages(refusal) {
		again := l.attempt(ctx, true, yield)
		if l.kind == jsonapi.One || l.kind == jsonapi.Null {
			l.client.shapes.learn(name, true)
			return again
		}
		if errors.Is(again, ErrNotFound) {
			errors.As(again, &refusal)
		}
	}
	if refusal.Class == ErrNotFound || refusal.Code() == codeInvalidResource ||
		l.kind == jsonapi.NoData && l.refusesPages(refusal) {
		return l.missing(ctx, refusal)
	}
	return refusal
}

// attempt reads or counts all resources with one form of request.
func (l *RelatedListing) attempt(ctx context.Context, single bool, yield func([]*RelatedResource, error) bool) error {
	c := l.client
	g := c.newPager(l.operation, l.progress, expectation{
		noun: "resource", nouns: "resources", fields: fieldset{include: join(l.query.Include), all: true},
		filter: l.query.Filter, sort: l.query.Sort, mode: c.mode, same: sameRelatedResource,
	}, c.newBudget())
	g.limit, g.maxResources, g.single = l.query.Limit, maxWhole, single
	defer func() { l.kind = g.kind }()
	return readList(ctx, g, l.query.Count, &l.Outcome, relatedResources, yield)
}
