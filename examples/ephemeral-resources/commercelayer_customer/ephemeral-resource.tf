ephemeral "commercelayer_customer" "john" {
  id = "xYZkjABcde"
}

# Of this local neither the plan nor the state has a trace. It can go wherever
# ephemeral values can: into provider blocks, write-only arguments, provisioners.
locals {
  email = ephemeral.commercelayer_customer.john.email
}
