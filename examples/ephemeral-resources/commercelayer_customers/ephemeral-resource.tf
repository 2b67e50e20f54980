ephemeral "commercelayer_customers" "repeat" {
  filter = {
    status_eq = "repeat"
  }

  fields = ["email"]
}

# This local value is ephemeral, too: it is neither in the plan nor in the state.
locals {
  addresses = ephemeral.commercelayer_customers.repeat.customers[*].email
}
