package provider

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

// TestAccAnswersThatContradictThemselves checks the errors for answers whose
// parts contradict each other.
func TestAccAnswersThatContradictThemselves(t *testing.T) {
	t.Parallel()
	const (
		token    = `{"access_token":"` + secretToken + `","token_type":"Bearer","expires_in":7200}`
		customer = `{"id":"one","type":"customers","attributes":{"email":"` + addressOfUser + `","status":"prospect"}}`
		one      = `{"data":` + customer + `}`
		list     = `{"data":[` + customer + `],"meta":{"record_count":1}}`
		three    = `data "commercelayer_customer" "test" {
  count      = 3
  id         = "one"
  depends_on = [data.commercelayer_customer.first]
}
data "commercelayer_customer" "first" { id = "one" }
`
		byAddress = `data "commercelayer_customer" "test" { email = "somebody.else@example.net" }`
		byList    = `data "commercelayer_customers" "test" {}`
		byFilter  = `data "commercelayer_customers" "test" { filter = { status_eq = "repeat" } }`
	)
	for name, tt := range map[string]struct {
		config, token string
		answer        func(*http.Request) string
		requests      int // to both endpoints; 0 if the number depends on how fast the CLI reads
		want          []string
	}{
		"a token that has ended already": {
			three, strings.Replace(token, "7200", "-1", 1), func(*http.Request) string { return plainAnswer(200, one) },
			0, nil,
		},
		"a token with a line end": {
			customerByID("one"), strings.Replace(token, `","token_type`, `\n","token_type`, 1),
			func(*http.Request) string { return plainAnswer(200, one) }, 1, []string{"Token endpoint broken",
				"contains a character that no token has"},
		},
		"errors with the status of a success": {
			customerByID("one"), token, func(*http.Request) string {
				return plainAnswer(200,
					`{"errors":[{"title":"Maintenance","detail":"Back at noon.","code":"DOWN","status":"503"}]}`)
			}, 3, []string{"Server error of the API", "Maintenance: Back at noon. (DOWN)", "2, in"},
		},
		"another status of a success": {
			customerByID("one"), token, func(*http.Request) string { return plainAnswer(201, one) }, 2, nil,
		},
		"a filter by address that is ignored": {
			byAddress, token, func(*http.Request) string { return plainAnswer(200, list) }, 2,
			[]string{"Filter ignored by the API", "that were not asked for", "GET /api/customers at"},
		},
		"a filter that is ignored": {
			byFilter, token, func(*http.Request) string { return plainAnswer(200, list) }, 3,
			[]string{"Filter ignored by the API", `the customer "one" does not match`, "GET /api/customers at"},
		},
		"a customer who can't be read": {
			byList, token, func(*http.Request) string {
				return plainAnswer(200, strings.Replace(list, `"status":"prospect"`, `"status":7`, 1))
			}, 2,
			[]string{"Malformed answer", `the customer "one": the attribute status must not be a JSON number`, "GET /api/customers at"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var tokens atomic.Int32
			server := startOddServer(t, func(r *http.Request) string {
				if r.URL.Path == "/oauth/token" {
					tokens.Add(1)
					return plainAnswer(200, tt.token)
				}
				return tt.answer(r)
			})
			c := newCLI(t, providerBlock(append(withClient("i", secretOfClient), fmt.Sprintf("domain = %q", server.url), impatient)...)+tt.config+"\n")
			result := c.run("plan", "-no-color")
			shown := strings.Join(strings.Fields(strings.ReplaceAll(result.stdout+result.stderr, "│", "")), " ")
			if result.failed != (tt.want != nil) {
				t.Fatalf("failed: %t\n%s", result.failed, shown)
			}
			for _, want := range tt.want {
				if !strings.Contains(shown, want) {
					t.Errorf("%q is missing in %s", want, shown)
				}
			}
			if got := tokens.Load(); got != 1 {
				t.Errorf("%d tokens were asked for", got)
			}
			if got := server.asked(); got != tt.requests && tt.requests > 0 {
				t.Errorf("%d requests were sent instead of %d", got, tt.requests)
			}
			find(t, "output", withoutConfiguration(result.stdout+result.stderr), secretToken, secretOfClient,
				addressOfUser, "private.person")
		})
	}
}
