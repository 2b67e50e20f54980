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
	client   *Client
	query    RelatedQuery
	question question
	progress *progress
	// kind is the kind of data in the last document that could be read.
	kind jsonapi.DataKind
	outcome
	// Doubt is set if the API may have ignored the filter.
	Doubt *Doubt
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
		l.question = ask(relatedPath(l.query.CustomerID, l.query.Relationship))
		l.progress = l.client.newProgress()
		if err := l.read(ctx, yield); err != nil {
			yield(nil, err)
		}
	}
}

// All returns the resources of all pages.
func (l *RelatedListing) All(ctx context.Context) ([]*RelatedResource, error) {
	var all []*RelatedResource
	for resources, err := range l.Pages(ctx) {
		if err != nil {
			return nil, err
		}
		all = append(all, resources...)
	}
	return all, nil
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

// attempt reads all resources with one form of request. The error is nil if all
// were yielded, or if the caller wants no more.
func (l *RelatedListing) attempt(
	ctx context.Context, single bool, yield func([]*RelatedResource, error) bool,
) (err error) {
	l.kind = jsonapi.NoData
	w := l.walk(single)
	if err := w.checkLength(ctx); err != nil {
		return err
	}
	if l.query.Count {
		l.Total, err = w.count(ctx)
		return err
	}
	suspicion := suspect(w, l.query.Filter, relatedYardstick)
	for resources, err := range w.pages(ctx) {
		if err == nil {
			err = suspicion.look(ctx, resources)
		}
		l.outcome, l.Doubt = w.outcome, suspicion.doubt
		if err != nil {
			return err
		}
		if !yield(resources, nil) {
			return nil
		}
	}
	l.outcome = w.outcome
	return nil
}

func (l *RelatedListing) walk(single bool) *walk[*RelatedResource] {
	c := l.client
	filter := url.Values{}
	parts{include: join(l.query.Include), all: true}.query(filter, "")
	for predicate, value := range l.query.Filter {
		filter.Set(filterKey(predicate), value)
	}
	w := &walk[*RelatedResource]{
		client: c, question: l.question, progress: l.progress, path: l.question.path, kind: "resources",
		filter: filter, sort: l.query.Sort, limit: l.query.Limit, bare: single,
		check: func(r *RelatedResource, token Claims) *Error { return c.checkMode(r.Mode, token) },
	}
	w.decode = func(body []byte, size int) (*page[*RelatedResource], *Error) {
		p, kind, failure := decodeRelated(body, size)
		l.kind = kind
		if failure == nil && single && kind == jsonapi.Many {
			failure = malformed("the document holds a list where one resource was asked for")
		}
		return p, failure
	}
	return w
}
