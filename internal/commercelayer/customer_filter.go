package commercelayer

import (
	"slices"
	"strings"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/filter"
)

// FilterAttributes are the attributes of a customer that a predicate may begin
// with. The API documents them, apart from the ID, and password. The official
// applications filter by password, although no answer contains it.
var FilterAttributes = []string{
	"id", "email", "status", "has_password", "total_orders_count", "shopper_reference", "profile_id",
	"tax_exemption_code",
	"created_at", "updated_at", "reference", "reference_origin", "jwt_custom_claim", "metadata", "anonymization_info",
	"anonymization_status", "password",
}

// FilterRelationships are the relationships of a customer whose attributes a
// predicate may name, such as customer_group_id_in. Earlier versions of the API
// had versions.
var FilterRelationships = []string{
	"customer_group", "jwt_customer", "customer_addresses", "customer_payment_sources", "customer_subscriptions",
	"orders",
	"order_subscriptions", "returns", "sku_lists", "attachments", "events", "tags", "jwt_markets",
	"jwt_stock_locations",
	"event_stores", "versions",
}

// UnknownAttributes returns the attributes of a predicate that no customer and
// no related resource is known to have. The API may ignore a filter by such an
// attribute. Then every customer matches.
func UnknownAttributes(p filter.Predicate) []string {
	var unknown []string
	for _, attribute := range p.Attributes {
		ofRelationship := slices.ContainsFunc(FilterRelationships, func(name string) bool {
			return attribute == name || strings.HasPrefix(attribute, name+"_")
		})
		if !ofRelationship && !slices.Contains(FilterAttributes, attribute) {
			unknown = append(unknown, attribute)
		}
	}
	return unknown
}
