# Each instance takes one request, whatever the number of customers.
data "commercelayer_customers" "counted" {
  for_each = toset(["prospect", "acquired", "repeat"])

  filter = { status_eq = each.key }
  limit  = 0
}

output "customers_by_status" {
  value = { for status, found in data.commercelayer_customers.counted : status => found.total_count }
}
