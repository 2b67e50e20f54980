package provider

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestAccOutageIsLearnedOnce(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		prefix, summary, request string
		credentials              []string
	}{
		"of the API": {
			"/api/", "Server error of the API", "GET /api/customers",
			[]string{fmt.Sprintf("token = %q", emulator.DefaultToken)},
		},
		"of the token endpoint": {
			"/oauth/", "Server error of the token endpoint", "POST /oauth/token",
			withClient(emulator.DefaultClientID, emulator.DefaultClientSecret),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := startAPI(t)
			api.Inject(emulator.Fault{PathPrefix: tt.prefix, Answer: emulator.Status(http.StatusServiceUnavailable)})
			var ids []string
			for i := range 60 {
				ids = append(ids, fmt.Sprintf("customer%02d", i))
			}
			errs := newCLI(t, api.configWith(customersByID(ids), append(tt.credentials, "max_retries = 1")...)).plan().errors()
			if len(errs) != 60 {
				t.Fatalf("%d errors, want one for each customer", len(errs))
			}
			untried := 0
			for _, d := range errs {
				wantDiagnostic(t, d, tt.summary, tt.request, "503 Service Unavailable")
				if strings.Contains(d.Detail, "was not sent. The reason is that all requests to ") {
					untried++
					wantDiagnostic(t, d, tt.summary, "have failed since ", "Nothing more was tried.")
				}
			}
			if n := api.CountStatus(http.StatusServiceUnavailable); untried < 30 || n > 6 {
				t.Errorf("%d customers cost nothing, and %d requests were sent", untried, n)
			}
		})
	}
}
