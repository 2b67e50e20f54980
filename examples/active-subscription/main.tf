variable "email" {
  type    = string
  default = "ada@example.com"
}

data "commercelayer_customer" "this" {
  email = var.email
}

# One active subscription is enough. With a limit of 1 it is read, so the provider
# can compare it with the filter. With a limit of 0 it would only be counted.
data "commercelayer_customer_related" "active" {
  customer_id  = data.commercelayer_customer.this.id
  relationship = "order_subscriptions"
  filter       = { status_eq = "active" }
  limit        = 1

  lifecycle {
    postcondition {
      condition     = length(self.resources) > 0
      error_message = "The customer ${self.customer_id} has no active subscription."
    }
  }
}

output "subscription" {
  value = one(data.commercelayer_customer_related.active.resources).id
}
