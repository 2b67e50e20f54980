package provider

import (
	"fmt"
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// The tests of this file need no data of the emulator. If COMMERCELAYER_* names
// a real organization in test mode, they run with that organization. They read
// the first customer that the organization has, and never write.

// organizationCase returns a test case for a provider that reads from the real
// organization. If there is no real organization, it reads from an emulator.
func organizationCase(t *testing.T, steps ...resource.TestStep) resource.TestCase {
	t.Helper()
	env := maps.Clone(organization)
	if env["COMMERCELAYER_TOKEN"] == "" && env["COMMERCELAYER_CLIENT_ID"] == "" {
		api := startAPI(t, emulator.WithCustomers(60))
		env["COMMERCELAYER_DOMAIN"], env["COMMERCELAYER_TOKEN"] = api.url, emulator.DefaultToken
	}
	// With this setting the provider refuses to read from a live organization.
	env["COMMERCELAYER_MODE"] = "test"
	return resource.TestCase{
		PreCheck: func() {
			testAccPreCheck(t)
			if commercelayer.ParseClaims(env["COMMERCELAYER_TOKEN"]).Mode == commercelayer.ModeLive {
				t.Fatal("COMMERCELAYER_TOKEN is a token of live mode. The tests read from an organization in test mode only.")
			}
		},
		ProtoV6ProviderFactories: factoriesWith(env),
		Steps:                    steps,
	}
}

// ifAny returns steps that read with local.first, the first customer of the
// organization. They are skipped if it has no customer.
func ifAny(body string, checks ...statecheck.StateCheck) []resource.TestStep {
	const first = `
data "commercelayer_customers" "first" {
  limit = 1
}
`
	var total int64
	config := first + "locals {\n  first = one(data.commercelayer_customers.first.customers)\n}\n" + body
	none := func() (bool, error) { return total == 0, nil }
	again := emptyPlan(config)
	again.SkipFunc = none
	return []resource.TestStep{
		{
			Config: first,
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue("data.commercelayer_customers.first",
				tfjsonpath.New("total_count"), knownvalue.Int64Func(func(n int64) error {
					total = n
					return nil
				}))},
		},
		{Config: config, ConfigStateChecks: checks, SkipFunc: none},
		again,
	}
}

// holds checks that an output is a list of the given number of true values.
func holds(output string, n int) statecheck.StateCheck {
	all := make([]knownvalue.Check, n)
	for i := range all {
		all[i] = knownvalue.Bool(true)
	}
	return statecheck.ExpectKnownOutputValue(output, knownvalue.TupleExact(all))
}

func TestAccOrganizationFindsTheSameCustomerInEveryWay(t *testing.T) {
	first := tfjsonpath.New("customers").AtSliceIndex(0)
	same := func(name, attribute string) statecheck.StateCheck {
		return statecheck.CompareValuePairs("data.commercelayer_customers.first", first.AtMapKey(attribute),
			"data.commercelayer_customer."+name, tfjsonpath.New(attribute), compare.ValuesSame())
	}
	resource.ParallelTest(t, organizationCase(t, ifAny(`
data "commercelayer_customer" "by_id" {
  id      = local.first.id
  include = ["customer_group", "tags"]
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
  by_id = data.commercelayer_customer.by_id
}
output "found" {
  value = [
    data.commercelayer_customers.by_ids.customers[*].id == tolist([local.first.id]),
    contains(data.commercelayer_customers.by_filter.customers[*].id, local.first.id),
    can(local.by_id.relationships["customer_group"].related),
    local.by_id.relationships["customer_group"].data != null,
    local.by_id.relationships["tags"].data != null,
    length(local.by_id.included) >= length(local.by_id.relationships["tags"].data),
  ]
}
`, same("by_id", "email"), same("by_id", "metadata_json"), same("by_email", "id"), holds("found", 6),
		statecheck.ExpectKnownValue("data.commercelayer_customer.by_id", tfjsonpath.New("mode"), exactly("test")))...))
}

func TestAccOrganizationPagesThroughCustomers(t *testing.T) {
	resource.ParallelTest(t, organizationCase(t, ifAny(`
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
`, holds("pages", 4))...))
}

func TestAccOrganizationFollowsRelationships(t *testing.T) {
	resource.ParallelTest(t, organizationCase(t, ifAny(`
data "commercelayer_customer" "included" {
  id      = local.first.id
  include = ["customer_group", "tags"]
}
data "commercelayer_customer_related" "group" {
  customer_id  = local.first.id
  relationship = "customer_group"
}
data "commercelayer_customer_related" "tags" {
  customer_id  = local.first.id
  relationship = "tags"
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
  group    = data.commercelayer_customer_related.group
  included = data.commercelayer_customer.included.relationships
  newest   = data.commercelayer_customer_related.newest
}
output "followed" {
  value = [
    toset(local.group.resources[*].id) == toset(local.included["customer_group"].data[*].id),
    toset(data.commercelayer_customer_related.tags.resources[*].id) == toset(local.included["tags"].data[*].id),
    data.commercelayer_customer_related.count.total_count == local.newest.total_count,
    length(local.newest.resources) == min(5, local.newest.total_count),
  ]
}
`, holds("followed", 4))...))
}

// TestAccOrganizationOpensEphemeralResources reads the same customer with both
// ephemeral resources.
func TestAccOrganizationOpensEphemeralResources(t *testing.T) {
	of := func(name string) tfjsonpath.Path { return tfjsonpath.New("data").AtMapKey(name) }
	steps := ifAny(`
ephemeral "commercelayer_customer" "one" {
  id = local.first.id
}
ephemeral "commercelayer_customers" "many" {
  ids = [local.first.id]
}
provider "echo" {
  data = {
    one  = ephemeral.commercelayer_customer.one
    many = one(ephemeral.commercelayer_customers.many.customers)
  }
}
resource "echo" "test" {}
`, statecheck.CompareValuePairs("echo.test", of("one").AtMapKey("email"), "data.commercelayer_customers.first",
		tfjsonpath.New("customers").AtSliceIndex(0).AtMapKey("email"), compare.ValuesSame()),
		statecheck.CompareValuePairs("echo.test", of("one").AtMapKey("metadata_json"), "echo.test",
			of("many").AtMapKey("metadata_json"), compare.ValuesSame()))
	test := organizationCase(t, steps[:2]...) // an echo of an ephemeral value is planned anew each time
	test.TerraformVersionChecks = ephemeralChecks()
	resource.ParallelTest(t, test)
}

func TestAccOrganizationFindsNothing(t *testing.T) {
	const nobody = "nobody.has.this.address@example.invalid"
	resource.ParallelTest(t, organizationCase(t,
		resource.TestStep{
			Config: customerByID("nOsUcHcUsToMeR"), ExpectError: saying("Customer not found", `"nOsUcHcUsToMeR"`),
		},
		resource.TestStep{Config: customerByEmail(nobody), ExpectError: saying("Customer not found", "n…@e…")},
		resource.TestStep{
			Config: fmt.Sprintf("data \"commercelayer_customers\" \"none\" {\n  emails = [%q]\n}\n", nobody),
			ConfigStateChecks: has("data.commercelayer_customers.none", map[string]knownvalue.Check{
				"customers": knownvalue.ListExact(nil), "total_count": knownvalue.Int64Exact(0),
			}),
		},
	))
}
