package emulator

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// customerAttribute is all that is known of an attribute of customers. Answers,
// sparse fieldsets, filters, sorts and files go by it.
type customerAttribute struct {
	name string
	kind attributeKind
	use  attributeUse
	// field points to the value in a customer.
	field func(*Customer) any
}

// attributeUse tells what a list can do with an attribute.
type attributeUse int

const (
	// filters and sorts are set if the types in the official SDK name the
	// attribute.
	filters attributeUse = 1 << iota
	sorts
	// mayFilter is set if no source names the attribute.
	//
	// Assumption (more-filters): filters can use it, too.
	mayFilter
)

// customerAttributes are the documented attributes, in documented order.
var customerAttributes = []customerAttribute{
	{"email", stringKind, filters | sorts, func(c *Customer) any { return &c.Email }},
	{"status", stringKind, filters | sorts, func(c *Customer) any { return &c.Status }},
	{"has_password", boolKind, mayFilter, func(c *Customer) any { return &c.HasPassword }},
	{"total_orders_count", numberKind, filters | sorts, func(c *Customer) any { return &c.TotalOrdersCount }},
	{"shopper_reference", stringKind, mayFilter, func(c *Customer) any { return &c.ShopperReference }},
	{"profile_id", stringKind, mayFilter, func(c *Customer) any { return &c.ProfileID }},
	{"tax_exemption_code", stringKind, 0, func(c *Customer) any { return &c.TaxExemptionCode }},
	{"created_at", timeKind, filters | sorts, func(c *Customer) any { return &c.CreatedAt }},
	{"updated_at", timeKind, filters | sorts, func(c *Customer) any { return &c.UpdatedAt }},
	{"reference", stringKind, filters | sorts, func(c *Customer) any { return &c.Reference }},
	{"reference_origin", stringKind, filters | sorts, func(c *Customer) any { return &c.ReferenceOrigin }},
	{"jwt_custom_claim", jsonKind, 0, func(c *Customer) any { return &c.JWTCustomClaim }},
	{"metadata", jsonKind, filters, func(c *Customer) any { return &c.Metadata }},
	{"anonymization_info", jsonKind, 0, func(c *Customer) any { return &c.AnonymizationInfo }},
	{"anonymization_status", stringKind, filters | sorts, func(c *Customer) any { return &c.AnonymizationStatus }},
}

// customerAttributeOf finds an attribute by its name.
func customerAttributeOf(name string) (customerAttribute, bool) {
	i := slices.IndexFunc(customerAttributes, func(a customerAttribute) bool { return a.name == name })
	if i < 0 {
		return customerAttribute{}, false
	}
	return customerAttributes[i], true
}

// customerFilter finds an attribute that filters can use. The official dashboard
// sends password, which is no attribute in answers.
func customerFilter(name string) (attribute, bool) {
	if name == "password" {
		return attribute{kind: presenceKind, get: func(r row) value {
			rec, isCustomer := r.(*record)
			return value{null: !isCustomer || !rec.HasPassword, text: "hidden"}
		}}, true
	}
	a, ok := customerAttributeOf(name)
	return attribute{kind: a.kind, get: func(r row) value {
		rec, isCustomer := r.(*record)
		if !isCustomer {
			return value{null: true}
		}
		return a.value(&rec.Customer)
	}}, ok && a.use&(filters|mayFilter) != 0
}

// value returns the value that filters and sorts compare. A customer from a file
// may lack an attribute that the API always has. Then it is null.
func (a customerAttribute) value(c *Customer) value {
	switch v := a.field(c).(type) {
	case *string:
		return value{text: *v, null: *v == ""}
	case **string:
		if *v == nil {
			return value{null: true}
		}
		return value{text: **v}
	case *bool:
		return boolean(*v)
	case *int:
		return value{number: int64(*v)}
	case *time.Time:
		return value{null: v.IsZero(), number: v.UnixMilli()}
	case *json.RawMessage:
		return value{raw: *v, null: isJSONNull(*v)}
	default:
		panic(fmt.Sprintf("emulator: %s is a %T", a.name, v))
	}
}

// append writes the value of the attribute.
func (a customerAttribute) append(b []byte, c *Customer) []byte {
	switch v := a.field(c).(type) {
	case *string:
		return appendString(b, *v)
	case **string:
		if *v == nil {
			return append(b, "null"...)
		}
		return appendString(b, **v)
	case *bool:
		return strconv.AppendBool(b, *v)
	case *int:
		return strconv.AppendInt(b, int64(*v), 10)
	case *time.Time:
		return appendString(b, v.Format(timeFormat))
	case *json.RawMessage:
		return appendJSON(b, *v)
	default:
		panic(fmt.Sprintf("emulator: %s is a %T", a.name, v))
	}
}

// attributes writes the attributes of a customer, in documented order.
func (rec *record) attributes(b []byte, wanted func(name string) bool) []byte {
	first := true
	for _, a := range customerAttributes {
		if !wanted(a.name) {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(appendString(b, a.name), ':')
		b = a.append(b, &rec.Customer)
	}
	return b
}

// customerOf reads the attributes of a document.
func customerOf(id string, attributes json.RawMessage) Customer {
	c := Customer{ID: id}
	members, _ := parseObject(attributes)
	for _, m := range members {
		if a, ok := customerAttributeOf(m.key); ok {
			// Tests hand in wrong documents on purpose. An attribute of a wrong
			// type keeps its default.
			_ = json.Unmarshal(m.value, a.field(&c))
		}
	}
	return c
}
