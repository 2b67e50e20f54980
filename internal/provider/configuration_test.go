package provider

import (
	"fmt"
	"strings"
)

func providerBlock(settings ...string) string {
	return "provider \"commercelayer\" {\n  " + strings.Join(settings, "\n  ") + "\n}\n"
}

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
func customerByID(id string) string {
	return fmt.Sprintf("data \"commercelayer_customer\" \"test\" {\n  id = %q\n}\n", id)
}

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

func hclList(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = fmt.Sprintf("%q", v)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

func customerByEmail(email string) string {
	return fmt.Sprintf("data \"commercelayer_customer\" \"test\" {\n  email = %q\n}\noutput \"id\" { value = data.commercelayer_customer.test.id }\n", email)
}

// including returns a configuration that reads a customer with relationships.
// The customer is local.c.
func including(id string, names ...string) string {
	return fmt.Sprintf("data \"commercelayer_customer\" \"test\" {\n  id = %q\n  include = %s\n}\nlocals {\n  c = data.commercelayer_customer.test\n}\n", id, hclList(names))
}

// customersWith returns a configuration that lists customers with the given
// arguments, and has the result as outputs.
func customersWith(arguments ...string) string {
	return "data \"commercelayer_customers\" \"test\" {\n  " + strings.Join(arguments, "\n  ") + `
}
output "ids" { value = data.commercelayer_customers.test.customers[*].id }
output "emails" { value = data.commercelayer_customers.test.customers[*].email }
output "total" { value = data.commercelayer_customers.test.total_count }
output "id" { value = data.commercelayer_customers.test.id }
`
}

// manyOf returns a configuration that reads a list, and has the number of
// distinct customers as an output.
func manyOf(arguments ...string) string {
	return customersWith(arguments...) +
		`output "read" { value = length(toset(data.commercelayer_customers.test.customers[*].id)) }`
}

// relatedWith returns a configuration that follows a relationship with the
// given arguments, and has the result as outputs.
func relatedWith(customer, relationship string, arguments ...string) string {
	return fmt.Sprintf(`
data "commercelayer_customer_related" "test" {
  customer_id  = %q
  relationship = %q
  %s
}
`, customer, relationship, strings.Join(arguments, "\n  ")) + `
locals {
  r = data.commercelayer_customer_related.test
}
output "ids" { value = local.r.resources[*].id }
output "total" { value = local.r.total_count }
output "id" { value = local.r.id }
output "read" { value = length(local.r.resources) }
`
}

// created returns a resource with a value that is known only after apply.
func created(name, value string) string {
	return fmt.Sprintf("resource \"terraform_data\" %q {\n  input = %q\n}\n", name, value)
}
