terraform {
  required_providers {
    commercelayer = {
      source = "commercelayer/commercelayer"
    }
  }
}

variable "client_id" {
  type = string
}

variable "client_secret" {
  type      = string
  sensitive = true
}

provider "commercelayer" {
  client_id     = var.client_id
  client_secret = var.client_secret
}

data "commercelayer_customer" "john" {
  id = "xYZkjABcde"
}

output "status" {
  value = data.commercelayer_customer.john.status
}
