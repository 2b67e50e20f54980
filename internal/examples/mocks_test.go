package examples

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAccMocksHaveTheLimitsThatTheGuideNames tries everything that mocks can't
// do according to the guide Testing. If a case works with a later version of a
// CLI, it can be removed from the guide.
func TestAccMocksHaveTheLimitsThatTheGuideNames(t *testing.T) {
	t.Parallel()
	c := realCLI(t)
	if c.version.OpenTofu {
		t.Skip("the guide names the limits of Terraform")
	}
	skipWithoutFeatures(t, c, "mock_provider \"")
	const list = "data \"commercelayer_customers\" \"test\" {}\noutput \"count\" { value = length(data.commercelayer_customers.test.customers) }\n"
	for name, tt := range map[string]struct{ body, run, want string }{
		"a list of objects": {
			list,
			"override_data {\n    target = data.commercelayer_customers.test\n    values = { customers = [{ status = \"repeat\" }] }\n  }",
			"incompatible types; expected object type, found tuple",
		},
		"an object in the place of the list": {
			list,
			"override_data {\n    target = data.commercelayer_customers.test\n    values = { customers = { status = \"repeat\" } }\n  }\n" +
				"  assert {\n    condition = output.count == 1\n    error_message = \"There are ${output.count} customers.\"\n  }",
			"There are 0 customers.",
		},
		"what is included": {
			customerOne,
			"override_data {\n    target = data.commercelayer_customer.test\n    values = { included = [{ type = \"tags\" }] }\n  }",
			"incompatible types; expected object type, found tuple",
		},
		"relationships": {
			customerOne + "output \"names\" { value = keys(data.commercelayer_customer.test.relationships) }\n",
			"override_data {\n    target = data.commercelayer_customer.test\n    values = { relationships = { tags = { self = \"s\" } } }\n  }\n" +
				"  assert {\n    condition = length(output.names) == 1\n    error_message = \"There are ${length(output.names)} relationships.\"\n  }",
			"There are 0 relationships.",
		},
		"an ephemeral resource": {
			"ephemeral \"commercelayer_customer\" \"test\" {\n  id = \"xYZkjABcde\"\n}\n",
			"",
			"does not yet support ephemeral resource types",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			skipWithoutFeatures(t, c, tt.body)
			w := newWorkspace(t, c, filepath.Join(root, "examples", "provider"))
			for file, text := range map[string]string{
				"main.tf":          tt.body,
				"limit.tftest.hcl": "mock_provider \"commercelayer\" {}\n\nrun \"limit\" {\n  command = plan\n  " + tt.run + "\n}\n",
			} {
				if err := os.WriteFile(filepath.Join(w.driver.WorkingDir(), file), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if output, err := w.run(t, "test"); err == nil || !strings.Contains(output, tt.want) {
				t.Errorf("got %v\n%s\nwant in it\n%s", err, output, tt.want)
			}
		})
	}
}

const customerOne = "data \"commercelayer_customer\" \"test\" {\n  id = \"xYZkjABcde\"\n}\n"
