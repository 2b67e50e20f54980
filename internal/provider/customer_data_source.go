package provider

import "github.com/hashicorp/terraform-plugin-framework/datasource"

// NewCustomerDataSource returns the data source commercelayer_customer.
func NewCustomerDataSource() datasource.DataSource {
	return &dataSource{reader: reader{
		name: "customer",
		description: "Reads one customer by ID or by e-mail address. It is an error if there is no such customer. " +
			"Several of these data sources in one configuration share requests. For hundreds of customers, " +
			"`commercelayer_customers` is faster.",
		attributes: customerReadAttributes,
		read:       (*reading).customer,
	}}
}
