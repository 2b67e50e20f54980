package provider

import "testing"

// TestAccOrganizationFollowsRelationships can also run with a real
// organization, see organization_test.go.
func TestAccOrganizationFollowsRelationships(t *testing.T) {
	t.Parallel()
	_, result := readFirst(t, `
data "commercelayer_customer" "included" {
  id      = local.first.id
  include = ["customer_group", "tags"]
}
data "commercelayer_customer_related" "each" {
  for_each     = toset(["customer_group", "tags"])
  customer_id  = local.first.id
  relationship = each.key
}
data "commercelayer_customer_related" "count" {
  customer_id  = local.first.id
  relationship = "orders"
  limit        = 0
}
data "commercelayer_customer_related" "newest" {
  customer_id  = local.first.id
  relationship = "orders"
  sort         = ["-created_at"]
  limit        = 5
}
locals {
  related  = data.commercelayer_customer_related.each
  included = data.commercelayer_customer.included.relationships
  newest   = data.commercelayer_customer_related.newest
}
output "same" {
  value = [for name, r in local.related : name if toset(r.resources[*].id) != toset(local.included[name].data[*].id)]
}
output "counted" {
  value = data.commercelayer_customer_related.count.total_count == local.newest.total_count
}
output "read" {
  value = length(local.newest.resources) == min(5, local.newest.total_count)
}
`)
	result.wantOutput("same", "[]")
	result.wantOutput("counted", "true")
	result.wantOutput("read", "true")
}
