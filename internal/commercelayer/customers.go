package commercelayer

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Customer reads the customer with the ID, along with the named relationships.
// Calls that come at the same time share requests. The result is shared as
// well: it must not be changed.
func (c *Client) Customer(ctx context.Context, id string, include ...string) (*Customer, error) {
	return c.batcher.get(ctx, id, joinInclude(include))
}

// getCustomer sends the documented request for one customer and checks that the
// answer is the one asked for.
func (c *Client) getCustomer(ctx context.Context, x *exchange, key callKey) (*Customer, error) {
	query := url.Values{}
	if key.include != "" {
		query.Set("include", key.include)
	}
	body, err := c.get(ctx, x, customerPath(key.id), query)
	if err != nil {
		return nil, err
	}
	customer, err := DecodeCustomer(body)
	if err != nil {
		return nil, x.complete(err)
	}
	if customer.ID != key.id {
		return nil, x.describe(&Error{Kind: ErrMismatch, Reason: fmt.Sprintf("the answer holds the customer %q", clean(customer.ID))})
	}
	if err := c.checkCustomerMode(customer, x.claims()); err != nil {
		return nil, x.complete(err)
	}
	return customer, nil
}

// CustomerByEmail reads the customer with the e-mail address, in one request. If
// several have it the error is [ErrAmbiguous] and lists their IDs.
func (c *Client) CustomerByEmail(ctx context.Context, email string, include ...string) (*Customer, error) {
	query := listQuery(joinInclude(include), []string{"id"}, MaxPageSize)
	query.Set(filterKey("email_eq"), email)
	x, p, err := c.getPage(ctx, query)
	if err != nil {
		return nil, err
	}
	var found []*Customer
	for _, item := range p.items {
		if item.err != nil {
			return nil, x.complete(item.err)
		}
		if err := c.checkCustomerMode(item.customer, x.claims()); err != nil {
			return nil, x.complete(err)
		}
		found = append(found, item.customer)
	}
	switch {
	case len(found) == 0:
		return nil, x.describe(&Error{Kind: ErrNotFound, Status: http.StatusOK})
	case len(found) > 1 || p.total > 1:
		e := &Error{Kind: ErrAmbiguous, Count: max(p.total, len(found))}
		for _, customer := range found {
			e.IDs = append(e.IDs, clean(customer.ID))
		}
		return nil, x.describe(e)
	case found[0].Email == nil || !strings.EqualFold(*found[0].Email, email):
		// A server that ignores the filter must not hand on a stranger.
		return nil, x.describe(&Error{Kind: ErrMismatch, Reason: "the answer holds a customer with another e-mail address"})
	}
	return found[0], nil
}

// getPage sends one request for a list of customers.
func (c *Client) getPage(ctx context.Context, query url.Values) (*exchange, *page, error) {
	x := newExchange(http.MethodGet, &url.URL{Path: customersPath})
	body, err := c.get(ctx, x, customersPath, query)
	if err != nil {
		return x, nil, err
	}
	p, err := decodePage(body)
	if err != nil {
		return x, nil, x.complete(err)
	}
	return x, p, nil
}
