package commercelayer

import (
	"net/url"
	"slices"
	"strings"
)

// A Selection says which parts of a customer to read.
type Selection struct {
	// Include names relationships to include, such as customer_group. An entry may
	// also be a path of up to three names, such as orders.shipments.
	Include []string
	// Fields names the attributes and relationships to read, as the API names them
	// (sparse fieldset). Nil means all. In a [Customer] everything else is nil,
	// whatever the API sends. ID, Self, Mode and OrganizationID are always set.
	Fields []string
}

// parts is a Selection in the form of query parameters. Readers with the same
// parts can share a request.
type parts struct {
	// include and fields are the query parameters.
	include, fields string
	// all is set if there is no fieldset, so that everything is read.
	all bool
}

// parts returns the parts of a Selection. It adds the included relationships to
// the fields, because the API leaves out a relationship that fields does not
// name (documented).
func (s Selection) parts() parts {
	p := parts{include: join(s.Include), all: s.Fields == nil}
	if p.all {
		return p
	}
	fields := slices.Clone(s.Fields)
	for _, path := range s.Include {
		name, _, _ := strings.Cut(path, ".")
		fields = append(fields, name)
	}
	// The API might treat an empty fieldset as no fieldset.
	if len(fields) == 0 {
		fields = []string{"id"}
	}
	slices.Sort(fields)
	p.fields = join(fields)
	return p
}

// with returns the parts with one more attribute, which a check needs.
func (p parts) with(attribute string) parts {
	if !p.all && !p.wants(attribute) {
		p.fields += "," + attribute
	}
	return p
}

func (p parts) wants(name string) bool {
	return p.all || slices.Contains(strings.Split(p.fields, ","), name)
}

// query sets the query parameters.
func (p parts) query(query url.Values, resource string) {
	if p.include != "" {
		query.Set("include", p.include)
	}
	if !p.all {
		query.Set("fields["+resource+"]", p.fields)
	}
}

// complete adds an empty linkage to each included relationship that has none.
// JSON:API requires null or [] there, but it is not known what the API sends.
func (p parts) complete(c *Customer) {
	for path := range strings.SplitSeq(p.include, ",") {
		name, _, _ := strings.Cut(path, ".")
		if relationship, sent := c.Relationships[name]; sent && relationship.Data == nil {
			relationship.Data = []Identifier{}
			c.Relationships[name] = relationship
		}
	}
}

// prune removes what was not asked for, because the API may ignore the
// fieldset. Users rely on it to keep personal data out of a state.
func (p parts) prune(c *Customer) {
	if p.all {
		return
	}
	whole := *c
	*c = Customer{
		ID: whole.ID, Mode: whole.Mode, OrganizationID: whole.OrganizationID, Self: whole.Self,
		Relationships: map[string]Relationship{}, Included: whole.Included,
	}
	for name, relationship := range whole.Relationships {
		if p.wants(name) {
			c.Relationships[name] = relationship
		}
	}
	for name := range strings.SplitSeq(p.fields, ",") {
		switch name {
		case "email":
			c.Email = whole.Email
		case "status":
			c.Status = whole.Status
		case "has_password":
			c.HasPassword = whole.HasPassword
		case "total_orders_count":
			c.TotalOrdersCount = whole.TotalOrdersCount
		case "shopper_reference":
			c.ShopperReference = whole.ShopperReference
		case "profile_id":
			c.ProfileID = whole.ProfileID
		case "tax_exemption_code":
			c.TaxExemptionCode = whole.TaxExemptionCode
		case "created_at":
			c.CreatedAt = whole.CreatedAt
		case "updated_at":
			c.UpdatedAt = whole.UpdatedAt
		case "reference":
			c.Reference = whole.Reference
		case "reference_origin":
			c.ReferenceOrigin = whole.ReferenceOrigin
		case "jwt_custom_claim":
			c.JWTCustomClaim = whole.JWTCustomClaim
		case "metadata":
			c.Metadata = whole.Metadata
		case "anonymization_info":
			c.AnonymizationInfo = whole.AnonymizationInfo
		case "anonymization_status":
			c.AnonymizationStatus = whole.AnonymizationStatus
		}
	}
}

// join joins names with commas and leaves out repetitions.
func join(names []string) string { return strings.Join(unique(names), ",") }
