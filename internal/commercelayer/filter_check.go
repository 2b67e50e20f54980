package commercelayer

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Doubt is why an answer may not be what the filter asked for.
type Doubt struct {
	// Matches are the number of customers with and without the filter. They are
	// equal if the API may have ignored it.
	With, Without int
	// ID is that of a customer who does not match, if there is one.
	ID string
}

// A suspicion follows the pages of a list that was asked for with a filter. The
// API may ignore what it does not know of, and would then hand on everybody. So
// customers are compared with the filter where that can be done here, and where it
// can't, or one does not match, the number of matches is compared with the number
// without the filter.
type suspicion struct {
	listing    *Listing
	walk       *walk[*Customer]
	conditions []condition
	// incomplete is set if a part of the filter can't be compared here.
	incomplete bool
	// countsToo allows the request that counts without a customer who does not match.
	countsToo bool
	looked    bool
	counted   bool
	doubt     *Doubt
}

func (l *Listing) suspect(w *walk[*Customer]) *suspicion {
	s := &suspicion{listing: l, walk: w, countsToo: true}
	for predicate, value := range l.query.Filter {
		if c, ok := newCondition(predicate, value); ok {
			s.conditions = append(s.conditions, c)
		} else {
			s.incomplete = true
		}
	}
	return s
}

// look compares a page of customers with the filter. The error says that the
// filter was ignored.
func (s *suspicion) look(ctx context.Context, customers []*Customer) error {
	first := !s.looked
	s.looked = true
	stranger := slices.IndexFunc(customers, func(c *Customer) bool { return !s.matches(c) })
	if s.counted || stranger < 0 && (!first || !s.incomplete || !s.countsToo) {
		return nil
	}
	s.counted = true
	plain := *s.walk
	plain.filter = map[string][]string{}
	for name, values := range s.walk.filter {
		predicate, isFilter := strings.CutPrefix(name, "filter[q][")
		if _, own := s.listing.query.Filter[strings.TrimSuffix(predicate, "]")]; !isFilter || !own {
			plain.filter[name] = values
		}
	}
	without, err := plain.count(ctx)
	if err != nil {
		return err
	}
	doubt := &Doubt{With: s.walk.Total, Without: without}
	if stranger >= 0 {
		doubt.ID = customers[stranger].ID
	}
	switch {
	case stranger >= 0 && without == doubt.With:
		return s.walk.fail(ctx, &Error{
			Class: ErrFilterIgnored, Count: without,
			Reason: fmt.Sprintf("the customer %q does not match, and without the filter there are as many customers", Redact(doubt.ID)),
		})
	case stranger >= 0, without == doubt.With:
		s.doubt = doubt
	}
	return nil
}

func (s *suspicion) matches(c *Customer) bool {
	for _, one := range s.conditions {
		if !one.holds(c) {
			return false
		}
	}
	return true
}

// A condition is a part of a filter that can be compared with a customer.
type condition struct {
	// attributes are alternatives: one of them must match.
	attributes []string
	matches    func(own, value string) bool
	values     []string
	// all tells that each value must match, and not just one.
	all bool
}

// comparisons are the matchers that can be compared, longest first. They are
// lenient: without case, and blanks trimmed.
var comparisons = []struct {
	matcher   string
	matches   func(own, value string) bool
	many, all bool
}{
	{"i_cont", strings.Contains, false, false},
	{"cont_any", strings.Contains, true, false},
	{"cont_all", strings.Contains, true, true},
	{"start_any", strings.HasPrefix, true, false},
	{"end_any", strings.HasSuffix, true, false},
	{"cont", strings.Contains, false, false},
	{"start", strings.HasPrefix, false, false},
	{"end", strings.HasSuffix, false, false},
	{"eq", equal, false, false},
	{"in", equal, true, false},
}

// equal compares texts, and numbers by value.
func equal(own, value string) bool {
	if own == value {
		return true
	}
	x, err1 := strconv.ParseFloat(own, 64)
	y, err2 := strconv.ParseFloat(value, 64)
	return err1 == nil && err2 == nil && x == y
}

// newCondition reads a predicate. It is false for one that can't be compared.
func newCondition(predicate, value string) (condition, bool) {
	for _, m := range comparisons {
		rest, found := strings.CutSuffix(predicate, "_"+m.matcher)
		if !found {
			continue
		}
		c := condition{attributes: strings.Split(rest, "_or_"), matches: m.matches, values: []string{value}, all: m.all}
		for _, name := range c.attributes {
			if attributeText(name) == nil {
				return condition{}, false
			}
		}
		if m.many {
			c.values = strings.Split(value, ",")
		}
		for i, v := range c.values {
			c.values[i] = fold(strings.TrimSpace(v))
		}
		return c, true
	}
	return condition{}, false
}

// comparedAttributes names the attributes that are needed to compare a filter.
func comparedAttributes(filter map[string]string) []string {
	var names []string
	for predicate, value := range filter {
		if c, ok := newCondition(predicate, value); ok {
			names = append(names, c.attributes...)
		}
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == "id" })
}

func (c condition) holds(customer *Customer) bool {
	for _, name := range c.attributes {
		own := attributeText(name)(customer)
		if own == nil {
			continue
		}
		folded := fold(strings.TrimSpace(*own))
		one := func(value string) bool {
			return c.matches(folded, value) || name == "email" && sameAddress(folded, value)
		}
		if c.all && !slices.ContainsFunc(c.values, func(v string) bool { return !one(v) }) || !c.all && slices.ContainsFunc(c.values, one) {
			return true
		}
	}
	return false
}

// attributeText returns what reads an attribute as text, or nil if the attribute
// can't be compared here. Times have more than one form.
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
