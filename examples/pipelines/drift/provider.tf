terraform {
  required_providers {
    commercelayer = {
      source = "commercelayer/commercelayer"
    }
  }
}

# The credentials come from the environment: COMMERCELAYER_CLIENT_ID and
# COMMERCELAYER_CLIENT_SECRET. The access token names the organization.
provider "commercelayer" {}
