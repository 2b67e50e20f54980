terraform {
  required_version = ">= 1.0"

  required_providers {
    commercelayer = {
      source  = "commercelayer/commercelayer"
      version = "~> 0.1.0"
    }
  }
}

data "commercelayer_customers" "prospects" {
  filter = {
    status_eq = "prospect"
  }
}

output "prospects" {
  value = [for c in data.commercelayer_customers.prospects.customers : {
    id         = c.id
    created_at = c.created_at
  }]
}
