variable "retail" {
  type = object({
    domain        = string
    client_id     = string
    client_secret = string
  })
  sensitive = true
}

variable "wholesale" {
  type = object({
    domain        = string
    client_id     = string
    client_secret = string
  })
  sensitive = true
}

provider "commercelayer" {
  alias         = "retail"
  domain        = var.retail.domain
  client_id     = var.retail.client_id
  client_secret = var.retail.client_secret
}

provider "commercelayer" {
  alias         = "wholesale"
  domain        = var.wholesale.domain
  client_id     = var.wholesale.client_id
  client_secret = var.wholesale.client_secret
}

data "commercelayer_customer" "retail" {
  provider = commercelayer.retail
  email    = "john@example.com"
}

# In the second organization the same person is another customer, or none at all.
# The list is then empty, which is no error.
data "commercelayer_customers" "wholesale" {
  provider = commercelayer.wholesale
  emails   = [data.commercelayer_customer.retail.email]
}

output "buys_in_both" {
  value = length(data.commercelayer_customers.wholesale.customers) > 0
}
