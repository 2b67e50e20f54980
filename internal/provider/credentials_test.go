package provider

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func withToken(token string) string { return fmt.Sprintf("token = %q", token) }

func TestAccClientCredentialsAreExchangedOnceForManyCustomers(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(30))
	newCLI(t, api.configWith(customersByID(api.CustomerIDs()), withClient(emulator.DefaultClientID, emulator.DefaultClientSecret)...)).
		apply().wantOutput("arrived", "32")
	if n := api.Count(http.MethodPost, "/oauth/token"); n != 1 {
		t.Errorf("%d requests for a token", n)
	}
	if refused := api.CountStatus(http.StatusUnauthorized); refused > 0 {
		t.Errorf("%d requests were sent without the token", refused)
	}
}

func TestAccWrongClientSecretIsNeitherTriedAgainNorQuoted(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	const secret = "wRoNgClIeNtSeCrEt"
	result := newCLI(t, api.configWith(john, withClient(emulator.DefaultClientID, secret)...)).plan()
	d := result.wantError("Client credentials refused", "POST /oauth/token", "401 Unauthorized", "invalid_client", "`client_id` and `client_secret` of the provider")
	if strings.Contains(d.Detail, secret) {
		t.Errorf("the secret is quoted: %s", d)
	}
	api.wantRequests(t, "POST /oauth/token")
}

func TestAccRevokedTokenThatWasGivenIsAnError(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	api.RevokeAllTokens()
	newCLI(t, api.config(john)).plan().wantError("Access token not accepted", "INVALID_TOKEN", "`token` of the provider", "`client_id` and `client_secret`")
	api.wantRequests(t, "GET /api/customers/xYZkjABcde")
}

func TestAccExpiredTokenSaysSinceWhen(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	token := api.IssueToken(emulator.TokenOptions{TTL: -(3*time.Hour + 12*time.Minute + 30*time.Second)})
	newCLI(t, api.configWith(john, withToken(token))).plan().wantError("Access token expired", "expired 3 h 12 min ago", "renews them before they expire")
	api.wantRequests(t, "GET /api/customers/xYZkjABcde")
}

func TestAccTokenOfAnotherOrganizationIsRefused(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	token := api.IssueToken(emulator.TokenOptions{Slug: "globex"})
	newCLI(t, api.configWith(john, withToken(token))).plan().wantError("Access token not accepted", "belongs to another organization", "globex")
}

func TestAccPermissionThatIsMissingIsNotAskedForAgain(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		application emulator.Application
		words       []string
	}{
		"an integration whose role can't read customers": {
			emulator.Application{ClientID: "i", ClientSecret: "s"},
			[]string{"no permission to read", "`read_only` or `admin`", "UNAUTHORIZED"},
		},
		"a sales channel": {
			emulator.Application{ClientID: "i", Kind: emulator.KindSalesChannel},
			[]string{"sales channels can't read customers", "integration"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := startAPI(t)
			api.AddApplication(tt.application)
			credentials := withClient("i", "s")
			if tt.application.Kind == emulator.KindSalesChannel {
				credentials = []string{`client_id = "i"`}
			}
			newCLI(t, api.configWith(john, credentials...)).plan().wantError("Permission missing", tt.words...)
			api.wantRequests(t, "POST /oauth/token", "GET /api/customers/xYZkjABcde")
		})
	}
}

func TestAccModeGuardRefusesACustomerOfTheOtherMode(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithLive())
	for _, body := range []string{
		john,
		`data "commercelayer_customer" "test" { email = "john@example.com" }`,
		`data "commercelayer_customers" "test" { limit = 1 }`,
	} {
		c := newCLI(t, api.config(body, `mode = "test"`))
		c.apply().wantError("Wrong mode", "the answer is of the mode live")
		if state, err := os.ReadFile(c.path("terraform.tfstate")); err == nil && strings.Contains(string(state), "john") {
			t.Errorf("the customer is in the state:\n%s", state)
		}
	}
	newCLI(t, api.config(john, `mode = "live"`)).apply().wantOutput("email", `"john@example.com"`)
}
