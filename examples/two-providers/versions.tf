terraform {
  required_providers {
    customers = {
      source = "commercelayer/commercelayer"
    }
  }
}
