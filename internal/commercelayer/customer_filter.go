package commercelayer

import (
	"slices"
	"strings"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/filter"
)

// hiddenAttributes are what a predicate may begin with although no answer has it
// among the attributes. The official applications filter by password.
var hiddenAttributes = []string{"id", "password"}

// filterRelationships are the relationships of a customer whose attributes a
// predicate may name, such as customer_group_id_in. Earlier versions of the API
// had versions.
var filterRelationships = []string{
	"customer_group", "jwt_customer", "customer_addresses", "customer_payment_sources", "customer_subscriptions",
	"orders", "order_subscriptions", "returns", "sku_lists", "attachments", "events", "tags", "jwt_markets",
	"jwt_stock_locations", "event_stores", "versions",
}

// UnknownAttributes returns the attributes of a predicate that no customer and
// no related resource is known to have. The API may ignore a filter by such an
// attribute. Then every customer matches.
func UnknownAttributes(p filter.Predicate) []string {
	var unknown []string
	for _, attribute := range p.Attributes {
		ofRelationship := slices.ContainsFunc(filterRelationships, func(name string) bool {
			return attribute == name || strings.HasPrefix(attribute, name+"_")
		})
		if !ofRelationship && attributeNamed(attribute) == nil && !slices.Contains(hiddenAttributes, attribute) {
			unknown = append(unknown, attribute)
		}
	}
	return unknown
}
