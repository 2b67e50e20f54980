package provider

import (
	"fmt"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestAccUnknownConfigurationIsAnErrorThatNamesItUntilItIsKnown(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		settings func(*api) []string
		value    func(*api) string
		words    []string
	}{
		"a token": {
			func(a *api) []string {
				return []string{fmt.Sprintf("domain = %q", a.url), "token = terraform_data.value.output"}
			},
			func(*api) string { return emulator.DefaultToken },
			[]string{"`token`", "COMMERCELAYER_TOKEN", "-target"},
		},
		"a domain": {
			func(*api) []string {
				return []string{"domain = terraform_data.value.output", withToken(emulator.DefaultToken)}
			},
			func(a *api) string { return a.url },
			[]string{"`domain`", "COMMERCELAYER_DOMAIN", "-target"},
		},
		"a client secret": {
			func(a *api) []string {
				return []string{fmt.Sprintf("domain = %q", a.url), fmt.Sprintf("client_id = %q", emulator.DefaultClientID), "client_secret = terraform_data.value.output"}
			},
			func(*api) string { return emulator.DefaultClientSecret },
			[]string{"`client_secret`", "COMMERCELAYER_CLIENT_SECRET", "-target"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := startAPI(t)
			c := newCLI(t, providerBlock(tt.settings(api)...)+created("value", tt.value(api))+john,
				// The environment must not replace unknown values.
				"COMMERCELAYER_TOKEN=wrong", "COMMERCELAYER_DOMAIN="+api.url)
			c.plan().wantError("Provider configuration not known yet", tt.words...)
			api.wantRequests(t)

			c.apply("-target=terraform_data.value").ok()
			c.apply().wantOutput("email", `"john@example.com"`)
		})
	}
}

func TestAccUnknownConfigurationThatIsNotNeededDoesNoHarm(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	newCLI(t, api.config(john, "scope = terraform_data.value.output", "request_timeout = terraform_data.time.output")+
		created("value", "market:all")+created("time", "20s")).plan().ok()
	api.wantRequests(t, "GET /api/customers/xYZkjABcde")
}
