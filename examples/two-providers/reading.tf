variable "client_id" {
  type = string
}

variable "client_secret" {
  type      = string
  sensitive = true
}

# The credentials of an application with the role read_only. Because they are in
# this block, the provider ignores the credentials of the environment.
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
