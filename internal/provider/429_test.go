package provider

import (
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// These tests wait for up to a minute, since a refused read does. Their file has
// the first name of all, so that they start first and wait beside the others.

func TestAccRefusedReadWaitsAndAsksAgain(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	api.Inject(emulator.Fault{Times: 2, Answer: emulator.Throttled()})
	result := newCLI(t, api.config(john)).apply()
	result.wantOutput("email", `"john@example.com"`)
	api.wantCustomerRequests(t, 3, 3) // and not a thousand, as Retry-After: 0 invites to
	if result.took < 2*time.Second {
		t.Errorf("it was back after %s", result.took)
	}
}

func TestAccRefusedRelatedReadWaitsAndAsksAgain(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	api.Inject(emulator.Fault{Times: 1, Answer: emulator.Throttled()})
	newCLI(t, api.config(relatedWith(emulator.FullCustomerID, "tags"))).apply().wantOutput("total", "2")
	api.wantCustomerRequests(t, 2, 2)
}
