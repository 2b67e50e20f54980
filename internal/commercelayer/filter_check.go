package commercelayer

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/filter"
)

// A Doubt says why a list may not be what the filter asked for.
type Doubt struct {
	// With and Without are the numbers of matches with the filter and without it.
	// If they are equal, the API may have ignored the filter.
	With, Without int
	// ID is the ID of a resource that does not match. It is empty if there is
	// none.
	ID string
}

// A yardstick compares resources of one kind with a filter.
type yardstick[T any] struct {
	// knows tells whether an attribute may be compared here.
	knows func(attribute string) bool
	// text returns an attribute of a resource as text. It is nil for null. told is
	// false if the attribute can't be compared after all.
	text func(resource T, attribute string) (text *string, told bool)
	// id returns the ID of a resource.
	id func(T) string
	// noun and nouns name one resource and several resources.
	noun, nouns string
}

// A suspicion checks whether the API has applied the filter of a list. The API
// may ignore a filter that it does not know, and then send everything. So each
// resource is compared with the filter as far as that is possible here. If a
// resource does not match, or the filter can't be compared, the matches without
// the filter are counted and the two numbers are compared.
type suspicion[T any] struct {
	yardstick[T]
	walk       *walk[T]
	filter     map[string]string
	conditions []filter.Condition
	// incomplete is set if a part of the filter can't be compared here.
	incomplete bool
	// countsToo allows the request that counts, even if all resources match.
	countsToo bool
	// looked is set after the first page, and counted after the request that
	// counts.
	looked  bool
	counted bool
	doubt   *Doubt
}

func (l *Listing) suspect(w *walk[*Customer]) *suspicion[*Customer] {
	return suspect(w, l.query.Filter, customerYardstick)
}

func suspect[T any](w *walk[T], predicates map[string]string, by yardstick[T]) *suspicion[T] {
	s := &suspicion[T]{yardstick: by, walk: w, filter: predicates, countsToo: true}
	for predicate, value := range predicates {
		if c, ok := filter.NewCondition(predicate, value, by.knows); ok {
			s.conditions = append(s.conditions, c)
		} else {
			s.incomplete = true
		}
	}
	return s
}

// look compares a page of resources with the filter. If the filter was ignored,
// the error says so.
func (s *suspicion[T]) look(ctx context.Context, resources []T) error {
	first := !s.looked
	s.looked = true
	stranger := slices.IndexFunc(resources, func(resource T) bool { return !s.matches(resource) })
	if s.counted || stranger < 0 && (!first || !s.incomplete || !s.countsToo) {
		return nil
	}
	s.counted = true
	plain := *s.walk
	plain.filter = map[string][]string{}
	for name, values := range s.walk.filter {
		predicate, isFilter := strings.CutPrefix(name, "filter[q][")
		if _, own := s.filter[strings.TrimSuffix(predicate, "]")]; !isFilter || !own {
			plain.filter[name] = values
		}
	}
	without, err := plain.count(ctx)
	if err != nil {
		return err
	}
	doubt := &Doubt{With: s.walk.Total, Without: without}
	if stranger >= 0 {
		doubt.ID = s.id(resources[stranger])
	}
	switch {
	case stranger >= 0 && without == doubt.With:
		return s.walk.fail(ctx, &Error{
			Class: ErrFilterIgnored, Count: without,
			Reason: fmt.Sprintf("the %s %q does not match, and without the filter there are as many %s",
				s.noun, Redact(doubt.ID), s.nouns),
		})
	case stranger >= 0, without == doubt.With:
		s.doubt = doubt
	}
	return nil
}

// matches tells whether a resource matches the filter. It returns true if the
// resource can't be compared, because that proves nothing.
func (s *suspicion[T]) matches(resource T) bool {
	for _, one := range s.conditions {
		holds, told := one.Holds(func(attribute string) (*string, bool) { return s.text(resource, attribute) })
		if told && !holds {
			return false
		}
		s.incomplete = s.incomplete || !told
	}
	return true
}

// comparedAttributes returns the attributes that are needed to compare a
// filter.
func comparedAttributes(predicates map[string]string) []string {
	var names []string
	for predicate, value := range predicates {
		if c, ok := filter.NewCondition(predicate, value, customerYardstick.knows); ok {
			names = append(names, c.Attributes()...)
		}
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == "id" })
}

// customerYardstick compares customers.
var customerYardstick = yardstick[*Customer]{
	knows: func(attribute string) bool { return attributeText(attribute) != nil },
	text:  func(c *Customer, attribute string) (*string, bool) { return attributeText(attribute)(c), true },
	id:    func(c *Customer) string { return c.ID },
	noun:  "customer", nouns: "customers",
}

// attributeText returns a function that returns an attribute as text. It is nil
// if the attribute can't be compared here. Times are not compared, because
// there are several ways to write the same time.
func attributeText(name string) func(*Customer) *string {
	switch name {
	case "id":
		return func(c *Customer) *string { return &c.ID }
	case "email":
		return func(c *Customer) *string { return c.Email }
	case "status":
		return func(c *Customer) *string { return c.Status }
	case "total_orders_count":
		return func(c *Customer) *string {
			if c.TotalOrdersCount == nil {
				return nil
			}
			return new(strconv.FormatInt(*c.TotalOrdersCount, 10))
		}
	case "shopper_reference":
		return func(c *Customer) *string { return c.ShopperReference }
	case "profile_id":
		return func(c *Customer) *string { return c.ProfileID }
	case "tax_exemption_code":
		return func(c *Customer) *string { return c.TaxExemptionCode }
	case "reference":
		return func(c *Customer) *string { return c.Reference }
	case "reference_origin":
		return func(c *Customer) *string { return c.ReferenceOrigin }
	case "anonymization_status":
		return func(c *Customer) *string { return c.AnonymizationStatus }
	}
	return nil
}
