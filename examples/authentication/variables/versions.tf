terraform {
  required_providers {
    commercelayer = {
      source = "commercelayer/commercelayer"
    }
  }
}
