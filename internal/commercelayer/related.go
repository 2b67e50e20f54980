package commercelayer

import (
	"context"
	"errors"
	"iter"
	"net/url"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

// A RelatedQuery says which resources to read that a customer is related to.
type RelatedQuery struct {
	// CustomerID is the customer, Relationship the name of the relationship, such
	// as orders or customer_group.
	CustomerID, Relationship string
	// Filter, Sort and Limit are those of a [Query], about the related resources.
	Filter map[string]string
	Sort   []string
	Limit  int
	// Count reads no resource, and gives their number alone in one request.
	Count bool
	// Include names relationships of the related resources, whose linkage is to
	// be read as well.
	Include []string
}

// A RelatedListing is the resources that a customer is related to: none or one
// for a relationship that leads to one resource. Its outcome may be read once its
// pages have come to their end.
//
// The API documents its burst limit per endpoint. All reads of this client share
// one pair of windows all the same: that is stricter, and so never wrong.
type RelatedListing struct {
	client   *Client
	query    RelatedQuery
	question question
	progress *progress
	// kind is that of the last document that could be read.
	kind jsonapi.DataKind
	outcome
	// Doubt tells that the API may have ignored the filter, or nil.
	Doubt *Doubt
}

// Related returns the listing of what a customer is related to. It asks for
// nothing yet.
func (c *Client) Related(q RelatedQuery) *RelatedListing {
	return &RelatedListing{client: c, query: q}
}

// relatedPath is the documented path of what a customer is related to.
func relatedPath(customerID, relationship string) string {
	return customerPath(customerID) + "/" + url.PathEscape(relationship)
}

// Pages yields the resources page by page. The error is an [*Error]. After one
// nothing follows, and what came before is void.
func (l *RelatedListing) Pages(ctx context.Context) iter.Seq2[[]*RelatedResource, error] {
	return func(yield func([]*RelatedResource, error) bool) {
		l.question = ask(relatedPath(l.query.CustomerID, l.query.Relationship))
		l.progress = l.client.newProgress()
		if err := l.read(ctx, yield); err != nil {
			yield(nil, err)
		}
	}
}

// All reads the resources of all pages.
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

// read asks in the way that the relationship is expected to take, and once in the
// other way where that turns out to be wrong. What was handed on is never asked
// for again.
func (l *RelatedListing) read(ctx context.Context, yield func([]*RelatedResource, error) bool) error {
	name := l.query.Relationship
	single := l.client.shapes.single(name)
	err := l.attempt(ctx, single, yield)
	if err != nil && single && l.kind == jsonapi.Many {
		// A list after all: it has pages, and they must be asked for.
		l.client.shapes.learn(name, false)
		err = l.attempt(ctx, false, yield)
	}
	var refusal *Error
	if l.kind != jsonapi.NoData || !errors.As(err, &refusal) {
		return err // once something was answered, how to ask is no question any more
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
	if refusal.Class == ErrNotFound || refusal.Code() == codeInvalidResource {
		return l.missing(ctx, refusal)
	}
	return refusal
}

// attempt reads all, with requests for one resource or with requests for pages of
// a list. The error is nil if all was handed on, or the reader wants no more.
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
