variable "customer_ids" {
  type    = list(string)
  default = ["xYZkjABcde", "bKqTzWmXdL", "xYZkjABcde"]
}

data "commercelayer_customers" "listed" {
  ids = var.customer_ids

  timeouts {
    read = "5m"
  }

  lifecycle {
    postcondition {
      condition     = length(self.customers) == length(distinct(var.customer_ids))
      error_message = "There is no customer with the ID ${join(", ", setsubtract(var.customer_ids, self.customers[*].id))}."
    }
  }
}

output "status" {
  value = { for customer in data.commercelayer_customers.listed.customers : customer.id => customer.status }
}
