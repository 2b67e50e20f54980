package provider

import (
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestAccUnknownConfigurationIsAnErrorThatNamesItUntilItIsKnown(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	// The environment must not replace unknown values.
	c := newCLI(t, api.configWith(created("value", emulator.DefaultToken)+john, "token = terraform_data.value.output"),
		"COMMERCELAYER_TOKEN=wrong", "COMMERCELAYER_DOMAIN="+api.url)
	c.plan().wantError("Provider configuration not known yet", "`token`", "COMMERCELAYER_TOKEN", "-target")
	api.wantRequests(t)

	c.apply("-target=terraform_data.value").ok()
	c.apply().wantOutput("email", `"john@example.com"`)
}

func TestAccUnknownConfigurationThatIsNotNeededDoesNoHarm(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	newCLI(t, api.config(john, "scope = terraform_data.value.output", "request_timeout = terraform_data.time.output")+
		created("value", "market:all")+created("time", "20s")).plan().ok()
	api.wantRequests(t, "GET /api/customers/xYZkjABcde")
}
