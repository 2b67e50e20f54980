data "commercelayer_customers" "wholesale" {
  filter = {
    metadata_jcont = jsonencode({ segment = "wholesale" })
  }
}

output "wholesale_ids" {
  value = data.commercelayer_customers.wholesale.customers[*].id
}
