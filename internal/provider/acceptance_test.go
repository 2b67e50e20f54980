package provider

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// organization holds the variables COMMERCELAYER_* of the environment, for the
// tests in organization_test.go. All other tests read from an emulator only.
var organization = map[string]string{}

// TestMain removes COMMERCELAYER_* from the environment before the tests. After
// the tests it looks for goroutines that the reads have left behind.
func TestMain(m *testing.M) {
	for _, variable := range os.Environ() {
		if name, value, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "COMMERCELAYER_") {
			organization[name] = value
			_ = os.Unsetenv(name)
		}
	}
	code := m.Run()
	for what, found := range map[string]string{"races in the provider": removeBinary(), "goroutines that the reads left behind": leftGoroutines()} {
		if found != "" {
			fmt.Fprintf(os.Stderr, "There are %s:\n\n%s\n", what, found)
			code = 1
		}
	}
	os.Exit(code)
}

// leftGoroutines returns the stacks of goroutines of the client and the
// provider. It waits first, so that goroutines that are about to end do end.
func leftGoroutines() string {
	var left []string
	eventually(func() bool {
		buffer := make([]byte, 4<<20)
		buffer = buffer[:runtime.Stack(buffer, true)]
		left = slices.DeleteFunc(strings.Split(string(buffer), "\n\n"), func(stack string) bool {
			return strings.Contains(stack, "provider.TestMain(") ||
				!strings.Contains(stack, "/internal/commercelayer.") && !strings.Contains(stack, "/internal/provider.")
		})
		return len(left) == 0
	})
	return strings.Join(left, "\n\n")
}

// eventually waits for a condition, and tells whether it became true in time.
func eventually(condition func() bool) bool {
	deadline := time.After(5 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !condition() {
		select {
		case <-tick.C:
		case <-deadline:
			return condition()
		}
	}
	return true
}

// providerFactories serve the provider to the real CLI from this process.
var providerFactories = map[string]func() (tfprotov6.ProviderServer, error){
	"commercelayer": func() (tfprotov6.ProviderServer, error) { return NewServer("test")(), nil },
}

// acceptance runs steps with the real CLI and the provider in this process.
func acceptance(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: providerFactories, Steps: steps})
}

// emptyPlan is a step that fails if the plan has changes.
func emptyPlan(config string) resource.TestStep {
	return resource.TestStep{
		Config:           config,
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
	}
}

// api is an emulated API that a test talks to over HTTP.
type api struct {
	*emulator.Emulator
	url string
	// open counts the connections.
	open *atomic.Int64
}

// startAPI starts an emulator for one test. The test fails if a request is
// still running at its end.
func startAPI(t *testing.T, options ...emulator.Option) *api {
	t.Helper()
	return serveAPI(t, (*httptest.Server).Start, options...)
}

// serveAPI is startAPI with a function that starts the server, such as with
// TLS.
func serveAPI(t *testing.T, start func(*httptest.Server), options ...emulator.Option) *api {
	t.Helper()
	e := emulator.New(options...)
	server := httptest.NewUnstartedServer(e)
	open := &atomic.Int64{}
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		switch s {
		case http.StateNew:
			open.Add(1)
		case http.StateClosed, http.StateHijacked:
			open.Add(-1)
		case http.StateActive, http.StateIdle:
		}
	}
	start(server)
	t.Cleanup(func() {
		if !eventually(func() bool { return e.InFlight() == 0 }) {
			t.Errorf("%d requests are still under way", e.InFlight())
		}
		e.Close()
		server.CloseClientConnections() // a provider in this process is not told when to close its connections
		server.Close()
	})
	return &api{Emulator: e, url: server.URL, open: open}
}

// wantNothingOpen fails unless every connection is closed. The connections of a
// provider process close when the process ends.
func (a *api) wantNothingOpen(t *testing.T) {
	t.Helper()
	if !eventually(func() bool { return a.open.Load() == 0 && a.InFlight() == 0 }) {
		t.Errorf("%d connections are open, with %d requests", a.open.Load(), a.InFlight())
	}
}

