package commercelayer

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/filter"
)

// CustomerByEmail reads the customer with the e-mail address. Calls at the same
// time share requests. They also share the result, so it must not be changed.
// The error is an [*Error]. If several customers have the address, it is
// [ErrAmbiguous] and lists their IDs.
func (c *Client) CustomerByEmail(ctx context.Context, email string, s Selection) (*Customer, error) {
	c.lookups.reads.Add(1)
	l := c.lookups.of(c.lookups.byEmail, s.parts(), c.newLookupByEmail)
	return l.find(ctx, ask(customersPath), email, CheckListed(email) == nil && !c.lookups.emailsAlone.Load())
}

const emailsAloneNotice = "The API can't list customers by several e-mail addresses. From now on each " +
	"address is looked up alone, which takes one request per address."

func (c *Client) newLookupByEmail(part parts) *lookup {
	var l *lookup
	l = c.newLookup(
		func(ctx context.Context, p *progress, closeGroup func() []string) (map[string]found, error) {
			return c.fetchByEmail(ctx, p, part, l, closeGroup)
		},
		func(ctx context.Context, p *progress, closeGroup func() []string) (map[string]found, error) {
			return c.fetchAlone(ctx, p, closeGroup,
				func(email string) *request { return emailRequest(part, []string{email}) },
				func(got *answer, email string) found { return c.readEmail(got, p, email, part) })
		},
	)
	return l
}

// emailRequest returns a request for the customers with the given addresses. It
// always asks for the addresses, because the answer is checked with them.
func emailRequest(part parts, emails []string) *request {
	r := listRequest(part.with("email"), []string{"id"}, MaxPageSize)
	if len(emails) == 1 {
		r.query.Set(filterKey("email_eq"), emails[0])
	} else {
		r.query.Set(filterKey("email_in"), strings.Join(emails, ","))
	}
	return r
}

// readEmail reads the answer to the look-up of one address.
func (c *Client) readEmail(got *answer, p *progress, email string, part parts) found {
	listed, failure := decodePage(got.body, MaxPageSize, part.with("email"))
	if failure != nil {
		return found{err: failure}
	}
	for _, read := range listed.items {
		if read.err != nil {
			return found{err: read.err}
		}
		if !filter.SameAddress(orEmpty(read.value.Email), email) {
			// The API has ignored the filter. The customer must not be returned.
			return found{
				err: &Error{Class: ErrFilterIgnored, Reason: "the answer holds a customer with another e-mail address"},
			}
		}
	}
	own, others := matches(listed.items, email)
	if len(own) == 0 {
		own = others
	}
	switch {
	case len(own) == 0 && listed.total > 0:
		return found{err: malformed("the answer counts %d customers and holds none", listed.total)}
	case len(own) == 0:
		return found{err: &Error{Class: ErrNotFound, Status: http.StatusOK}}
	case listed.total > len(listed.items):
		return found{err: ambiguous(own, listed.total)}
	}
	return c.theOne(own, part, p.standing().claims)
}

// matches returns the customers that have exactly this address, and the others
// that have it in another case or Unicode form.
func matches(items []item[*Customer], email string) (own, others []*Customer) {
	for _, read := range items {
		switch {
		case read.value == nil || read.value.Email == nil:
		case *read.value.Email == email:
			own = append(own, read.value)
		case filter.SameAddress(*read.value.Email, email):
			others = append(others, read.value)
		}
	}
	return own, others
}

// theOne returns the only customer, or an error that lists the IDs of all.
func (c *Client) theOne(customers []*Customer, part parts, claims Claims) found {
	for _, customer := range customers {
		if failure := c.checkMode(customer.Mode, claims); failure != nil {
			return found{err: failure}
		}
	}
	if len(customers) > 1 {
		return found{err: ambiguous(customers, len(customers))}
	}
	// The address may have been asked for only because of the check.
	customer := *customers[0]
	part.prune(&customer)
	return found{customer: &customer}
}

func ambiguous(customers []*Customer, count int) *Error {
	e := &Error{Class: ErrAmbiguous, Count: max(count, len(customers))}
	for _, customer := range customers {
		e.IDs = append(e.IDs, Redact(customer.ID))
	}
	return e
}

// fetchByEmail looks up the addresses of all readers that have joined until the
// place is given out.
func (c *Client) fetchByEmail(
	ctx context.Context,
	p *progress,
	part parts,
	l *lookup,
	closeGroup func() []string,
) (map[string]found, error) {
	var emails []string
	got, err := c.road(ctx, p, func() *request {
		emails = closeGroup()
		if len(emails) == 0 || len(emails) > 1 && c.lookups.emailsAlone.Load() {
			return nil
		}
		// Addresses may be long. Those that do not fit get requests of their own.
		emails = emails[:fitting(emailRequest(part, []string{"", ""}), emails)]
		return emailRequest(part, emails)
	})
	switch {
	case errors.Is(err, errNobody):
		return nil, nil // a reader that is left gets a request of its own
	case err != nil && len(emails) > 1:
		return c.listRefused(ctx, err, l, emails, &c.lookups.emailsAlone, emailsAloneNotice)
	case err != nil:
		return nil, err
	case len(emails) == 1:
		return map[string]found{emails[0]: c.readEmail(got, p, emails[0], part)}, nil
	}
	listed, failure := decodePage(got.body, MaxPageSize, part.with("email"))
	if failure != nil {
		return nil, failure
	}
	return c.foundByEmail(ctx, listed, emails, part, p.standing().claims), nil
}

// foundByEmail finds the customer of each address. If no customer on the page
// has the address, it is not found. This is certain only if the page is
// complete, and if each customer on it was asked for. An address in doubt has
// no value, and gets a request of its own.
func (c *Client) foundByEmail(
	ctx context.Context,
	listed *page[*Customer],
	emails []string,
	part parts,
	claims Claims,
) map[string]found {
	for _, read := range listed.items {
		if read.value != nil && !anyAddress(emails, orEmpty(read.value.Email)) {
			// This customer was not asked for. The API has ignored the filter, so the
			// page answers nothing.
			c.goAlone(ctx, &c.lookups.emailsAlone, emailsAloneNotice)
			return nil
		}
	}
	complete := listed.total == len(listed.items) && !listed.unreadable()
	values := map[string]found{}
	for _, email := range emails {
		own, others := matches(listed.items, email)
		switch {
		case !complete && len(own) < 2:
			// The page does not hold all matches. Another customer may have the address.
		case len(own) > 0:
			values[email] = c.theOne(own, part, claims)
		case len(others) == 0:
			values[email] = found{err: &Error{Class: ErrNotFound, Status: http.StatusOK}}
		case !askedFor(others, emails):
			// The API does not distinguish upper case from lower case.
			values[email] = c.theOne(others, part, claims)
		}
	}
	return values
}

// askedFor tells whether one of the customers has exactly one of the addresses.
// The API may have returned the customer only for that address. Then nobody
// knows whether it also matches an address in another case.
func askedFor(customers []*Customer, emails []string) bool {
	return slices.ContainsFunc(customers, func(c *Customer) bool { return slices.Contains(emails, *c.Email) })
}

func (p *page[T]) unreadable() bool {
	return slices.ContainsFunc(p.items, func(i item[T]) bool { return i.err != nil })
}

func anyAddress(list []string, email string) bool {
	return slices.ContainsFunc(list, func(other string) bool { return filter.SameAddress(other, email) })
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
