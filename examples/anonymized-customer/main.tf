variable "customer_id" {
  type    = string
  default = "xYZkjABcde"
}

data "commercelayer_customer" "contact" {
  id = var.customer_id
}

# A check warns, and the plan goes on. The customer still exists after an
# anonymization, but without personal data.
check "contact_is_a_person" {
  assert {
    condition     = data.commercelayer_customer.contact.anonymization_status != "completed"
    error_message = "The customer ${data.commercelayer_customer.contact.id} was anonymized. Choose another contact."
  }
}

output "contact" {
  value = data.commercelayer_customer.contact.email
}
