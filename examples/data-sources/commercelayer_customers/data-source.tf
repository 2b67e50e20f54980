# By attributes. A customer must match all of them.
data "commercelayer_customers" "repeat" {
  filter = {
    status_eq = "repeat"
    email_end = "@example.com"
  }
}

# By e-mail address. The result has the order of the list.
data "commercelayer_customers" "team" {
  emails = ["john@example.com", "ada@example.com"]
}

# The five newest customers, with their groups.
data "commercelayer_customers" "newest" {
  sort    = ["-created_at"]
  limit   = 5
  include = ["customer_group"]
}

output "repeat_customers" {
  value = data.commercelayer_customers.repeat.total_count
}

output "team_ids" {
  value = data.commercelayer_customers.team.customers[*].id
}

output "newest_ids" {
  value = data.commercelayer_customers.newest.customers[*].id
}
