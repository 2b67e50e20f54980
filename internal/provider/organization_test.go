package provider

import (
	"fmt"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// The tests of this file need no data of the emulator. If COMMERCELAYER_* names
// a real organization in test mode, they run with that organization. They read
// the first customer that the organization has, and never write.

// anOrganization returns the environment for a provider that reads from the
// real organization. If there is no real organization, the provider reads from
// an emulator.
func anOrganization(t *testing.T) []string {
	t.Helper()
	if organization["COMMERCELAYER_TOKEN"] == "" && organization["COMMERCELAYER_CLIENT_ID"] == "" {
		api := startAPI(t, emulator.WithCustomers(60))
		return []string{"COMMERCELAYER_DOMAIN=" + api.url, "COMMERCELAYER_TOKEN=" + emulator.DefaultToken, "COMMERCELAYER_MODE=test"}
	}
	if commercelayer.ParseClaims(organization["COMMERCELAYER_TOKEN"]).Mode == commercelayer.ModeLive {
		t.Fatal("COMMERCELAYER_TOKEN is a token of live mode. The tests read from an organization in test mode only.")
	}
	var env []string
	for name, value := range organization {
		env = append(env, name+"="+value)
	}
	// With this setting the provider refuses to read from a live organization.
	return append(env, "COMMERCELAYER_MODE=test")
}

// firstCustomer is a configuration with the first customer of the organization
// as local.first.
const firstCustomer = `
provider "commercelayer" {}
data "commercelayer_customers" "first" {
  limit = 1
}
locals {
  first = one(data.commercelayer_customers.first.customers)
}
`

// readFirst applies a configuration that uses local.first.
func readFirst(t *testing.T, body string) (*cli, *result) {
	t.Helper()
	env := anOrganization(t)
	var total int
	count := newCLI(t, firstCustomer+`output "total" { value = data.commercelayer_customers.first.total_count }`, env...).apply().ok()
	if _, err := fmt.Sscan(string(count.outputs["total"].Value), &total); err != nil {
		t.Fatal(err)
	}
	if total == 0 {
		t.Skip("The organization has no customer to read.")
	}
	c := newCLI(t, firstCustomer+body, env...)
	return c, c.apply()
}

func TestAccOrganizationFindsTheSameCustomerInEveryWay(t *testing.T) {
	t.Parallel()
	c, result := readFirst(t, `
data "commercelayer_customer" "by_id" {
  id = local.first.id
}
data "commercelayer_customer" "by_email" {
  email = local.first.email
}
data "commercelayer_customers" "by_ids" {
  ids = [local.first.id, local.first.id]
}
data "commercelayer_customers" "by_filter" {
  filter = { email_eq = local.first.email }
}
locals {
  id = local.first.id
}
output "found" {
  value = [
    data.commercelayer_customer.by_id.email == local.first.email,
    data.commercelayer_customer.by_email.id == local.id,
    data.commercelayer_customers.by_ids.customers[*].id == tolist([local.id]),
    contains(data.commercelayer_customers.by_filter.customers[*].id, local.id),
    data.commercelayer_customer.by_id.mode == "test",
    data.commercelayer_customer.by_id.metadata_json == local.first.metadata_json,
    can(data.commercelayer_customer.by_id.relationships["customer_group"].related),
  ]
}
`)
	result.wantOutput("found", "[true,true,true,true,true,true,true]")
	if again := c.plan("-detailed-exitcode"); again.failed {
		t.Errorf("the second plan is not empty:\n%s", again.stdout)
	}
}

func TestAccOrganizationIncludesRelationships(t *testing.T) {
	t.Parallel()
	_, result := readFirst(t, `
data "commercelayer_customer" "with" {
  id      = local.first.id
  include = ["customer_group", "tags"]
}
locals {
  with = data.commercelayer_customer.with
}
output "included" {
  value = [
    local.with.relationships["customer_group"].data != null,
    local.with.relationships["tags"].data != null,
    length(local.with.included) >= length(local.with.relationships["tags"].data),
  ]
}
`)
	result.wantOutput("included", "[true,true,true]")
}

func TestAccOrganizationPagesThroughCustomers(t *testing.T) {
	t.Parallel()
	_, result := readFirst(t, `
data "commercelayer_customers" "by_id" {
  limit = 60
}
data "commercelayer_customers" "newest" {
  sort  = ["-created_at"]
  limit = 2
}
locals {
  ids = data.commercelayer_customers.by_id.customers[*].id
}
output "pages" {
  value = [
    length(local.ids) == min(60, data.commercelayer_customers.by_id.total_count),
    length(distinct(local.ids)) == length(local.ids),
    local.ids[0] == local.first.id,
    length(data.commercelayer_customers.newest.customers) == min(2, data.commercelayer_customers.newest.total_count),
  ]
}
`)
	result.wantOutput("pages", "[true,true,true,true]")
}

func TestAccOrganizationFindsNothing(t *testing.T) {
	t.Parallel()
	env := anOrganization(t)
	read := func(body string) *result {
		t.Helper()
		return newCLI(t, "provider \"commercelayer\" {}\n"+body, env...).apply()
	}
	read(customerByID("nOsUcHcUsToMeR")).wantError("Customer not found", `"nOsUcHcUsToMeR"`)
	read(`data "commercelayer_customer" "test" { email = "nobody.has.this.address@example.invalid" }`).
		wantError("Customer not found", "n…@e…")
	read(`
data "commercelayer_customers" "none" {
  emails = ["nobody.has.this.address@example.invalid"]
}
output "none" {
  value = [length(data.commercelayer_customers.none.customers), data.commercelayer_customers.none.total_count]
}
`).wantOutput("none", "[0,0]")
}

func TestAccOrganizationIsNotReadWithALiveToken(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithLive())
	token := api.IssueToken(emulator.TokenOptions{Live: true})
	for _, credentials := range [][]string{
		{"COMMERCELAYER_TOKEN=" + token},
		{"COMMERCELAYER_CLIENT_ID=" + emulator.DefaultClientID, "COMMERCELAYER_CLIENT_SECRET=" + emulator.DefaultClientSecret},
	} {
		newCLI(t, firstCustomer, append(credentials, "COMMERCELAYER_DOMAIN="+api.url, "COMMERCELAYER_MODE=test")...).
			plan().wantError("Wrong mode", "the access token is of the mode live")
	}
	api.wantCustomerRequests(t, 0, 0)
}
