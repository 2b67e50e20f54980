module "customers" {
  source = "./customers"
}

output "since_2020" {
  value = [for c in module.customers.prospects : c.id if timecmp(c.created_at, "2020-01-01T00:00:00Z") >= 0]
}
