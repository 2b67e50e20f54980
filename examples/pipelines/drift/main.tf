data "commercelayer_customer" "partner" {
  id = "xYZkjABcde"
}

# What you watch must be in an output, or in an argument of a resource. A change of
# other attributes is not noticed.
output "partner_status" {
  value = data.commercelayer_customer.partner.status
}

output "partner_segment" {
  value = lookup(data.commercelayer_customer.partner.metadata, "segment", "none")
}
