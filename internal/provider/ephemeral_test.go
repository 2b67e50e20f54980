package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func needsEphemeral(t *testing.T) {
	t.Helper()
	needs(t, "an ephemeral resource", 10, 11)
}

// TestAccEphemeralResourcesLeaveNothingBehind configures two other provider
// blocks, with a token from the metadata of an ephemeral customer and of an
// ephemeral list. It then looks for the token and the customer's address in the
// plan and in the state.
func TestAccEphemeralResourcesLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	needsEphemeral(t)
	api, other := startAPI(t), startAPI(t)
	const secret, email = "ToKeNfRoMtHeMeTaDaTa", "vault@example.com"
	id := api.AddCustomer(emulator.Customer{Email: email, Metadata: []byte(`{"token":"` + secret + `"}`)})
	other.IssueToken(emulator.TokenOptions{Opaque: secret})
	c := newProcessCLI(t, api.config(fmt.Sprintf(`
ephemeral "commercelayer_customer" "vault" {
  id = %[1]q
}
provider "commercelayer" {
  alias  = "other"
  domain = %[2]q
  token  = ephemeral.commercelayer_customer.vault.metadata["token"]
}
ephemeral "commercelayer_customers" "vaults" {
  ids = [ephemeral.commercelayer_customer.vault.id]
}
provider "commercelayer" {
  alias  = "another"
  domain = %[2]q
  token  = one(ephemeral.commercelayer_customers.vaults.customers).metadata["token"]
}
data "commercelayer_customer" "ada" {
  provider = commercelayer.another
  email    = "ada@example.com"
}
data "commercelayer_customer" "john" {
  provider = commercelayer.other
  id       = "xYZkjABcde"
}
output "emails" {
  value = [data.commercelayer_customer.john.email, data.commercelayer_customer.ada.email]
}
`, id, other.url)))
	c.plan("-out=saved").ok()
	api.wantRequests(t, "GET /api/customers/"+id, "GET /api/customers?filter[q][id_in]="+id+"&page[size]=25&sort=id")
	other.wantCustomerRequests(t, 2, 2)
	left := map[string]string{"plan as JSON": c.run("show", "-json", "saved").ok().stdout}
	for name, content := range members(t, c.path("saved")) {
		left["plan file "+name] = content
	}
	c.run("apply", "saved").ok()
	left["state"] = c.read("terraform.tfstate")
	for _, arrived := range []string{"john@example.com", "ada@example.com"} {
		if !strings.Contains(left["state"], arrived) {
			t.Errorf("%s did not arrive", arrived)
		}
	}
	for name, content := range left {
		for _, value := range []string{secret, email} {
			if strings.Contains(content, value) {
				t.Errorf("%s is in the %s", value, name)
			}
		}
	}
}

func TestEphemeralResourcesHaveTheSchemasOfTheDataSources(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, NewServer("test")())
	type described struct{ optional, computed, sensitive, text string }
	describe := func(schema *tfprotov6.Schema) map[string]described {
		all := map[string]described{}
		walk(schema, func(path string, a *tfprotov6.SchemaAttribute) {
			all[path] = described{fmt.Sprint(a.Optional), fmt.Sprint(a.Computed), fmt.Sprint(a.Sensitive), a.Description}
		})
		return all
	}
	for _, name := range []string{"commercelayer_customer", "commercelayer_customers"} {
		dataSource, ephemeral := p.schema.DataSourceSchemas[name], p.schema.EphemeralResourceSchemas[name]
		if got, want := ephemeral.ValueType(), dataSource.ValueType(); !got.Equal(want) {
			t.Errorf("the ephemeral resource %s is %s\nthe data source is %s", name, got, want)
		}
		got, want := describe(ephemeral), describe(dataSource)
		if len(got) != len(want) {
			t.Errorf("%s: %d attributes, want %d", name, len(got), len(want))
		}
		for path, attribute := range want {
			if got[path] != attribute {
				t.Errorf("%s: %s is %v in the ephemeral resource and %v in the data source", name, path, got[path], attribute)
			}
		}
	}
}

func TestEphemeralResourcesAreReadAsTheDataSourcesAre(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(60))
	p := newProtocol(t, NewServer("test")()).configured(t, api)
	const one, many = "commercelayer_customer", "commercelayer_customers"
	limit := tftypes.NewValue(tftypes.Number, 30)
	for what, tt := range map[string]struct {
		name  string
		given map[string]tftypes.Value
	}{
		"one":                {one, map[string]tftypes.Value{"id": str(emulator.FullCustomerID), "include": strs("customer_group", "tags")}},
		"a limit":            {many, map[string]tftypes.Value{"limit": limit, "include": strs("customer_group", "tags")}},
		"fields":             {many, map[string]tftypes.Value{"limit": limit, "fields": strs("status", "tags")}},
		"a filter":           {many, map[string]tftypes.Value{"filter": strMap(map[string]any{"email_start": "ada"})}},
		"IDs":                {many, map[string]tftypes.Value{"ids": strs(api.CustomerIDs()[:30]...)}},
		"addresses":          {many, map[string]tftypes.Value{"emails": strs("john@example.com", "nobody@example.org")}},
		"a sort":             {many, map[string]tftypes.Value{"limit": limit, "sort": strs("-created_at")}},
		"nobody":             {many, map[string]tftypes.Value{"ids": strs()}},
		"nothing but counts": {many, map[string]tftypes.Value{"limit": tftypes.NewValue(tftypes.Number, 0)}},
	} {
		want := p.state(t, tt.name, p.read(t, t.Context(), tt.name, tt.given))
		got := p.opened(t, tt.name, p.open(t, tt.name, tt.given))
		if diff, err := got.Diff(want); err != nil || len(diff) > 0 {
			t.Errorf("%s: %v %v", what, err, diff[:min(3, len(diff))])
		}
	}
}

// TestAccEmailKeepsTheSpellingOfTheConfiguration reads from an API that ignores
// upper and lower case, and from an API that has an address in decomposed
// letters.
func TestAccEmailKeepsTheSpellingOfTheConfiguration(t *testing.T) {
	t.Parallel()
	needsEphemeral(t)
	api := startAPI(t, emulator.WithRefuted("email-eq-case:folded", "email-in-case:folded"))
	id := api.AddCustomer(emulator.Customer{Email: "jane.roe@example.com"})
	config := api.config(`
ephemeral "commercelayer_customer" "test" {
  email = "Jane.Roe@Example.com"
}
data "commercelayer_customer" "test" {
  email = "Jane.Roe@Example.com"
}
resource "terraform_data" "test" {
  input = data.commercelayer_customer.test.email
  provisioner "local-exec" {
    command = "echo $ADDRESS > seen.txt"
    environment = {
      ADDRESS = "${ephemeral.commercelayer_customer.test.email} ${ephemeral.commercelayer_customer.test.id}"
    }
  }
}
output "email" {
  value = data.commercelayer_customer.test.email
}
`)
	c := newCLI(t, config)
	c.apply().wantOutput("email", `"Jane.Roe@Example.com"`)
	if got, want := strings.TrimSpace(c.read("seen.txt")), "Jane.Roe@Example.com "+id; got != want {
		t.Errorf("the ephemeral resource gave %q, want %q", got, want)
	}
	if again := c.plan("-detailed-exitcode"); again.failed {
		t.Errorf("the second plan is not empty:\n%s", again.stdout)
	}
}
