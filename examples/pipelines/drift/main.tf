data "commercelayer_customer" "partner" {
  id = "xYZkjABcde"
}

# What is watched goes into an output, or into a resource. Data that nothing
# uses may change without anybody noticing.
output "partner_status" {
  value = data.commercelayer_customer.partner.status
}

output "partner_segment" {
  value = lookup(data.commercelayer_customer.partner.metadata, "segment", "none")
}
