data "commercelayer_customers" "buyers" {
  filter = {
    status_in = "acquired,repeat"
  }
  # No address and no name reaches the state, the plan or a log of the pipeline.
  fields = ["status", "reference"]
}

output "buyers" {
  value     = { for buyer in data.commercelayer_customers.buyers.customers : buyer.id => buyer.reference }
  sensitive = true
}
