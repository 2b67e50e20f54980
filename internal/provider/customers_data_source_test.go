package provider

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestAccCustomersDataSourceReadsTheAttributesOfACustomer(t *testing.T) {
	api := startAPI(t)
	const list = "data.commercelayer_customers.test"
	config := api.config(fmt.Sprintf(`
data "commercelayer_customers" "test" {
  filter  = { email_end = "@example.com" }
  include = ["customer_group"]
}
data "commercelayer_customer" "one" {
  id      = %q
  include = ["customer_group"]
}
output "missing" {
  value = setsubtract(keys(data.commercelayer_customer.one), keys(data.commercelayer_customers.test.customers[1]))
}
`, emulator.FullCustomerID))
	checks := []statecheck.StateCheck{
		statecheck.ExpectKnownValue(list, tfjsonpath.New("total_count"), knownvalue.Int64Exact(2)),
		statecheck.ExpectKnownValue(list, tfjsonpath.New("customers"), knownvalue.ListSizeExact(2)),
		statecheck.ExpectKnownValue(list, tfjsonpath.New("customers").AtSliceIndex(0).AtMapKey("email"),
			exactly("john@example.com")),
		statecheck.ExpectKnownOutputValue("missing", knownvalue.SetExact([]knownvalue.Check{
			exactly("fields"), exactly("include"), exactly("timeouts"),
		})),
	}
	for a := range customerAttributes() {
		checks = append(checks, statecheck.CompareValuePairs(
			list, tfjsonpath.New("customers").AtSliceIndex(1).AtMapKey(a),
			"data.commercelayer_customer.one", tfjsonpath.New(a), compare.ValuesSame()))
	}
	resource.ParallelTest(t, resource.TestCase{
		PreCheck:                 func() { testAccPreCheck(t) },
		ProtoV6ProviderFactories: testAccProtoV6ProviderFactories,
		Steps:                    []resource.TestStep{{Config: config, ConfigStateChecks: checks}, emptyPlan(config)},
	})
}

func TestAccCustomersDataSourceWithoutMatchesIsAnEmptyList(t *testing.T) {
	api := startAPI(t)
	config := api.config(customersWith(`filter = { email_eq = "nobody@example.org" }`))
	resource.ParallelTest(t, resource.TestCase{
		PreCheck:                 func() { testAccPreCheck(t) },
		ProtoV6ProviderFactories: testAccProtoV6ProviderFactories,
		Steps: []resource.TestStep{
			{
				Config: config,
				ConfigStateChecks: has("data.commercelayer_customers.test", map[string]knownvalue.Check{
					"customers":   knownvalue.ListExact(nil),
					"total_count": knownvalue.Int64Exact(0),
					"ids":         null(), "emails": null(), "sort": null(), "limit": null(), "include": null(), "fields": null(),
					"filter": knownvalue.MapExact(map[string]knownvalue.Check{"email_eq": exactly("nobody@example.org")}),
				}),
			},
			emptyPlan(config),
			{
				Config:      api.config(customersWith(`filter = { nickname_eq = "joe" }`)),
				ExpectError: saying("Filter refused", "nickname_eq is not allowed", "FILTER_NOT_ALLOWED", "`filter`"),
			},
		},
	})
}
