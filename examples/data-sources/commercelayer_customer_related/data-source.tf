variable "email" {
  type    = string
  default = "ada@example.com"
}

data "commercelayer_customer" "this" {
  email = var.email
}

# The last five orders.
data "commercelayer_customer_related" "last_orders" {
  customer_id  = data.commercelayer_customer.this.id
  relationship = "orders"
  sort         = ["-placed_at"]
  limit        = 5
}

# The tags.
data "commercelayer_customer_related" "tags" {
  customer_id  = data.commercelayer_customer.this.id
  relationship = "tags"
}

# The number of orders that are not paid yet. With a limit of 0 no order is read.
data "commercelayer_customer_related" "unpaid" {
  customer_id  = data.commercelayer_customer.this.id
  relationship = "orders"
  filter       = { payment_status_eq = "authorized" }
  limit        = 0
}

# The group. A relationship that leads to one resource gives a list with one
# element, or an empty list.
data "commercelayer_customer_related" "group" {
  customer_id  = data.commercelayer_customer.this.id
  relationship = "customer_group"
}

output "last_order_numbers" {
  value = [for order in data.commercelayer_customer_related.last_orders.resources : jsondecode(order.attributes_json).number]
}

output "is_beta_tester" {
  value = contains([for tag in data.commercelayer_customer_related.tags.resources : jsondecode(tag.attributes_json).name], "beta_tester")
}

output "unpaid_orders" {
  value = data.commercelayer_customer_related.unpaid.total_count
}

output "group_name" {
  value = one([for group in data.commercelayer_customer_related.group.resources : jsondecode(group.attributes_json).name])
}
