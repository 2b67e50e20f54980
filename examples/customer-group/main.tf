data "commercelayer_customer" "ada" {
  id      = "bKqTzWmXdL"
  include = ["customer_group"]
}

locals {
  # A customer has one group or none, so this is an object or null.
  group = one([
    for resource in data.commercelayer_customer.ada.included :
    jsondecode(resource.attributes_json) if resource.type == "customer_groups"
  ])

  discounts = { vip = 20, retail = 5 }
}

# Stands for the resource of another provider: it changes when the customer's group does.
resource "terraform_data" "agreement" {
  input = {
    customer = data.commercelayer_customer.ada.id
    group    = try(local.group.name, "none")
    discount = try(local.discounts[local.group.code], 0)
  }
}
