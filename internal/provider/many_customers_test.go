package provider

import (
	"net/http"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// TestAccHundredCustomersOneByOneShareRequests does not run in parallel with
// other tests. How many reads share a request depends on how fast the CLI
// starts them. Ten to fourteen requests are usual; a busy machine needs more.
// The tests of the client check exact numbers.
func TestAccHundredCustomersOneByOneShareRequests(t *testing.T) { //nolint:paralleltest // see above
	api := startAPI(t, emulator.WithCustomers(98), emulator.WithLimits(), emulator.WithLatency(apiLatency))
	result := newCLI(t, api.config(customersByID(api.CustomerIDs()))).apply("-parallelism=10")
	result.wantOutput("arrived", "100")
	t.Logf("%d requests for 100 customers", api.Count(http.MethodGet, "/api/"))
	api.wantCustomerRequests(t, 4, 50)
	if n := api.CountStatus(http.StatusTooManyRequests); n > 0 {
		t.Errorf("%d requests were refused by the rate limit", n)
	}
	if within := api.Count(http.MethodGet, "/api/") <= 25; within && len(result.warnings()) > 0 {
		t.Errorf("warnings: %v", result.warnings())
	}
}

func TestSlowRunIsCalledSlowOnce(t *testing.T) {
	t.Parallel()
	for held, want := range map[time.Duration]int{slowWait - 1: 0, slowWait: 1} {
		data, warnings := &providerData{}, 0
		for range 3 {
			var diags diag.Diagnostics
			data.warnIfSlow(commercelayer.Stats{Held: held, Reads: 1000}, &diags)
			warnings += diags.WarningsCount()
		}
		if warnings != want {
			t.Errorf("%s: %d warnings, want %d", held, warnings, want)
		}
	}
}
