package provider

import (
	"fmt"
	"strings"
)

// block is a block of a configuration, with a line for each argument.
func block(head string, lines ...string) string {
	return head + " {\n  " + strings.Join(lines, "\n  ") + "\n}\n"
}

func providerBlock(settings ...string) string { return block(`provider "commercelayer"`, settings...) }

// The heads of data sources.
const (
	customerData  = `data "commercelayer_customer" "test"`
	customersData = `data "commercelayer_customers" "test"`
	relatedData   = `data "commercelayer_customer_related" "test"`
)

// john reads the customer of the API's documentation.
const john = `
data "commercelayer_customer" "john" {
  id = "xYZkjABcde"
}
output "email" {
  value = data.commercelayer_customer.john.email
}
`

// customerByID is a data source that reads one customer.
func customerByID(id string) string { return block(customerData, fmt.Sprintf("id = %q", id)) }

// customersByID returns data sources that read one customer each, and an output
// that counts the distinct e-mail addresses of the customers.
func customersByID(ids []string) string {
	return fmt.Sprintf(`
data "commercelayer_customer" "each" {
  for_each = toset(%s)
  id       = each.key
}
output "arrived" {
  value = length(toset([for c in data.commercelayer_customer.each : c.email]))
}
`, hclList(ids))
}

// hclList is a list in HCL, and in JSON.
func hclList(values []string) string {
	return `["` + strings.Join(values, `","`) + `"]`
}

func customerByEmail(email string) string {
	return block(customerData, fmt.Sprintf("email = %q", email))
}

// customersWith returns a configuration that lists customers with the given
// arguments, and has the result as outputs.
func customersWith(arguments ...string) string {
	return block(customersData, arguments...) + `
output "ids" { value = data.commercelayer_customers.test.customers[*].id }
output "total" { value = data.commercelayer_customers.test.total_count }
`
}

// relatedWith returns a configuration that follows a relationship with the
// given arguments, and has the result as outputs.
func relatedWith(customer, relationship string, arguments ...string) string {
	return block(relatedData,
		append(arguments, fmt.Sprintf("customer_id = %q", customer), fmt.Sprintf("relationship = %q", relationship))...) + `
locals {
  r = data.commercelayer_customer_related.test
}
output "total" { value = local.r.total_count }
`
}

// created returns a resource with a value that is known only after apply.
func created(name, value string) string {
	return fmt.Sprintf("resource \"terraform_data\" %q {\n  input = %q\n}\n", name, value)
}
