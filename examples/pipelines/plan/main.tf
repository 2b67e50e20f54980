variable "buyer_id" {
  type    = string
  default = "xYZkjABcde"
}

data "commercelayer_customer" "buyer" {
  id = var.buyer_id
}

resource "terraform_data" "discount" {
  input = data.commercelayer_customer.buyer.status == "repeat" ? 10 : 0
}
