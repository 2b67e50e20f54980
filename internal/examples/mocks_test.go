package examples

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

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
	const (
		// The values of the data source get into the mock, and the attribute into the output.
		configuration = `
data "commercelayer_customer" "test" { id = "xYZkjABcde" }
data "commercelayer_customers" "test" {}
output "value" { value = data.%s.test.%s }
`
		override = `
  override_data {
    target = data.%s.test
    values = { %s }
  }
  assert {
    condition     = output.value == "repeat"
    error_message = "The value is not there."
  }
`
		ephemeral = `
ephemeral "commercelayer_customer" "test" { id = "xYZkjABcde" }
`
		one  = "commercelayer_customer"
		list = "commercelayer_customers"
	)
	for values, tt := range map[string]struct{ source, attribute, terraform, openTofu string }{
		`customers = [{ status = "repeat" }]`: {
			list, `customers[0].status`, "incompatible types; expected object type, found tuple", "are required",
		},
		`relationships = { tags = { self = "repeat" } }`: {
			one, `relationships["tags"].self`, "relationships is empty map of object", "are required",
		},
		`relationships = { tags = { self = "repeat", related = "r", data = [] } }`: {
			one, `relationships["tags"].self`, "relationships is empty map of object", "",
		},
		`anonymization_info = { status = "repeat" }`: {one, `anonymization_info.status`, "", "are required"},
		`links = { self = "repeat" }`:                {one, `links.self`, "", ""},
		`metadata = { a = "repeat" }`:                {one, `metadata["a"]`, "", ""},
		ephemeral:                                    {"", "", "does not yet support ephemeral resource types", ""},
	} {
		t.Run(values, func(t *testing.T) {
			t.Parallel()
			main, run := fmt.Sprintf(configuration, tt.source, tt.attribute), fmt.Sprintf(override, tt.source, values)
			if values == ephemeral {
				main, run = ephemeral, ""
			}
			skipWithoutFeatures(t, c, main)
			w := newWorkspace(t, c, filepath.Join(root, "examples", "provider"))
			for file, text := range map[string]string{
				"main.tf":          main,
				"limit.tftest.hcl": "mock_provider \"commercelayer\" {}\n\nrun \"limit\" {\n  command = plan\n" + run + "}\n",
			} {
				if err := w.driver.Write(file, text); err != nil {
					t.Fatal(err)
				}
			}
			want := tt.terraform
			if c.version.OpenTofu {
				want = tt.openTofu
			}
			code, output := w.shell(t, "terraform test")
			if (code == 0) != (want == "") || !strings.Contains(unwrapped(output), want) {
				t.Errorf("exit code %d\n%s\nwant in it\n%s", code, output, want)
			}
			if n := len(w.api.Requests()); n != 0 {
				t.Errorf("the mocked test sent %d requests", n)
			}
		})
	}
}
