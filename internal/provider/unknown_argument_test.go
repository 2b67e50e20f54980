package provider

import (
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// TestAccArgumentsThatAreNotKnownYet has arguments that are known only after
// apply. The plan sends no request.
func TestAccArgumentsThatAreNotKnownYet(t *testing.T) {
	t.Parallel()
	related := func(arguments string) string {
		return "data \"commercelayer_customer_related\" \"test\" {\n  " + arguments + "\n}\n"
	}
	const value = "terraform_data.value.output"
	for name, tt := range map[string]struct{ body, value string }{
		"a filter":       {customersWith("filter = { email_eq = " + value + " }"), "john@example.com"},
		"a field":        {customersWith("emails = [\"john@example.com\"]\n  fields = [" + value + "]"), "status"},
		"a customer":     {related("relationship = \"tags\"\n  customer_id = " + value), emulator.FullCustomerID},
		"a relationship": {related("customer_id = \"xYZkjABcde\"\n  relationship = " + value), "tags"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := startAPI(t)
			c := newCLI(t, api.config(created("value", tt.value)+tt.body))
			c.plan().ok()
			api.wantRequests(t)
			c.apply().ok()
			api.wantCustomerRequests(t, 1, 1)
		})
	}
}

// ephemeralCustomers returns a configuration that opens the ephemeral resource
// and passes the result to a provisioner. Only a few places may use ephemeral
// values, and a provisioner is one of them.
func ephemeralCustomers(arguments ...string) string {
	return "ephemeral \"commercelayer_customers\" \"test\" {\n  " + strings.Join(arguments, "\n  ") + `
}
resource "terraform_data" "test" {
  provisioner "local-exec" {
    command = "echo $EMAILS > seen.txt"
    environment = {
      EMAILS = join(" ", ephemeral.commercelayer_customers.test.customers[*].email)
    }
  }
}
`
}

func TestAccEphemeralCustomersWaitForValuesThatAreNotKnown(t *testing.T) {
	t.Parallel()
	needsEphemeral(t)
	api := startAPI(t)
	c := newCLI(t, api.config(created("address", "john@example.com")+
		ephemeralCustomers("emails = [terraform_data.address.output]")))
	c.plan().ok()
	api.wantRequests(t)
	c.apply().ok()
	if got := strings.TrimSpace(c.read("seen.txt")); got != "john@example.com" {
		t.Errorf("%q arrived", got)
	}
	c = newCLI(t, api.config(created("address", "")+ephemeralCustomers("filter = { email_eq = "+
		"terraform_data.address.output }")))
	api.ResetLog()
	c.apply().wantError("Invalid filter value", "the value is empty")
	api.wantRequests(t)
}
