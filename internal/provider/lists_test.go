package provider

import (
	"slices"
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestAccCustomersComeInTheOrderAskedFor(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(60))
	ids := api.CustomerIDs()
	backwards := slices.Clone(ids)
	slices.Reverse(backwards)
	for arguments, want := range map[string][]string{
		"":               ids,
		`sort = ["-id"]`: backwards,
		"ids = " + hclList(append([]string{"nOsUcHoNeX", backwards[0]}, backwards...)): backwards,
	} {
		api.ResetLog()
		newCLI(t, api.config(customersWith(arguments))).apply().wantOutput("ids", hclList(want))
		api.wantCustomerRequests(t, 3, 3)
	}
}

// TestAccDeadlineOfAReadIsReal reads from an API that does not answer in time, and
// from one whose limit is used up.
func TestAccDeadlineOfAReadIsReal(t *testing.T) {
	t.Parallel()
	const id, deadline = `id = "xYZkjABcde"`, "timeouts {\n    read = \"1s\"\n  }"
	config := block(customerData, id, deadline) + block(customersData, deadline) +
		block(relatedData, "customer_"+id, `relationship = "orders"`, deadline)
	for summary, answer := range map[string]func(*api) emulator.Answer{
		"Timeout":              func(a *api) emulator.Answer { return a.Stall() },
		"Rate limit exhausted": func(*api) emulator.Answer { return emulator.Throttled() },
	} {
		t.Run(summary, func(t *testing.T) {
			t.Parallel()
			api := startAPI(t)
			api.Inject(emulator.Fault{Answer: answer(api)})
			result := newCLI(t, api.config(config)).plan()
			if len(result.errors()) != 3 {
				t.Errorf("errors: %v", result.errors())
			}
			for _, d := range result.errors() {
				wantDiagnostic(t, d, summary, "deadline of the read", "GET /api/customers", "`timeouts { read }`")
			}
			if result.Took > 15*time.Second {
				t.Errorf("the read took %s", result.Took)
			}
		})
	}
}
