package provider

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// impatient is a setting with which the provider soon reports a lasting fault.
const impatient = "max_retries = 1"

// jsonAPI is an answer with the status 200 and a document.
func jsonAPI(body string) emulator.Answer {
	return emulator.Body(http.StatusOK, "application/vnd.api+json", body)
}

// TestAccFaultsAreErrors shows how a fault reaches a user: as an error that says
// what happened, after no request that can't help, and without the answer. The tests
// of the client have every kind of fault. The texts are in testdata/diagnostics.txt.
func TestAccFaultsAreErrors(t *testing.T) {
	t.Parallel()
	const api, endpoint = "GET /api/customers/xYZkjABcde", "POST /oauth/token"
	for name, tt := range map[string]struct {
		request  string
		answer   emulator.Answer
		summary  string
		words    []string
		requests int
	}{
		"503": {
			api, emulator.Status(503), "Server error of the API",
			[]string{"503 Service Unavailable", "Attempts:   2", "`max_retries`"}, 2,
		},
		"another customer": {api, emulator.WrongID(), "Answer for another resource", []string{`"wRoNgIdAbC"`}, 1},
		"redirect of the token": {
			endpoint, emulator.Redirect(307, "https://login.example.net/?x"), "Redirect refused",
			[]string{"https://login.example.net", "`domain` of the provider, from which"}, 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := startAPI(t)
			method, path, _ := strings.Cut(tt.request, " ")
			a.Inject(emulator.Fault{PathPrefix: path, Answer: tt.answer})
			settings := append(withClient(), impatient)
			result := newCLI(t, a.configWith(john, settings...)).apply()
			d := result.wantError(tt.summary, append(tt.words, tt.request)...)
			if len(result.outputs) > 0 || strings.Contains(d.Detail, "?x") {
				t.Errorf("more than the error is shown: %v %s", result.outputs, d)
			}
			if n := a.Count(method, path); n != tt.requests || tt.request == endpoint && len(a.Requests()) != n {
				t.Errorf("requests %v, want %d", a.lines(t), tt.requests)
			}
		})
	}
}

func TestAccFaultsThatPassCostNothing(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(58))
	api.Inject(emulator.Fault{PathPrefix: "/oauth/", Times: 1, Answer: emulator.Status(502)})
	api.Inject(emulator.Fault{Name: "503", Every: 5, Answer: emulator.Status(503)})
	api.Inject(emulator.Fault{Name: "cut", Every: 10, Answer: emulator.Cut()})
	config := customersByID(api.CustomerIDs()) + customersWith()
	result := newCLI(t,
		api.configWith(config, withClient()...)).apply()
	result.wantOutput("arrived", "60")
	result.wantOutput("total", "60")
	if api.CountFault("503") == 0 {
		t.Error("nothing failed")
	}
	if n := api.Count(http.MethodPost, "/oauth/token"); n != 2 {
		t.Errorf("%d requests for a token, want one that failed and one", n)
	}
}

func TestAccOutageIsLearnedOnce(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	api.Inject(emulator.Fault{Answer: emulator.Status(http.StatusServiceUnavailable)})
	var ids []string
	for i := range 60 {
		ids = append(ids, fmt.Sprintf("customer%02d", i))
	}
	errs := newCLI(t, api.config(customersByID(ids), impatient)).plan().errors()
	untried := 0
	for _, d := range errs {
		wantDiagnostic(t, d, "Server error of the API", "GET /api/customers", "503 Service Unavailable")
		if strings.Contains(d.Detail, "Nothing more was tried.") {
			untried++
		}
	}
	if n := len(api.Requests()); len(errs) != 60 || untried < 30 || n > 6 {
		t.Errorf("%d errors, of which %d cost nothing, and %d requests", len(errs), untried, n)
	}
}

func TestTokenSwappedForALiveOneIsNotUsed(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	var once sync.Once
	api.OnRequest(func(r *http.Request) {
		if r.Method == http.MethodGet {
			once.Do(func() {
				api.RevokeAllTokens()
				api.AddApplication(emulator.Application{
					ClientID: emulator.DefaultClientID, ClientSecret: emulator.DefaultClientSecret, CanReadCustomers: true, Live: true,
				})
			})
		}
	})
	p := newProtocol(t)
	p.configure(t, args{
		attrDomain: api.url, attrMode: "test",
		attrClientID: emulator.DefaultClientID, attrClientSecret: emulator.DefaultClientSecret,
	})
	wantOne(t, p.read(t, oneCustomer, args{"id": "xYZkjABcde"}).diagnostics, "Wrong mode",
		"the access token is of the mode live")
	api.wantRequests(t, "POST /oauth/token", "GET /api/customers/xYZkjABcde", "POST /oauth/token")
}
