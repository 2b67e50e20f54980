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

// organization is what the environment said of a real organization, for
// organization_test.go. Every other test reads from an emulator alone.
var organization = map[string]string{}

// TestMain takes COMMERCELAYER_* out of the environment before the tests, and
// looks for goroutines that the reads left behind after them.
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

// leftGoroutines returns the stacks of the client's and the provider's
// goroutines, once those that are about to end had the time to.
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

// eventually reports whether the condition came true before long.
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

// providerFactories serve the provider in this process to the real CLI.
var providerFactories = map[string]func() (tfprotov6.ProviderServer, error){
	"commercelayer": func() (tfprotov6.ProviderServer, error) { return NewServer("test")(), nil },
}

// acceptance runs steps through the real CLI, with the provider in this process.
func acceptance(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: providerFactories, Steps: steps})
}

// emptyPlan is a step that fails if there is anything left to do.
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

// startAPI starts an emulator for one test. At the end of the test nothing may
// be under way there.
func startAPI(t *testing.T, options ...emulator.Option) *api {
	t.Helper()
	return serveAPI(t, (*httptest.Server).Start, options...)
}

// serveAPI is startAPI with another way to start the server.
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
		server.CloseClientConnections() // of the provider in this process, which nobody tells when to close them
		server.Close()
	})
	return &api{Emulator: e, url: server.URL, open: open}
}

// wantNothingOpen fails unless every connection was closed, as those of a
// provider are that has ended.
func (a *api) wantNothingOpen(t *testing.T) {
	t.Helper()
	if !eventually(func() bool { return a.open.Load() == 0 && a.InFlight() == 0 }) {
		t.Errorf("%d connections are open, with %d requests", a.open.Load(), a.InFlight())
	}
}

// config is a configuration that reads from the API with its default token,
// and the settings of the provider block if any are given.
func (a *api) config(body string, settings ...string) string {
	return a.configWith(body, append([]string{fmt.Sprintf("token = %q", emulator.DefaultToken)}, settings...)...)
}

// configWith is config without a token of its own.
func (a *api) configWith(body string, settings ...string) string {
	return providerBlock(append([]string{fmt.Sprintf("domain = %q", a.url)}, settings...)...) + body
}

// withClient are the settings of an application's credentials.
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

// customersByID are data sources that read a customer each, with an output that
// counts the distinct e-mail addresses which arrived.
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

// lines writes the requests as a person would: GET /api/customers?sort=id.
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

// wantRequests fails unless exactly these requests were made, in this order.
func (a *api) wantRequests(t *testing.T, want ...string) {
	t.Helper()
	if got := a.lines(t); !slices.Equal(got, want) {
		t.Errorf("requests:\n  %s\nwant:\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// wantCustomerRequests fails unless so many requests for customers were made.
func (a *api) wantCustomerRequests(t *testing.T, least, most int) {
	t.Helper()
	if n := a.Count(http.MethodGet, "/api/"); n < least || n > most {
		t.Errorf("%d requests for customers, want %d to %d:\n  %s", n, least, most, strings.Join(a.lines(t), "\n  "))
	}
}

// refusal are arguments that are refused, with the words that say so.
type refusal struct{ arguments, summary, detail string }

// refusals validates a data source for each of the refusals, by name, and makes
// sure that a plan ends before anything is asked.
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

// apiLatency is what the real API's answers take, roughly. Reads that come
// meanwhile travel together, however slow the machine is that runs the tests.
const apiLatency = 50 * time.Millisecond
