package provider

import "github.com/hashicorp/terraform-plugin-framework/ephemeral"

// NewCustomerEphemeralResource returns the ephemeral resource
// commercelayer_customer.
func NewCustomerEphemeralResource() ephemeral.EphemeralResource {
	return &ephemeralResource{reader: reader{
		name: "customer",
		description: "Reads one customer by ID or by e-mail address. No data of the customer is stored in the plan " +
			"or the state. It is an error if there is no such customer.",
		attributes: customerReadAttributes,
		read:       (*reading).customer,
	}}
}
