data "commercelayer_customers" "referred" {
  filter = {
    reference_origin_eq = "generated"
    status_eq           = "repeat"
  }
}

locals {
  customers = { for customer in data.commercelayer_customers.referred.customers : customer.id => customer }
}

# One instance for each customer. The ID is a good key: it never changes, and it is
# never sensitive.
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
