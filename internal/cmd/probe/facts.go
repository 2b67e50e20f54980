package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// facts are what the probes know of the organization's customers: the first
// page, by ID, and the same with two relationships included. Nothing of it is
// printed.
type facts struct {
	first    *answer
	included *answer
	count    int
	list     []customer
	// withoutGroup is a customer in no group, "" for none.
	withoutGroup string
}

var (
	firstPage    = get(customersPath, "sort", "id", "page[size]", "25")
	includedPage = firstPage.with("include", "customer_group,tags")
)

const customersPath = "/api/customers"

// unknownID is none that anybody has; idRule says what IDs look like.
const unknownID = "pRoBeNoOnE"

// learn asks for the facts and makes sure of the mode.
func (org *organization) learn(ctx context.Context, allowLive bool) error {
	first, err := org.get(ctx, firstPage)
	if err != nil {
		return err
	}
	if first.err != nil {
		return fmt.Errorf("asking for customers: %w", first.err)
	}
	if !first.ok() {
		return fmt.Errorf("asking for customers: the API answered %s", first.summary())
	}
	f := &facts{first: first, count: first.count(), list: first.list()}
	for _, c := range f.list {
		if c.Meta.Mode == "live" {
			org.live = true
			if !allowLive {
				return errLive
			}
		}
	}
	org.pace.Assume(limitsOf(org.live))
	if f.included, err = org.get(ctx, includedPage); err != nil {
		return err
	}
	for _, c := range f.included.list() {
		_, ok := c.Relationships["customer_group"]
		if ok && c.linkage("customer_group") != "full" && f.withoutGroup == "" {
			f.withoutGroup = c.ID
		}
	}
	org.facts = f
	return nil
}

// ids lists the first page's IDs.
func (f *facts) ids() []string { return idsOf(f.list) }

// email is an address of the first page with a lower-case letter and without a
// comma, from the i-th customer on, "" for none.
func (f *facts) email(i int) string {
	for _, c := range f.list[min(i, len(f.list)):] {
		if email := c.text("email"); email != strings.ToUpper(email) && !strings.Contains(email, ",") {
			return email
		}
	}
	return ""
}

// buyer is the customer with most orders, and how many they are.
func (f *facts) buyer() (id string, orders int) {
	for _, c := range f.list {
		var n int
		if json.Unmarshal(c.Attributes["total_orders_count"], &n) == nil && n > orders {
			id, orders = c.ID, n
		}
	}
	return id, orders
}

// hideIDs takes the IDs out of a path.
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
