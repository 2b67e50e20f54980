variable "customer_id" {
  type    = string
  default = "xYZkjABcde"
}

# `fields` names no e-mail address and no metadata, so neither is in the state.
data "commercelayer_customer" "buyer" {
  id     = var.customer_id
  fields = ["status", "reference"]
}

data "commercelayer_customers" "prospects" {
  filter = { status_eq = "prospect" }
  fields = ["reference", "customer_group"]
}

output "status" {
  value = data.commercelayer_customer.buyer.status
}

output "references" {
  value = { for customer in data.commercelayer_customers.prospects.customers : customer.id => customer.reference }
}
