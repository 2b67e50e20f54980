package examples

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/provider"
)

const (
	customerOne = "data \"commercelayer_customer\" \"test\" {\n  id = \"xYZkjABcde\"\n}\n"
	customerAll = "data \"commercelayer_customers\" \"test\" {}\n" +
		"output \"count\" { value = length(data.commercelayer_customers.test.customers) }\n"
)

// mocked returns a part of a test that sets values of a data source, and expects
// something of an output.
func mocked(target, values, condition string) string {
	return "override_data {\n    target = " + target + "\n    values = { " + values + " }\n  }\n" +
		"  assert {\n    condition = " + condition + "\n    error_message = \"The value is not there.\"\n  }"
}

// TestAccMocksHaveTheLimitsThatTheGuideNames tries everything that mocks can't
// do according to the guide on tests, and what OpenTofu can do. An empty text
// means that the test passes. If a case works with a later version of a CLI, the
// guide can be shortened.
func TestAccMocksHaveTheLimitsThatTheGuideNames(t *testing.T) {
	t.Parallel()
	c := realCLI(t)
	skipWithoutFeatures(t, c, "mock_provider \"")
	if c.version.OpenTofu && c.version.Before(1, 12) {
		t.Skip("the guide speaks of OpenTofu 1.12")
	}
	const relationships = customerOne +
		"output \"names\" { value = keys(data.commercelayer_customer.test.relationships) }\n"
	complete := strings.Join(attributesOfAListed(t), " = null, ") + " = null"
	for name, tt := range map[string]struct{ body, run, terraform, openTofu string }{
		"a customer of a list": {
			customerAll,
			mocked("data.commercelayer_customers.test", "customers = [{ status = \"repeat\" }]", "output.count == 1"),
			"incompatible types; expected object type, found tuple", "are required",
		},
		"a complete customer of a list": {
			customerAll,
			mocked("data.commercelayer_customers.test", "customers = [{ "+complete+" }]", "output.count == 1"),
			"incompatible types; expected object type, found tuple", "",
		},
		"a relationship": {
			relationships,
			mocked("data.commercelayer_customer.test", "relationships = { tags = { self = \"s\" } }",
				"length(output.names) == 1"),
			"The value is not there.", "are required",
		},
		"a complete relationship": {
			relationships,
			mocked("data.commercelayer_customer.test",
				"relationships = { tags = { self = \"s\", related = \"r\", data = [] } }", "length(output.names) == 1"),
			"The value is not there.", "",
		},
		"metadata, links and anonymization_info": {
			customerOne + "output \"all\" { value = [data.commercelayer_customer.test.metadata[\"a\"], " +
				"data.commercelayer_customer.test.links.self, data.commercelayer_customer.test.anonymization_info.status] }\n",
			mocked("data.commercelayer_customer.test",
				"metadata = { a = \"1\" }, links = { self = \"2\" }, anonymization_info = { status = \"3\" }",
				"join(\"\", output.all) == \"123\""),
			"", "are required",
		},
		"an ephemeral resource": {
			"ephemeral \"commercelayer_customer\" \"test\" {\n  id = \"xYZkjABcde\"\n}\n", "",
			"does not yet support ephemeral resource types", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			skipWithoutFeatures(t, c, tt.body)
			w := newWorkspace(t, c, filepath.Join(root, "examples", "provider"))
			for file, text := range map[string]string{
				"main.tf": tt.body,
				"limit.tftest.hcl": "mock_provider \"commercelayer\" {}\n\nrun \"limit\" {\n  command = plan\n  " + tt.run +
					"\n}\n",
			} {
				if err := w.driver.Write(file, text); err != nil {
					t.Fatal(err)
				}
			}
			want := tt.terraform
			if c.version.OpenTofu {
				want = tt.openTofu
			}
			output, err := w.run(t, "test")
			if (err == nil) != (want == "") || !strings.Contains(output, want) {
				t.Errorf("got %v\n%s\nwant in it\n%s", err, output, want)
			}
			if n := len(w.api.Requests()); n != 0 {
				t.Errorf("the mocked test sent %d requests", n)
			}
		})
	}
}

// attributesOfAListed returns the names of the attributes of a customer in the
// list of the plural data source.
func attributesOfAListed(t *testing.T) []string {
	t.Helper()
	schemas, err := provider.NewServer("test")().GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, attribute := range schemas.DataSourceSchemas["commercelayer_customers"].Block.Attributes {
		if attribute.Name == "customers" {
			var names []string
			for _, nested := range attribute.NestedType.Attributes {
				names = append(names, nested.Name)
			}
			return names
		}
	}
	t.Fatal("the data source has no customers")
	return nil
}
