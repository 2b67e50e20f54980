# There is no provider block: the pipeline sets COMMERCELAYER_CLIENT_ID and
# COMMERCELAYER_CLIENT_SECRET.
data "commercelayer_customer" "john" {
  id = "xYZkjABcde"
}

output "status" {
  value = data.commercelayer_customer.john.status
}
