package commercelayer

import (
	"net/url"
	"slices"
	"strings"
)

// A Selection says which parts of a customer to read.
type Selection struct {
	// Include names relationships to include, such as customer_group, or paths of
	// up to three of them.
	Include []string
	// Fields names the attributes and relationships to read, as the API has them
	// (sparse fieldsets). Nil means all. What is not named is nil in a [Customer],
	// whatever the API sends. ID, Self, Mode and OrganizationID are always there.
	Fields []string
}

// parts is a Selection as it travels. Readers that want the same parts can share
// a request.
type parts struct {
	// include and fields are the query parameters; all tells that there is no
	// fieldset.
	include, fields string
	all             bool
}

// parts returns the parts to ask for. The relationships to include belong to the
// fields, since the API leaves out those that are not named (documented).
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
	// An empty fieldset might be taken for none.
	if len(fields) == 0 {
		fields = []string{"id"}
	}
	slices.Sort(fields)
	p.fields = join(fields)
	return p
}

// with adds an attribute that a check of the answer needs.
func (p parts) with(attribute string) parts {
	if !p.all && !p.wants(attribute) {
		p.fields += "," + attribute
	}
	return p
}

func (p parts) wants(name string) bool {
	return p.all || slices.Contains(strings.Split(p.fields, ","), name)
}

// query adds the parameters.
func (p parts) query(query url.Values, resource string) {
	if p.include != "" {
		query.Set("include", p.include)
	}
	if !p.all {
		query.Set("fields["+resource+"]", p.fields)
	}
}

// complete gives an included relationship without linkage an empty one: nothing is
// related. JSON:API wants null or [] there, but nobody has seen what the API sends.
func (p parts) complete(c *Customer) {
	for path := range strings.SplitSeq(p.include, ",") {
		name, _, _ := strings.Cut(path, ".")
		if relationship, sent := c.Relationships[name]; sent && relationship.Data == nil {
			relationship.Data = []Identifier{}
			c.Relationships[name] = relationship
		}
	}
}

// prune takes away what was not asked for: a server may ignore the fieldset, and
// it is the means to keep personal data out of a state.
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

// join makes one parameter of names, each once.
func join(names []string) string {
	seen := make(map[string]bool, len(names))
	var unique []string
	for _, name := range names {
		if !seen[name] {
			seen[name] = true
			unique = append(unique, name)
		}
	}
	return strings.Join(unique, ",")
}
