package commercelayer

import (
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// TestListTellsWhatItWaitedInAll reads lists that the limit holds up several
// times. The whole time is more than the longest hold.
func TestListTellsWhatItWaitedInAll(t *testing.T) {
	for name, q := range map[string]Query{
		"by ID":   {IDs: numbered("a", 1500)},
		"by page": {Filter: map[string]string{"email_start": "customer"}},
	} {
		bubble(t, name, func(t *testing.T) {
			e := emulator.New(emulator.WithCustomers(1500), emulator.WithLimits())
			c := newClient(t, &wire{handler: e})
			start := time.Now()
			list, _ := listed(t, c, q)
			// Sixty requests: 25 in each of the first two windows of ten seconds.
			if took := time.Since(start); list.Waited < 19*time.Second || list.Waited > took {
				t.Errorf("the wait is %s of %s", list.Waited, took)
			}
		})
	}
}
