//go:build unix

package provider

import (
	"errors"
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// TestAccInterruptEndsAPlanSoon interrupts the CLI while the provider waits. Without
// the interrupt, each wait would last a minute or longer. The tests of the client
// interrupt every kind of wait.
func TestAccInterruptEndsAPlanSoon(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		signal syscall.Signal
		// group tells that the signal goes to the provider, too. Runners and
		// supervisors send SIGTERM to a whole process group.
		group bool
		waits func(*api) emulator.Answer
	}{
		"an interrupt during a body": {
			syscall.SIGINT, false, func(a *api) emulator.Answer { return a.Stall() },
		},
		"a SIGTERM to the group while nobody answers": {
			syscall.SIGTERM, true, func(a *api) emulator.Answer { return a.Delay(time.Hour) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := startAPI(t)
			api.Inject(emulator.Fault{Answer: tt.waits(api)})
			asked := make(chan struct{}, 1000)
			api.OnRequest(func(*http.Request) { asked <- struct{}{} })
			c := newProcessCLI(t, api.config(john, `request_timeout = "1h"`))
			c.driver.Attributes = &syscall.SysProcAttr{Setpgid: true}
			command, wait := c.startUntilAsked(asked, "plan", "-json", "-lock=false")
			process := command.Process.Pid
			if tt.group {
				process = -process
			}
			sent := time.Now()
			noError(t, syscall.Kill(process, tt.signal))
			result := wait()
			if took := time.Since(sent); took > 5*time.Second {
				t.Errorf("the plan ended %s after the signal", took)
			}
			found := false
			for _, d := range result.errors() {
				found = found || d.Summary == "Read canceled"
			}
			if !found {
				t.Errorf("the read was not canceled: %v", result.errors())
			}
			if !eventually(func() bool { return errors.Is(syscall.Kill(-command.Process.Pid, 0), syscall.ESRCH) }) {
				t.Error("the provider still runs")
			}
		})
	}
}
