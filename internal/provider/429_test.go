package provider

import (
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// This test waits for up to a minute, since a refused read does. Its file has the
// first name of all, so that it starts first and waits beside the others.
func TestAccRefusedReadWaitsAndAsksAgain(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	api.Inject(emulator.Fault{Times: 2, Answer: emulator.Throttled()})
	result := newCLI(t, api.config(john)).apply()
	result.wantOutput("email", `"john@example.com"`)
	api.wantCustomerRequests(t, 3, 3) // and not a thousand, as Retry-After: 0 invites to
	if result.Took < 2*time.Second {
		t.Errorf("it was back after %s", result.Took)
	}
}
