terraform {
  required_version = ">= 1.0"

  required_providers {
    customers = {
      source  = "commercelayer/commercelayer"
      version = "~> 0.1.0"
    }
  }
}