// config returns a configuration that reads from the API with the default
// token. The settings are added to the provider block.
func (a *api) config(body string, settings ...string) string {
	return a.configWith(body, append([]string{fmt.Sprintf("token = %q", emulator.DefaultToken)}, settings...)...)
}

// configWith is config without the default token.
func (a *api) configWith(body string, settings ...string) string {
	return providerBlock(append([]string{fmt.Sprintf("domain = %q", a.url)}, settings...)...) + body
}

// withClient returns the settings for client credentials.
func withClient(id, secret string) []string {
	return []string{fmt.Sprintf("client_id = %q", id), fmt.Sprintf("client_secret = %q", secret)}
}

func providerBlock(settings ...string) string {
	return "provider \"commercelayer\" {\n  " + strings.Join(settings, "\n  ") + "\n}\n"
}

// john reads the customer of the API's documentation.
const john = `
data "commercelayer_customer" "john" {
  id = "xYZkjABcde"
}
output "email" {
  value = data.commercelayer_customer.john.email
}
`

// customerByID is a data source that reads one customer.
func customerByID(id string) string {
	return fmt.Sprintf("data \"commercelayer_customer\" \"test\" {\n  id = %q\n}\n", id)
}

// customersByID returns data sources that read one customer each, and an output
// that counts the distinct e-mail addresses of the customers.
func customersByID(ids []string) string {
	return fmt.Sprintf(`
data "commercelayer_customer" "each" {
  for_each = toset(%s)
  id       = each.key
}
output "arrived" {
  value = length(toset([for c in data.commercelayer_customer.each : c.email]))
}
`, hclList(ids))
}

func hclList(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = fmt.Sprintf("%q", v)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// lines returns the requests in a readable form, such as GET
// /api/customers?sort=id.
func (a *api) lines(t *testing.T) []string {
	t.Helper()
	var list []string
	for _, r := range a.Requests() {
		line := r.Method + " " + r.Path
		if r.RawQuery != "" {
			query, err := url.QueryUnescape(r.RawQuery)
			if err != nil {
				t.Fatal(err)
			}
			line += "?" + query
		}
		list = append(list, line)
	}
	return list
}

// wantRequests fails unless the API got exactly these requests, in this order.
func (a *api) wantRequests(t *testing.T, want ...string) {
	t.Helper()
	if got := a.lines(t); !slices.Equal(got, want) {
		t.Errorf("requests:\n  %s\nwant:\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// wantCustomerRequests fails unless the number of requests for customers is
// between least and most.
func (a *api) wantCustomerRequests(t *testing.T, least, most int) {
	t.Helper()
	if n := a.Count(http.MethodGet, "/api/"); n < least || n > most {
		t.Errorf("%d requests for customers, want %d to %d:\n  %s", n, least, most, strings.Join(a.lines(t), "\n  "))
	}
}

// A refusal has arguments that are refused, and the texts of the error.
type refusal struct{ arguments, summary, detail string }

// refusals validates a data source with the arguments of each refusal, by name.
// It also checks that a plan fails before any request is sent.
func refusals(t *testing.T, dataSource string, list map[string]refusal) {
	t.Helper()
	api := startAPI(t)
	var body strings.Builder
	for name, r := range list {
		fmt.Fprintf(&body, "data %q %q {\n  %s\n}\n", dataSource, name, r.arguments)
	}
	c := newCLI(t, api.config(body.String()))
	got := map[string][]diagnostic{}
	for _, d := range c.validate() {
		got[d.Address] = append(got[d.Address], d)
	}
	for name, r := range list {
		switch found := got["data."+dataSource+"."+name]; len(found) {
		case 1:
			wantDiagnostic(t, found[0], r.summary, r.detail)
		default:
			t.Errorf("%s: %d errors, want one: %v", name, len(found), found)
		}
	}
	if !c.plan().failed {
		t.Error("the plan went through")
	}
	api.wantRequests(t)
}

// apiLatency is about as long as an answer of the real API takes. Reads that
// start during that time share a request, so tests of shared requests do not
// depend on how fast the machine is.
const apiLatency = 50 * time.Millisecond
