package commercelayer

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

const customersPath = "/api/customers"

// customerPath returns the path of a customer. The ID may hold any characters.
func customerPath(id string) string {
	return customersPath + "/" + url.PathEscape(id)
}

// travels matches the IDs that can stand in a comma-separated list. All known
// IDs are letters and digits.
var travels = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// Customer reads the customer with the ID. Calls at the same time share
// requests. They also share the result, so it must not be changed. The error is
// an [*Error].
func (c *Client) Customer(ctx context.Context, id string, s Selection) (*Customer, error) {
	c.lookups.reads.Add(1)
	l := c.lookups.of(c.lookups.byID, s.parts(), c.newLookupByID)
	return l.find(ctx, ask(customerPath(id)), id, travels.MatchString(id) && !c.lookups.idsAlone.Load())
}

const idsAloneNotice = "The API can't list customers by their IDs. From now on each customer is read alone, " +
	"which takes one request per customer."

func (c *Client) newLookupByID(part parts) *lookup {
	var l *lookup
	l = c.newLookup(
		func(ctx context.Context, p *progress, closeGroup func() []string) (map[string]found, error) {
			return c.fetchByID(ctx, p, part, l, closeGroup)
		},
		func(ctx context.Context, p *progress, closeGroup func() []string) (map[string]found, error) {
			return c.fetchAlone(ctx, p, closeGroup,
				func(id string) *request { return singleRequest(id, part) },
				func(got *answer, id string) found { return c.readOne(got, p, id, part) })
		},
	)
	return l
}

// singleRequest returns the documented request for one customer.
func singleRequest(id string, part parts) *request {
	query := url.Values{}
	part.query(query, customersType)
	return &request{path: customerPath(id), query: query}
}

// readOne reads the answer to the request for one customer.
func (c *Client) readOne(got *answer, p *progress, id string, part parts) found {
	customer, failure := decodeCustomer(got.body, part)
	switch {
	case failure != nil:
		return found{err: failure}
	case customer.ID != id:
		return found{
			err: &Error{
				Class:  ErrMismatch,
				Reason: fmt.Sprintf("the answer holds the customer %q", Redact(customer.ID)),
			},
		}
	}
	return found{customer, c.checkMode(customer.Mode, p.standing().claims)}
}

// fetchByID reads the customers of all readers that have joined until the place
// is given out.
func (c *Client) fetchByID(
	ctx context.Context,
	p *progress,
	part parts,
	l *lookup,
	closeGroup func() []string,
) (map[string]found, error) {
	var ids []string
	got, err := c.road(ctx, p, func() *request {
		ids = closeGroup()
		switch {
		case len(ids) == 0, len(ids) > 1 && c.lookups.idsAlone.Load():
			return nil
		case len(ids) == 1:
			return singleRequest(ids[0], part)
		}
		r := listRequest(part, []string{"id"}, MaxPageSize)
		r.query.Set(filterKey("id_in"), strings.Join(ids, ","))
		return r
	})
	switch {
	case errors.Is(err, errNobody):
		return nil, nil // a reader that is left gets a request of its own
	case err != nil && len(ids) > 1:
		return c.listRefused(ctx, err, l, ids, &c.lookups.idsAlone, idsAloneNotice)
	case err != nil:
		return nil, err
	case len(ids) == 1:
		return map[string]found{ids[0]: c.readOne(got, p, ids[0], part)}, nil
	}
	listed, failure := decodePage(got.body, MaxPageSize, part)
	if failure != nil {
		return nil, failure
	}
	return c.foundByID(ctx, listed, ids, p.standing().claims), nil
}

// foundByID picks the customers that were asked for. A key has no value if its
// customer is missing, can't be read, or was sent twice with different content.
// Then it gets a request of its own.
func (c *Client) foundByID(ctx context.Context, listed *page[*Customer], ids []string, claims Claims) map[string]found {
	asked := make(map[string]bool, len(ids))
	for _, id := range ids {
		asked[id] = true
	}
	values := map[string]found{}
	retry := map[string]bool{}
	for _, read := range listed.items {
		switch {
		case !asked[read.id]:
			// This customer was not asked for, so the API has ignored the filter.
			c.goAlone(ctx, &c.lookups.idsAlone, idsAloneNotice)
		case read.err != nil:
			retry[read.id] = true
		case values[read.id].customer != nil && !same(values[read.id].customer, read.value):
			retry[read.id] = true
		default:
			values[read.id] = found{read.value, c.checkMode(read.value.Mode, claims)}
		}
	}
	for id := range retry {
		delete(values, id)
	}
	return values
}

// listRequest returns a request for a page of customers. It always has a sort,
// since the default order is not documented.
func listRequest(part parts, sort []string, size int) *request {
	return &request{path: customersPath, query: listQuery(part, customersType, sort, size)}
}

func listQuery(part parts, resource string, sort []string, size int) url.Values {
	query := url.Values{}
	part.query(query, resource)
	query.Set("sort", strings.Join(sort, ","))
	query.Set("page[size]", strconv.Itoa(size))
	return query
}
