package provider

import (
	"net/http"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// TestAccInterruptEndsAPlanSoon interrupts the CLI while the provider waits.
// Without the interrupt, each wait would last a minute or longer.
func TestAccInterruptEndsAPlanSoon(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("A process can't be interrupted on Windows.")
	}
	for name, tt := range map[string]struct {
		options []emulator.Option
		prepare func(*testing.T, *api)
		config  func(*api) string
		until   func(*http.Request) bool
	}{
		"during a request": {
			prepare: func(_ *testing.T, a *api) { a.Inject(emulator.Fault{Answer: a.SlowHeaders(time.Hour)}) },
			config:  func(a *api) string { return a.config(john, `request_timeout = "1h"`) },
		},
		"during a body": {
			prepare: func(_ *testing.T, a *api) { a.Inject(emulator.Fault{Answer: a.Stall()}) },
			config:  func(a *api) string { return a.config(john, `request_timeout = "1h"`) },
		},
		"during a request for a token": {
			prepare: func(_ *testing.T, a *api) {
				a.Inject(emulator.Fault{PathPrefix: "/oauth/", Answer: a.SlowHeaders(time.Hour)})
			},
			config: func(a *api) string {
				return a.configWith(john, append(withClient(emulator.DefaultClientID, emulator.DefaultClientSecret), `request_timeout = "1h"`)...)
			},
		},
		"during a wait for the rate limit": {
			options: []emulator.Option{exhausted()},
			prepare: func(t *testing.T, a *api) {
				t.Helper()
				newProcessCLI(t, a.config(john)).plan().ok()
			},
			config: func(a *api) string { return a.config(john) },
		},
		"during a pause before another attempt": {
			prepare: func(_ *testing.T, a *api) { a.Inject(emulator.Fault{Answer: emulator.Status(503)}) },
			config:  func(a *api) string { return a.config(john, "max_retries = 100") },
		},
		"during a list": {
			options: []emulator.Option{emulator.WithCustomers(60)},
			prepare: func(_ *testing.T, a *api) { a.Inject(emulator.Fault{Answer: a.SlowHeaders(time.Hour)}) },
			config:  func(a *api) string { return a.config(customersWith(), `request_timeout = "1h"`) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := startAPI(t, tt.options...)
			tt.prepare(t, api)
			asked := make(chan struct{}, 1000)
			api.OnRequest(func(*http.Request) { asked <- struct{}{} })
			command, wait := newProcessCLI(t, tt.config(api)).startUntilAsked(asked, "plan", "-json", "-lock=false")
			interrupted := time.Now()
			if err := command.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			result := wait()
			if took := time.Since(interrupted); took > 5*time.Second {
				t.Errorf("the plan ended %s after the interrupt", took)
			}
			found := false
			for _, d := range result.errors() {
				found = found || d.Summary == "Read canceled"
			}
			if !found {
				t.Errorf("the read was not canceled: %v", result.errors())
			}
			api.wantNothingOpen(t)
		})
	}
}
