data "commercelayer_customer" "john" {
  id = "xYZkjABcde"
}

output "email" {
  value = data.commercelayer_customer.john.email
}

output "group_url" {
  value = data.commercelayer_customer.john.relationships["customer_group"].related
}
