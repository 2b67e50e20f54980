package provider

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestAccCustomersComeInTheOrderAskedFor(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(60))
	ids := api.CustomerIDs()
	newCLI(t, api.config(customersWith())).apply().wantOutput("ids", jsonOf(t, ids))

	backwards := slices.Clone(ids)
	slices.Reverse(backwards)
	newCLI(t, api.config(customersWith(`sort = ["-id"]`))).apply().wantOutput("ids", jsonOf(t, backwards))

	api.ResetLog()
	newCLI(t, api.config(customersWith("ids = "+hclList(append([]string{"nOsUcHoNeX", backwards[0]}, backwards...))))).
		apply().wantOutput("ids", jsonOf(t, backwards))
	api.wantCustomerRequests(t, 3, 3)
}

func TestAccCustomersBeyondTenThousandAreCountedAndNotRead(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(10_001))
	newCLI(t, api.config(customersWith())).plan().wantError("Too many customers", "10,003 customers match", "at most 10,000", "`limit`")
	api.wantRequests(t, "GET /api/customers?page[size]=25&sort=id")
}

// TestAccDeadlineOfAReadIsRealForEveryList reads from an API that does not
// answer in time.
func TestAccDeadlineOfAReadIsRealForEveryList(t *testing.T) {
	t.Parallel()
	const timeouts = "timeouts {\n    read = \"1s\"\n  }"
	for path, body := range map[string]string{
		"GET /api/customers": customersWith(timeouts),
		"GET /api/customers/" + emulator.FullCustomerID + "/orders": relatedWith(emulator.FullCustomerID, "orders", timeouts),
	} {
		api := startAPI(t)
		api.Inject(emulator.Fault{Answer: api.Delay(time.Minute)})
		result := newCLI(t, api.config(body)).plan()
		result.wantError("Timeout", "The deadline of the read passed", path, "`timeouts { read }`")
		if result.took > 10*time.Second {
			t.Errorf("the read took %s", result.took)
		}
		api.wantCustomerRequests(t, 1, 1)
	}
}

func TestAccCustomersThatComeAndGoAreNeitherLostNorDoubled(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(60))
	ids := api.CustomerIDs()
	pages := 0
	api.OnRequest(func(r *http.Request) {
		if pages++; pages == 2 { // delete a customer that was read, and create one
			api.DeleteCustomer(ids[0])
			api.AddCustomer(emulator.Customer{Email: "late@example.com"})
		}
	})
	result := newCLI(t, api.config(customersWith()+`output "distinct" { value = length(distinct(data.commercelayer_customers.test.customers[*].id)) }`)).apply()
	result.wantOutput("distinct", "63")
	if len(result.warnings()) > 0 {
		t.Errorf("warnings: %v", result.warnings())
	}
}

func TestAccCustomersReadByPageNumberWarnWhenTheirNumberChanges(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(60))
	ids := api.CustomerIDs()
	pages := 0
	api.OnRequest(func(*http.Request) {
		if pages++; pages == 2 {
			api.DeleteCustomer(ids[0])
		}
	})
	warnings := newCLI(t, api.config(customersWith(`sort = ["email"]`))).apply().ok().warnings()
	if len(warnings) != 1 || warnings[0].Summary != "Customers changed while they were read" {
		t.Errorf("warnings: %v", warnings)
	}
}
