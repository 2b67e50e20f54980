terraform {
  required_providers {
    commercelayer = {
      source = "commercelayer/commercelayer"
    }
  }
}

provider "commercelayer" {
  domain = "yourdomain" # https://yourdomain.commercelayer.io

  # The access token comes from the environment: COMMERCELAYER_TOKEN.
}
