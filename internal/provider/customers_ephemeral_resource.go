package provider

import "github.com/hashicorp/terraform-plugin-framework/ephemeral"

// NewCustomersEphemeralResource returns the ephemeral resource
// commercelayer_customers.
func NewCustomersEphemeralResource() ephemeral.EphemeralResource {
	return &ephemeralResource{reader: reader{
		name: "customers",
		description: "Reads many customers, 25 with each request. No data of the customers is stored in the plan " +
			"or the state. If no customer matches, the list is empty.",
		attributes: customersReadAttributes,
		read:       (*reading).customers,
	}}
}
