terraform {
  required_version = ">= 1.0"

  required_providers {
    commercelayer = {
      source  = "commercelayer/commercelayer"
      version = "~> 0.1.0"
    }
  }
}

# The credentials come from the environment: COMMERCELAYER_CLIENT_ID and
# COMMERCELAYER_CLIENT_SECRET. The access token names the organization.
provider "commercelayer" {}
