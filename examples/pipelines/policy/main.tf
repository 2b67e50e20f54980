data "commercelayer_customer" "partner" {
  id = "xYZkjABcde"
}

data "commercelayer_customers" "buyers" {
  filter = {
    status_in = "acquired,repeat"
  }
}
