variable "client_id" {
  type = string
}

variable "client_secret" {
  type      = string
  sensitive = true
}

# An application of its own, with the role read_only. With credentials in the
# block, those of the environment are not used.
provider "customers" {
  client_id     = var.client_id
  client_secret = var.client_secret
}

data "commercelayer_customer" "buyer" {
  provider = customers

  id = "xYZkjABcde"
}

output "buyer" {
  value = data.commercelayer_customer.buyer.status
}
