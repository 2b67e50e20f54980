variable "state_passphrase" {
  description = "At least 16 characters."
  type        = string
  sensitive   = true
}

terraform {
  encryption {
    key_provider "pbkdf2" "passphrase" {
      passphrase = var.state_passphrase
    }

    method "aes_gcm" "passphrase" {
      keys = key_provider.pbkdf2.passphrase
    }

    state {
      method   = method.aes_gcm.passphrase
      enforced = true
    }

    plan {
      method   = method.aes_gcm.passphrase
      enforced = true
    }
  }
}

data "commercelayer_customer" "john" {
  id = "xYZkjABcde"
}

output "status" {
  value = data.commercelayer_customer.john.status
}
