data "commercelayer_customers" "referred" {
  filter = {
    reference_origin_eq = "generated"
    status_eq           = "repeat"
  }
}

locals {
  customers = { for customer in data.commercelayer_customers.referred.customers : customer.id => customer }
}

# One instance a customer. The ID is the key: it is never sensitive and never changes.
resource "terraform_data" "account" {
  for_each = local.customers

  input = {
    reference = each.value.reference
    since     = each.value.created_at
  }
}

output "accounts" {
  value = { for id, customer in local.customers : id => customer.reference }
}
