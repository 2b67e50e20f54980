package provider

import (
	"net/http"
	"strings"
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

func TestAccOneUnknownCustomerAmongManyIsTheOnlyError(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(20), emulator.WithLatency(apiLatency))
	result := newCLI(t, api.config(customersByID(append(api.CustomerIDs(), "nOsUcHoNeX")))).plan()
	d := result.wantError("Customer not found", `"nOsUcHoNeX"`, "GET /api/customers/nOsUcHoNeX", "404 Not Found")
	if !strings.HasSuffix(d.Address, `["nOsUcHoNeX"]`) {
		t.Errorf("the diagnostic is on %s", d.Address)
	}
}

// exhausted is a limit of one request for the whole duration of a test.
func exhausted() emulator.Option {
	return emulator.WithLimitsOf(emulator.Limits{Burst: 1, BurstInterval: time.Hour, Average: 1, AverageInterval: time.Hour})
}

func TestAccDeadlineOfAReadIsRealUnderAnExhaustedLimit(t *testing.T) {
	t.Parallel()
	api := startAPI(t, exhausted())
	newCLI(t, api.config(john)).plan().ok()
	result := newCLI(t, api.config(`
data "commercelayer_customer" "test" {
  id = "xYZkjABcde"
  timeouts {
    read = "2s"
  }
}
`)).plan()
	result.wantError("Rate limit exhausted", "GET /api/customers/xYZkjABcde", "429 Too Many Requests", "waiting for "+
		"the rate limit", "`timeouts { read }`")
	if result.took < 2*time.Second || result.took > 12*time.Second {
		t.Errorf("the read took %s", result.took)
	}
	api.wantCustomerRequests(t, 2, 4)
}

func TestSlowRunIsCalledSlowOnce(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		stats commercelayer.Stats
		want  string
	}{
		{commercelayer.Stats{Held: slowWait - 1, Reads: 1000}, ""},
		{commercelayer.Stats{Held: slowWait, Reads: 1}, "The API's rate limit has held up reads of this run for more than 10 s. " +
			"All clients behind the same IP address share the limit. " +
			"If fewer plans run at the same time, each has more of the limit."},
		{commercelayer.Stats{Held: 102 * time.Second, Reads: 2}, "The API's rate limit has held up reads of this run for more than 10 s. " +
			"All clients behind the same IP address share the limit. This run reads customers one by one. " +
			"One `commercelayer_customers` with their `ids` or `emails` needs only one request for 25 of them."},
	} {
		data := &providerData{}
		var diags diag.Diagnostics
		for range 3 {
			data.warnIfSlow(tt.stats, &diags)
		}
		var got []string
		for _, d := range diags {
			got = append(got, d.Detail())
		}
		if strings.Join(got, "\n") != tt.want || diags.HasError() {
			t.Errorf("%+v: got %q, want %q", tt.stats, got, tt.want)
		}
	}
}
