package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// including returns a configuration that reads a customer with relationships.
// The customer is local.c.
func including(id string, names ...string) string {
	return fmt.Sprintf("data \"commercelayer_customer\" \"test\" {\n  id = %q\n  include = %s\n}\nlocals {\n  c = data.commercelayer_customer.test\n}\n", id, hclList(names))
}

func TestAccIncludedRelationshipsHaveDataAndResources(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	result := newCLI(t, api.config(including(emulator.FullCustomerID, "customer_group", "tags", "orders.shipments")+`
output "group" {
  value = local.c.relationships["customer_group"].data
}
output "tags" {
  value = local.c.relationships["tags"].data[*].id
}
output "not_included" {
  value = local.c.relationships["customer_addresses"].data == null
}
output "included" {
  value = [for r in local.c.included : "${r.type} ${r.id}"]
}
output "names" {
  value = [for r in local.c.included : jsondecode(r.attributes_json).name if contains(["customer_groups", "tags"], r.type)]
}
`)).apply()
	result.wantOutput("group", fmt.Sprintf(`[{"id":%q,"type":"customer_groups"}]`, emulator.VIPGroupID))
	result.wantOutput("tags", fmt.Sprintf(`[%q,%q]`, emulator.NewsletterTagID, emulator.BetaTagID))
	result.wantOutput("not_included", "true")
	result.wantOutput("included", `["customer_groups vIpGrOuPaB","orders oRdErAaAaA","orders oRdErBbBbB","tags nEwSlEtTeR","tags bEtAtEsTeR","shipments sHiPmEnTaA","shipments sHiPmEnTaB"]`)
	result.wantOutput("names", `["VIP","newsletter","beta_tester"]`)
	api.wantRequests(t, "GET /api/customers/"+emulator.FullCustomerID+"?include=customer_group,tags,orders.shipments")
}

func TestAccIncludedRelationshipsThatAreEmptyDifferFromThoseNotIncluded(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	result := newCLI(t, api.config(including("xYZkjABcde", "customer_group", "tags", "tags")+`
output "data" {
  value = [for name in ["customer_group", "tags", "orders"] : local.c.relationships[name].data == null ? "null" : jsonencode(local.c.relationships[name].data)]
}
output "included" {
  value = local.c.included
}
`)).apply()
	result.wantOutput("data", `["[]","[]","null"]`)
	result.wantOutput("included", "[]")
	api.wantRequests(t, "GET /api/customers/xYZkjABcde?include=customer_group,tags")
}

func TestAccUnknownRelationshipHasTheAPIsOwnErrorOnInclude(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	d := newCLI(t, api.config(including("xYZkjABcde", "customer_gruop"))).plan().
		wantError("Unknown relationship", "customer_gruop is not a valid includable relationship", "INVALID_INCLUDE", "`relationships`")
	if !strings.Contains(d.Snippet.Code, "include") {
		t.Errorf("the diagnostic does not point at include: %s", d)
	}
	d = newCLI(t, api.config("data \"commercelayer_customers\" \"test\" {\n  include = [\"customer_gruop\"]\n}\n")).plan().
		wantError("Unknown relationship", "customer_gruop")
	if !strings.Contains(d.Snippet.Code, "include") {
		t.Errorf("the diagnostic does not point at include: %s", d)
	}
}

func TestAccUnknownRelationshipOfManyCustomersIsAskedForOnce(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithLatency(apiLatency))
	result := newCLI(t, api.config(fmt.Sprintf(`
data "commercelayer_customer" "each" {
  for_each = toset(%s)
  id       = each.key
  include  = ["customer_gruop"]
}
`, hclList([]string{"xYZkjABcde", emulator.FullCustomerID, "nOsUcHoNeX"})))).plan()
	if list := result.errors(); len(list) != 3 {
		t.Errorf("%d errors, want one for each customer: %v", len(list), list)
	}
	api.wantCustomerRequests(t, 1, 2)
}
