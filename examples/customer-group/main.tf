data "commercelayer_customer" "ada" {
  id      = "bKqTzWmXdL"
  include = ["customer_group"]
}

locals {
  # A customer has one group or none. So this is an object, or null.
  group = one([
    for resource in data.commercelayer_customer.ada.included :
    jsondecode(resource.attributes_json) if resource.type == "customer_groups"
  ])

  discounts = { vip = 20, retail = 5 }
}

# This stands for a resource of another provider. It changes when the customer's
# group changes.
resource "terraform_data" "agreement" {
  input = {
    customer = data.commercelayer_customer.ada.id
    group    = try(local.group.name, "none")
    discount = try(local.discounts[local.group.code], 0)
  }
}
