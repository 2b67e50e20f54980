package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// ephemeralCustomers returns a configuration that opens the ephemeral resource
// and passes the result to a provisioner. Only a few places may use ephemeral
// values, and a provisioner is one of them.
func ephemeralCustomers(arguments ...string) string {
	return block(`ephemeral "commercelayer_customers" "test"`, arguments...) + `
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

func TestAccReadsWaitForValuesThatAreNotKnown(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	const arguments = "emails = [terraform_data.address.output]"
	c := newCLI(t,
		api.config(created("address", "john@example.com")+ephemeralCustomers(arguments)+customersWith(arguments)))
	c.needsEphemeral()
	c.plan().ok()
	api.wantRequests(t)
	c.apply().wantOutput("total", "1")
	api.wantCustomerRequests(t, 2, 2)
	if got := strings.TrimSpace(c.read("seen.txt")); got != "john@example.com" {
		t.Errorf("%q arrived", got)
	}
}

// TestAccEphemeralResourcesLeaveNothingBehind configures another provider block with
// a token from the metadata of an ephemeral customer. It then looks for the token and
// the customer's address in the plan and in the state.
func TestAccEphemeralResourcesLeaveNothingBehind(t *testing.T) {
	t.Parallel()
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
data "commercelayer_customer" "john" {
  provider = commercelayer.other
  id       = "xYZkjABcde"
}
output "email" {
  value = data.commercelayer_customer.john.email
}
`, id, other.url)))
	c.needsEphemeral()
	c.plan("-out=saved").ok()
	api.wantRequests(t, "GET /api/customers/"+id)
	left := c.kept()
	if !strings.Contains(left["state"], "john@example.com") {
		t.Error("the customer did not arrive")
	}
	for name, content := range left {
		for _, value := range []string{secret, email} {
			if strings.Contains(content, value) {
				t.Errorf("%s is in the %s", value, name)
			}
		}
	}
}

func TestEphemeralResourcesAreReadAsTheDataSourcesAre(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(60), emulator.WithRefuted("email-eq-case:folded", "email-in-case:folded"))
	p := connect(t, api)
	for what, tt := range map[string]struct {
		name  string
		given args
	}{
		"one":       {oneCustomer, args{"id": emulator.FullCustomerID, "include": []any{"customer_group", "tags"}}},
		"a limit":   {manyCustomers, args{"limit": 30, "include": []any{"customer_group", "tags"}}},
		"fields":    {manyCustomers, args{"limit": 30, "fields": []any{"status", "tags"}}},
		"a filter":  {manyCustomers, args{"filter": args{"email_start": "ada"}}},
		"IDs":       {manyCustomers, args{"ids": api.CustomerIDs()[:30]}},
		"addresses": {manyCustomers, args{"emails": []any{"john@example.com", "nobody@example.org"}}},
		"a sort":    {manyCustomers, args{"limit": 30, "sort": []any{"-created_at"}}},
		"nobody":    {manyCustomers, args{"ids": []any{}}},
		"a count":   {manyCustomers, args{"limit": 0}},
		// The API has the address in another case. An argument keeps its spelling.
		"a spelling": {oneCustomer, args{"email": "John@Example.com"}},
	} {
		want := p.read(t, tt.name, tt.given).ok(t)
		got := p.open(t, tt.name, tt.given).ok(t)
		if diff, err := got.Diff(want); err != nil || len(diff) > 0 {
			t.Errorf("%s: %v %v", what, err, diff[:min(3, len(diff))])
		}
		if email, given := tt.given["email"]; given &&
			!member(t, got, "email").Equal(tftypes.NewValue(tftypes.String, email)) {
			t.Errorf("the address became %s", member(t, got, "email"))
		}
	}
}
