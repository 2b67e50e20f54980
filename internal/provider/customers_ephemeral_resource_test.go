package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestAccCustomersEphemeralResource(t *testing.T) {
	api := startAPI(t)
	of := func(name string) tfjsonpath.Path { return tfjsonpath.New("data").AtMapKey(name) }
	resource.ParallelTest(t, resource.TestCase{
		PreCheck:                 func() { testAccPreCheck(t) },
		ProtoV6ProviderFactories: testAccProtoV6ProviderFactories,
		TerraformVersionChecks:   ephemeralChecks(),
		Steps: []resource.TestStep{
			{
				Config: api.config(`
ephemeral "commercelayer_customers" "test" {
  filter = { email_end = "@example.com" }
}
provider "echo" {
  data = ephemeral.commercelayer_customers.test
}
resource "echo" "test" {}
`),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue("echo.test", of("total_count"), knownvalue.Int64Exact(2)),
					statecheck.ExpectKnownValue("echo.test", of("customers"), knownvalue.ListSizeExact(2)),
					statecheck.ExpectKnownValue("echo.test", of("customers").AtSliceIndex(1).AtMapKey("email"), exactly(emulator.FullCustomerEmail)),
					statecheck.ExpectKnownValue("echo.test", of("customers").AtSliceIndex(0).AtMapKey("metadata_json"), exactly(`{"foo":"bar"}`)),
				},
			},
			{
				Config: api.config(`
ephemeral "commercelayer_customers" "test" {
  filter = { nickname_eq = "joe" }
}
`),
				ExpectError: saying("Filter refused", "nickname_eq is not allowed"),
			},
		},
	})
}
