package provider

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// apiLatency is about as long as an answer of the real API takes. Reads that
// start during that time share a request, so tests of shared requests do not
// depend on how fast the machine is.
const apiLatency = 50 * time.Millisecond

// api is an emulated API that a test talks to over HTTP.
type api struct {
	*emulator.Emulator
	url    string
	server *httptest.Server
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
	start(server)
	t.Cleanup(func() {
		if !eventually(func() bool { return e.InFlight() == 0 }) {
			t.Errorf("%d requests are still under way", e.InFlight())
		}
		e.Close()
		server.CloseClientConnections() // a provider in this process is not told when to close its connections
		server.Close()
	})
	return &api{Emulator: e, url: server.URL, server: server}
}

// config returns a configuration that reads from the API with the default
// token. The settings are added to the provider block.
func (a *api) config(body string, settings ...string) string {
	return a.configWith(body, append([]string{withToken(emulator.DefaultToken)}, settings...)...)
}

// configWith is config without the default token.
func (a *api) configWith(body string, settings ...string) string {
	return providerBlock(append([]string{fmt.Sprintf("domain = %q", a.url)}, settings...)...) + body
}

// withToken returns the setting for an access token.
func withToken(token string) string { return fmt.Sprintf("token = %q", token) }

// withClient returns the settings for the emulator's client credentials.
func withClient() []string {
	return []string{
		fmt.Sprintf("client_id = %q", emulator.DefaultClientID),
		fmt.Sprintf("client_secret = %q", emulator.DefaultClientSecret),
	}
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
			noError(t, err)
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
