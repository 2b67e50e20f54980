data "commercelayer_customer" "john" {
  id = "xYZkjABcde"
}

output "email" {
  value = data.commercelayer_customer.john.email
}

output "orders" {
  value = data.commercelayer_customer.john.total_orders_count
}

output "first_name" {
  value = try(data.commercelayer_customer.john.metadata["first_name"], null)
}

output "group_url" {
  value = data.commercelayer_customer.john.relationships["customer_group"].related
}
