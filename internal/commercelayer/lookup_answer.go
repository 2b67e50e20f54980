package commercelayer

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

// expectation says what a look-up asks for.
func (c *Client) expectation(fields fieldset, by *keyKind, keys ...string) expectation {
	return expectation{
		noun: "customer", nouns: "customers", ofType: customersType, fields: fields, by: by, keys: keys, mode: c.mode,
		everywhere: attributesEverywhere, same: sameCustomer(fields),
	}
}

// readOne reads the answer to the request for one customer by ID.
func (c *Client) readOne(ctx context.Context, p *progress, got *answer, id string, fields fieldset) lookupResult {
	v, token := newVerdict(c.expectation(fields, nil)), p.snapshot().claims
	document, resource, failure := v.one(got.body, id, token)
	if failure != nil {
		return lookupResult{err: failure}
	}
	return c.give(ctx, v, readCustomers(document, fields), resource, token)
}

// give makes the customer of a reader.
func (c *Client) give(
	ctx context.Context, v *verdict, read *customerReader, r *jsonapi.Resource, token Claims,
) lookupResult {
	v.seen[r.Identifier] = true
	v.lookForIncluded(read.document)
	v.close()
	customer, failure := read.customer(r)
	if failure != nil {
		return lookupResult{err: failure}
	}
	c.noteOrganization(ctx, orEmpty(r.OrganizationID), token)
	customer.Findings = v.findings
	return lookupResult{customer: customer}
}

// readEmail reads the answer to the look-up of one address. If the page is not
// the whole list, it reads on.
func (c *Client) readEmail(ctx context.Context, p *progress, l *lookup, got *answer, email string) lookupResult {
	var own, others []*Customer
	g := c.newPager(newOperation(customersPath), p, c.expectation(l.asked(), emailKey, email), c.newBudget())
	g.query, g.first = l.query(withAddress(email)), got
	g.yield = func(document *jsonapi.Document, fresh []*jsonapi.Resource) (bool, *Error) {
		read := readCustomers(document, l.fields)
		for _, r := range fresh {
			customer, failure := read.customer(r)
			if failure != nil {
				return false, failure
			}
			if emailKey.of(r) == email {
				own = append(own, customer)
			} else {
				others = append(others, customer) // in another case or Unicode form
			}
		}
		return len(own) < 2, nil
	}
	if err := g.pages(ctx); err != nil {
		failure, _ := errors.AsType[*Error](err)
		return lookupResult{err: failure}
	}
	v := g.verdict
	if len(own) == 0 {
		own = others
	}
	lacking := v.findings.Of(FindingIncomplete)
	switch {
	case len(own) == 0 && lacking != nil:
		return lookupResult{err: malformed("the answer counts %d customers and holds none", lacking.Counted)}
	case len(own) == 0:
		return lookupResult{err: &Error{Class: ErrNotFound, Status: http.StatusOK}}
	case len(own) > 1, lacking != nil && lacking.Counted-lacking.Read > v.doubled:
		return lookupResult{err: ambiguous(own, v.total)}
	}
	own[0].Findings = v.findings
	return lookupResult{customer: own[0]}
}

func ambiguous(customers []*Customer, count int) *Error {
	e := &Error{Class: ErrAmbiguous, Count: max(count, len(customers))}
	for _, customer := range customers {
		e.IDs = append(e.IDs, redact.Name(customer.ID))
	}
	return e
}

// share reads the answer to a request that several readers share, and never
// pages, because the other readers would have to wait. A key has no value
// unless its customer was certainly found. Then it gets a request of its own.
func (c *Client) share(
	ctx context.Context, p *progress, l *lookup, got *answer, keys []string,
) (map[string]lookupResult, error) {
	document, failure := decodeDocument(got.body, MaxPageSize)
	switch {
	case failure != nil:
		return nil, failure
	case document.Kind != jsonapi.Many:
		c.goAlone(ctx, l) // the API does not answer with lists
		return nil, nil
	}
	v := newVerdict(c.expectation(l.asked(), l.key, keys...))
	token := p.snapshot().claims
	list := v.judge(document, token)
	// Several customers may have one address, so the page must be whole.
	whole := document.Total == distinct(document) && !document.Next
	for i := range list {
		one := &list[i]
		if one.err == nil {
			one.err = v.checkMember(one.resource)
		}
		switch {
		case one.err == nil, one.err.Class == ErrWrongMode:
		case one.err.Class == ErrFilterIgnored:
			c.goAlone(ctx, l) // the page answers nothing
			return nil, nil
		case one.err.Class == ErrMismatch && one.resource.Type == customersType:
			return nil, one.err
		default:
			whole = false // this customer can't be read
		}
	}
	values := map[string]lookupResult{}
	read := readCustomers(document, l.fields)
	for _, asked := range keys {
		one := l.match(list, asked, keys)
		switch {
		case one == nil, l.key == emailKey && !whole:
		case one.err == nil:
			if got := c.give(ctx, v, read, one.resource, token); got.err == nil {
				values[asked] = got
			}
		case one.err.Class == ErrWrongMode:
			values[asked] = lookupResult{err: one.err}
		}
	}
	return values, nil
}

// match returns the only resource with a key. One with the key in another case
// or Unicode form counts if no other key of the request is equal to it in that way:
// the API may have sent it only for that one.
func (l *lookup) match(list []judged, asked string, keys []string) *judged {
	var exact, folded []*judged
	alike := func(value string) bool { return value != asked && l.key.fold(value) == l.key.fold(asked) }
	for i := range list {
		if list[i].resource == nil {
			continue
		}
		switch value := l.key.of(list[i].resource); {
		case value == asked:
			exact = append(exact, &list[i])
		case alike(value):
			folded = append(folded, &list[i])
		}
	}
	switch {
	case len(exact) == 1:
		return exact[0]
	case len(exact) == 0 && len(folded) == 1 && !slices.ContainsFunc(keys, alike):
		return folded[0]
	}
	return nil
}
