package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func customerByEmail(email string) string {
	return fmt.Sprintf("data \"commercelayer_customer\" \"test\" {\n  email = %q\n}\noutput \"id\" { value = data.commercelayer_customer.test.id }\n", email)
}

func TestAccCustomerByEmailIsFoundWithOneRequest(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ email, escaped string }{
		"an ordinary address":     {"jane@example.com", "jane%40example.com"},
		"a plus":                  {"jane+shop@example.com", "jane%2Bshop%40example.com"},
		"an ampersand":            {"r&d@example.com", "r%26d%40example.com"},
		"a percent and an equals": {"50%=half@example.com", "50%25%3Dhalf%40example.com"},
		"letters beyond ASCII":    {"zoë@exämple.com", "zo%C3%AB%40ex%C3%A4mple.com"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := startAPI(t)
			id := api.AddCustomer(emulator.Customer{Email: tt.email})
			c := newCLI(t, api.config(customerByEmail(tt.email)))
			c.apply().wantOutput("id", fmt.Sprintf("%q", id))
			api.wantRequests(t, "GET /api/customers?filter[q][email_eq]="+tt.email+"&page[size]=25&sort=id")
			if q := api.Requests()[0].RawQuery; !strings.HasPrefix(q, "filter%5Bq%5D%5Bemail_eq%5D="+tt.escaped+"&") {
				t.Errorf("the query is not escaped: %s", q)
			}
			if again := c.plan("-detailed-exitcode"); again.failed {
				t.Errorf("the second plan is not empty:\n%s", again.stdout)
			}
		})
	}
}

func TestAccCustomerByEmailNotFoundShowsAHintOfTheAddress(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	d := newCLI(t, api.config(customerByEmail("nobody@example.org"))).plan().
		wantError("Customer not found", "n…@e….org", "upper and lower case", "`commercelayer_customers` with `emails`", "200 OK")
	if strings.Contains(d.Detail, "nobody@example.org") {
		t.Errorf("the address is quoted: %s", d)
	}
	api.wantRequests(t, "GET /api/customers?filter[q][email_eq]=nobody@example.org&page[size]=25&sort=id")
}

func TestAccCustomerByEmailListsTheIDsOfSeveral(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	first := api.AddCustomer(emulator.Customer{Email: "twin@example.com"})
	second := api.AddCustomer(emulator.Customer{Email: "twin@example.com"})
	newCLI(t, api.config(customerByEmail("twin@example.com"))).plan().
		wantError("Several customers found", "2 customers", "t…@e….com", first+", "+second, "`id`")
}

func TestAccCustomerByEmailNeverHandsOnAStranger(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	list := `{"data":[{"id":"sTrAnGeRaB","type":"customers","attributes":{"email":"stranger@example.com"}}],"meta":{"record_count":1}}`
	api.Inject(emulator.Fault{Answer: emulator.Body(200, "application/vnd.api+json", list)})
	d := newCLI(t, api.config(customerByEmail("john@example.com"))).plan().
		wantError("Filter ignored by the API", "that were not asked for", "The answer was not used")
	if strings.Contains(d.Detail, "stranger") {
		t.Errorf("the stranger is named: %s", d)
	}
}
