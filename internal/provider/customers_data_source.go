package provider

import "github.com/hashicorp/terraform-plugin-framework/datasource"

// NewCustomersDataSource returns the data source commercelayer_customers.
func NewCustomersDataSource() datasource.DataSource {
	return &dataSource{reader: reader{
		name:        "customers",
		description: "Reads many customers, 25 with each request. If no customer matches, the list is empty.",
		attributes:  customersReadAttributes,
		read:        (*reading).customers,
	}}
}
