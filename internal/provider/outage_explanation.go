package provider

import (
	"fmt"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// explainOutage says why a read made fewer attempts than it might, or none.
func explainOutage(e *commercelayer.Error, o operation) string {
	request := "request for " + o.subject()
	if e.TokenRequest {
		request = "request for an access token"
	}
	sent, last := "was not sent", " Below is how the last of them failed."
	switch e.Attempts {
	case 0:
	case 1:
		sent, last = "was sent only once", ""
	default:
		sent, last = fmt.Sprintf("was sent only %d times", e.Attempts), ""
	}
	return fmt.Sprintf("The %s %s. The reason is that all requests to %s have failed since %s, for %s.%s Nothing more was tried.",
		request, sent, e.Host, e.Outage.UTC().Format("15:04:05 UTC"), humanDuration(time.Since(e.Outage)), last)
}
