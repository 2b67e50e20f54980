variable "customer_ids" {
  type    = set(string)
  default = ["xYZkjABcde", "bKqTzWmXdL"]
}

# For a few dozen customers at most. Reads at the same time share requests.
data "commercelayer_customer" "each" {
  for_each = var.customer_ids

  id = each.key

  timeouts {
    read = "2m"
  }
}

output "status" {
  value = { for id, customer in data.commercelayer_customer.each : id => customer.status }
}
