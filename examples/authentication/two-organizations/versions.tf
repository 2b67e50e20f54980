terraform {
  required_version = ">= 1.0"

  required_providers {
    commercelayer = {
      source  = "commercelayer/commercelayer"
      version = "~> 0.1.0"
    }
  }
}
