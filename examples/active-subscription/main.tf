variable "email" {
  type    = string
  default = "ada@example.com"
}

data "commercelayer_customer" "this" {
  email = var.email
}

# One active subscription is enough to know. A limit of 1 reads it, so that it
# can be compared with the filter, which a count can't be.
data "commercelayer_customer_related" "active" {
  customer_id  = data.commercelayer_customer.this.id
  relationship = "order_subscriptions"
  filter       = { status_eq = "active" }
  limit        = 1

  lifecycle {
    postcondition {
      condition     = length(self.resources) > 0
      error_message = "The customer ${self.customer_id} has no active subscription: the environment is not for them."
    }
  }
}

output "subscription" {
  value = one(data.commercelayer_customer_related.active.resources).id
}
