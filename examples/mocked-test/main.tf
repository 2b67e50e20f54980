variable "customer_id" {
  type    = string
  default = "xYZkjABcde"
}

data "commercelayer_customer" "buyer" {
  id = var.customer_id
}

output "discount" {
  value = data.commercelayer_customer.buyer.status == "repeat" ? 10 : 0
}
