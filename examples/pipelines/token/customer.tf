data "commercelayer_customer" "john" {
  id = "xYZkjABcde"
}

output "status" {
  value = data.commercelayer_customer.john.status
}
