terraform {
  required_providers {
    commercelayer = {
      source = "commercelayer/commercelayer"
    }
  }
}

variable "mode" {
  description = "Which customers this configuration is for."
  type        = string
  default     = "test"
}

provider "commercelayer" {
  mode = var.mode
}

data "commercelayer_customer" "john" {
  id = "xYZkjABcde"
}

output "mode" {
  value = data.commercelayer_customer.john.mode
}
