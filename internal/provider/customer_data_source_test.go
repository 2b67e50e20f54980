package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

func TestAccCustomerDataSourceReadsTheCustomerOfTheAPIDocument(t *testing.T) {
	startEmulator(t)
	const config = `
provider "commercelayer" {}
data "commercelayer_customer" "john" {
  id = "xYZkjABcde"
}
output "group_url" {
  value = data.commercelayer_customer.john.relationships["customer_group"].related
}
`
	const john = "data.commercelayer_customer.john"
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: providerFactories,
		Steps: []resource.TestStep{
			{
				Config: config,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(john, tfjsonpath.New("email"), knownvalue.StringExact("john@example.com")),
					statecheck.ExpectKnownOutputValue("group_url", knownvalue.StringExact("https://yourdomain.commercelayer.io/api/customers/xYZkjABcde/customer_group")),
				},
			},
			{
				Config:           config,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			},
		},
	})
}
