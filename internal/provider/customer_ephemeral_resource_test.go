package provider

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestAccCustomerEphemeralResource(t *testing.T) {
	api := startAPI(t)
	value := func(path tfjsonpath.Path, check knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("echo.test", path, check)
	}
	of := func(name string) tfjsonpath.Path { return tfjsonpath.New("data").AtMapKey(name) }
	config := api.config(fmt.Sprintf(`
ephemeral "commercelayer_customer" "by_id" {
  id = "xYZkjABcde"
}
ephemeral "commercelayer_customer" "by_email" {
  email   = %q
  include = ["customer_group"]
}
provider "echo" {
  data = {
    john = ephemeral.commercelayer_customer.by_id
    ada  = ephemeral.commercelayer_customer.by_email
  }
}
resource "echo" "test" {}
`, emulator.FullCustomerEmail))
	self := "https://yourdomain.commercelayer.io/api/customers/xYZkjABcde"
	resource.ParallelTest(t, resource.TestCase{
		PreCheck:                 func() { testAccPreCheck(t) },
		ProtoV6ProviderFactories: testAccProtoV6ProviderFactories,
		TerraformVersionChecks:   ephemeralChecks(),
		Steps: []resource.TestStep{
			{
				Config: config,
				ConfigStateChecks: []statecheck.StateCheck{
					value(of("john").AtMapKey("id"), exactly("xYZkjABcde")),
					value(of("john").AtMapKey("email"), exactly("john@example.com")),
					value(of("john").AtMapKey("metadata_json"), exactly(`{"foo":"bar"}`)),
					value(of("john").AtMapKey("mode"), exactly("test")),
					value(of("john").AtMapKey("relationships").AtMapKey("orders"), knownvalue.ObjectExact(map[string]knownvalue.Check{
						"self": exactly(self + "/relationships/orders"), "related": exactly(self + "/orders"), "data": null(),
					})),
					value(of("ada").AtMapKey("id"), exactly(emulator.FullCustomerID)),
					value(of("ada").AtMapKey("relationships").AtMapKey("customer_group").AtMapKey("data"),
						identifiers("customer_groups", emulator.VIPGroupID)),
				},
			},
			{
				Config: api.config(`
ephemeral "commercelayer_customer" "test" {
  id = "nOsUcHoNeX"
}
`),
				ExpectError: saying("Customer not found", `"nOsUcHoNeX"`),
			},
		},
	})
}
