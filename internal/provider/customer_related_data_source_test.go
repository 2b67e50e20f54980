package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestAccCustomerRelatedDataSourceReadsAList(t *testing.T) {
	api := startAPI(t)
	const address = "data.commercelayer_customer_related.test"
	config := api.config(relatedWith(emulator.FullCustomerID, "orders", `include = ["shipments"]`) + `
output "numbers" { value = [for o in local.r.resources : jsondecode(o.attributes_json).number] }
`)
	first := tfjsonpath.New("resources").AtSliceIndex(0)
	self := api.url + "/api/orders/oRdErAaAaA"
	of := func(name string) tfjsonpath.Path { return first.AtMapKey("relationships").AtMapKey(name) }
	resource.ParallelTest(t, resource.TestCase{
		PreCheck:                 func() { testAccPreCheck(t) },
		ProtoV6ProviderFactories: testAccProtoV6ProviderFactories,
		Steps: []resource.TestStep{
			{
				Config: config,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(address, tfjsonpath.New("total_count"), knownvalue.Int64Exact(2)),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("resources"), knownvalue.ListSizeExact(2)),
					statecheck.ExpectKnownValue(address, first.AtMapKey("type"), exactly("orders")),
					statecheck.ExpectKnownValue(address, first.AtMapKey("id"), exactly("oRdErAaAaA")),
					statecheck.ExpectKnownValue(address, first.AtMapKey("links").AtMapKey("self"), exactly(self)),
					statecheck.ExpectKnownValue(address, of("shipments").AtMapKey("data"), identifiers("shipments", "sHiPmEnTaA")),
					statecheck.ExpectKnownValue(address, of("tags"), knownvalue.ObjectExact(map[string]knownvalue.Check{
						"self": exactly(self + "/relationships/tags"), "related": exactly(self + "/tags"), "data": null(),
					})),
					statecheck.ExpectKnownOutputValue("numbers", knownvalue.ListExact([]knownvalue.Check{exactly("1001"), exactly("1002")})),
				},
			},
			emptyPlan(config),
		},
	})
}

func TestAccCustomerRelatedDataSourceReadsNoneOrOne(t *testing.T) {
	api := startAPI(t)
	config := api.config(relatedWith("xYZkjABcde", "customer_group"))
	resource.ParallelTest(t, resource.TestCase{
		PreCheck:                 func() { testAccPreCheck(t) },
		ProtoV6ProviderFactories: testAccProtoV6ProviderFactories,
		Steps: []resource.TestStep{
			{
				Config: config,
				ConfigStateChecks: has("data.commercelayer_customer_related.test", map[string]knownvalue.Check{
					"resources":   knownvalue.ListExact(nil),
					"total_count": knownvalue.Int64Exact(0),
					"customer_id": exactly("xYZkjABcde"), "relationship": exactly("customer_group"),
					"filter": null(), "sort": null(), "limit": null(), "include": null(),
				}),
			},
			emptyPlan(config),
			{
				Config: api.config(relatedWith(emulator.FullCustomerID, "customer_group") +
					`output "code" { value = jsondecode(one(local.r.resources).attributes_json).code }`),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownOutputValue("code", exactly("vip")),
					statecheck.ExpectKnownOutputValue("total", knownvalue.Int64Exact(1)),
				},
			},
			{
				Config: api.config(relatedWith("nObOdYnObO", "orders")),
				ExpectError: saying("Customer not found", `no customer with the ID "nObOdYnObO"`,
					"GET /api/customers/nObOdYnObO/orders", "404 Not Found"),
			},
			{
				Config: api.config(relatedWith(emulator.FullCustomerID, "order")),
				ExpectError: saying("Relationship not found", `no relationship with the name "order"`,
					"GET /api/customers/"+emulator.FullCustomerID+"/order", "404 Not Found",
					"the customer has the relationships attachments, ", " orders, "),
			},
		},
	})
}
