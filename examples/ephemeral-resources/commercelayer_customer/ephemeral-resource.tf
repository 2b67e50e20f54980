ephemeral "commercelayer_customer" "john" {
  id = "xYZkjABcde"
}

# This local value is ephemeral, too: it is neither in the plan nor in the state.
# Use it in provider blocks, write-only arguments and provisioners.
locals {
  email = ephemeral.commercelayer_customer.john.email
}
