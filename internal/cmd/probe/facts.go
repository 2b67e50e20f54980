package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// facts are what the probes know about the organization's customers. They are the
// first page, sorted by ID, and the same page with two relationships included.
// They hold personal data, so they are not printed.
type facts struct {
	first    *answer
	included *answer
	count    int
	list     []customer
	// withoutGroup is the ID of a customer without a group. It is empty when
	// there is no such customer.
	withoutGroup string
}

var (
	firstPage    = get(customersPath, "sort", "id", "page[size]", "25")
	includedPage = firstPage.with("include", "customer_group,tags")
)

const customersPath = "/api/customers"

// unknownID has the form of an ID, but no resource has it.
const unknownID = "pRoBeNoOnE"

// learn asks for the facts. It fails in live mode, unless that is allowed.
func (org *organization) learn(ctx context.Context, o options) error {
	first, err := org.get(ctx, firstPage)
	switch {
	case err != nil:
		return err
	case first.err != nil:
		return first.err
	case !first.ok():
		return fmt.Errorf("the API answered %s", first.summary())
	}
	f := &facts{first: first, count: first.count(), list: first.list()}
	for _, c := range f.list {
		if err := org.enter(c.Meta.Mode, o); err != nil {
			return err
		}
	}
	org.pace.Assume(org.limits())
	if f.included, err = org.get(ctx, includedPage); err != nil {
		return err
	}
	for _, c := range f.included.list() {
		_, ok := c.Relationships["customer_group"]
		if ok && f.included.included() && c.linkage("customer_group") != "full" && f.withoutGroup == "" {
			f.withoutGroup = c.ID
		}
	}
	org.facts = f
	return nil
}

// ids lists the IDs of the first page.
func (f *facts) ids() []string { return idsOf(f.list) }

// email is the first suitable address of the page from the i-th customer on. It
// has a lower-case letter, because probes write it in upper case. It has no
// comma, because a comma separates the values of a filter. It is empty when no
// address is suitable.
func (f *facts) email(i int) string {
	for _, c := range f.list[min(i, len(f.list)):] {
		if email := c.text("email"); email != strings.ToUpper(email) && !strings.Contains(email, ",") {
			return email
		}
	}
	return ""
}

// buyer is the customer with the most orders, and the number of these orders.
func (f *facts) buyer() (id string, orders int) {
	for _, c := range f.list {
		var n int
		if json.Unmarshal(c.Attributes["total_orders_count"], &n) == nil && n > orders {
			id, orders = c.ID, n
		}
	}
	return id, orders
}

// hideIDs shortens the IDs of customers in a path.
func (f *facts) hideIDs(path string) string {
	if f == nil {
		return path
	}
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		if slices.ContainsFunc(f.list, func(c customer) bool { return c.ID == segment }) {
			segments[i] = shorten(segment)
		}
	}
	return strings.Join(segments, "/")
}
