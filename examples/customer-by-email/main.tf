variable "email" {
  type    = string
  default = "ada@example.com"
}

data "commercelayer_customer" "buyer" {
  email = var.email

  lifecycle {
    postcondition {
      condition     = coalesce(self.has_password, false)
      error_message = "The customer ${self.id} has no account yet, and cannot sign in."
    }
  }
}

output "buyer_id" {
  value = data.commercelayer_customer.buyer.id
}
