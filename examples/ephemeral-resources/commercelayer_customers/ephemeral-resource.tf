ephemeral "commercelayer_customers" "repeat" {
  filter = {
    status_eq = "repeat"
  }

  fields = ["email"]
}

# Of this local neither the plan nor the state has a trace.
locals {
  addresses = ephemeral.commercelayer_customers.repeat.customers[*].email
}
