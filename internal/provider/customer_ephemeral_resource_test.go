package provider

import (
	"archive/zip"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func needsEphemeral(t *testing.T) {
	t.Helper()
	needs(t, "an ephemeral resource", 10, 11)
}

func TestAccEphemeralCustomerArrives(t *testing.T) {
	t.Parallel()
	needsEphemeral(t)
	api := startAPI(t)
	for selector, id := range map[string]string{
		`id = "xYZkjABcde"`: "xYZkjABcde",
		fmt.Sprintf("email = %q\n  include = [\"customer_group\"]", emulator.FullCustomerEmail): emulator.FullCustomerID,
	} {
		resource.Test(t, resource.TestCase{
			ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){
				"commercelayer": providerFactories["commercelayer"],
				"echo":          echoprovider.NewProviderServer(),
			},
			Steps: []resource.TestStep{{
				Config: api.config("ephemeral \"commercelayer_customer\" \"test\" {\n  " + selector + "\n}\n" + `
provider "echo" {
  data = ephemeral.commercelayer_customer.test
}
resource "echo" "test" {}
`),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data").AtMapKey("id"), exactly(id)),
					statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data").AtMapKey("mode"), exactly("test")),
					statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data").AtMapKey("relationships").AtMapKey("orders").AtMapKey("data"), knownvalue.Null()),
				},
			}},
		})
	}
}

// TestAccEphemeralCustomerLeavesNothingBehind configures another provider block
// with a token from the metadata of an ephemeral customer. It then looks for
// the token and the customer's address in the plan and in the state.
func TestAccEphemeralCustomerLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	needsEphemeral(t)
	api, other := startAPI(t), startAPI(t)
	const secret, email = "ToKeNfRoMtHeMeTaDaTa", "vault@example.com"
	id := api.AddCustomer(emulator.Customer{Email: email, Metadata: []byte(`{"token":"` + secret + `"}`)})
	other.IssueToken(emulator.TokenOptions{Opaque: secret})
	c := newProcessCLI(t, api.config(fmt.Sprintf(`
ephemeral "commercelayer_customer" "vault" {
  id = %q
}
provider "commercelayer" {
  alias  = "other"
  domain = %q
  token  = ephemeral.commercelayer_customer.vault.metadata["token"]
}
data "commercelayer_customer" "john" {
  provider = commercelayer.other
  id       = "xYZkjABcde"
}
output "email" {
  value = data.commercelayer_customer.john.email
}
`, id, other.url)))
	c.plan("-out=saved").ok()
	api.wantRequests(t, "GET /api/customers/"+id)
	other.wantRequests(t, "GET /api/customers/xYZkjABcde")
	left := map[string]string{"plan as JSON": c.run("show", "-json", "saved").ok().stdout}
	for name, content := range members(t, c.path("saved")) {
		left["plan file "+name] = content
	}
	c.run("apply", "saved").ok()
	left["state"] = c.read("terraform.tfstate")
	if !strings.Contains(left["state"], "john@example.com") {
		t.Error("the token did not arrive")
	}
	for name, content := range left {
		for _, value := range []string{secret, email} {
			if strings.Contains(content, value) {
				t.Errorf("%s is in the %s", value, name)
			}
		}
	}
}

// members returns the content of the files in a zip file.
func members(t *testing.T, path string) map[string]string {
	t.Helper()
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	contents := map[string]string{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		contents[f.Name] = string(content)
	}
	return contents
}

func TestAccEphemeralCustomerNotFoundIsTheSameError(t *testing.T) {
	t.Parallel()
	needsEphemeral(t)
	api := startAPI(t)
	newCLI(t, api.config(`
ephemeral "commercelayer_customer" "test" {
  id = "nOsUcHoNeX"
}
provider "commercelayer" {
  alias = "other"
  token = ephemeral.commercelayer_customer.test.id
}
data "commercelayer_customer" "test" {
  provider = commercelayer.other
  id       = "a"
}
`)).plan().wantError("Customer not found", `"nOsUcHoNeX"`)
}

// open opens an ephemeral resource as the CLI does.
func (p *protocol) open(
	t testing.TB, name string, given map[string]tftypes.Value,
) *tfprotov6.OpenEphemeralResourceResponse {
	t.Helper()
	resp, err := p.OpenEphemeralResource(t.Context(), &tfprotov6.OpenEphemeralResourceRequest{
		TypeName: name,
		Config:   object(t, p.schema.EphemeralResourceSchemas[name], given),
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// opened decodes the result of an ephemeral resource.
func (p *protocol) opened(t testing.TB, name string, resp *tfprotov6.OpenEphemeralResourceResponse) tftypes.Value {
	t.Helper()
	if len(resp.Diagnostics) > 0 {
		t.Fatal(resp.Diagnostics[0].Summary, resp.Diagnostics[0].Detail)
	}
	result, err := resp.Result.Unmarshal(p.schema.EphemeralResourceSchemas[name].ValueType())
	if err != nil {
		t.Fatal(err)
	}
	return result
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

func TestEphemeralCustomerIsReadAsTheDataSourceReadsIt(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	p := newProtocol(t, NewServer("test")()).configured(t, api)
	const name = "commercelayer_customer"
	given := map[string]tftypes.Value{"id": str(emulator.FullCustomerID), "include": strs("customer_group", "tags")}
	want := p.state(t, name, p.read(t, t.Context(), name, given))
	got := p.opened(t, name, p.open(t, name, given))
	if diff, err := got.Diff(want); err != nil || len(diff) > 0 {
		t.Error(err, diff)
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
