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

// Runners and supervisors send SIGTERM to a whole process group: to the CLI, and
// to the provider.
func TestAccSIGTERMToTheProcessGroupIsLikeAnInterrupt(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	api.Inject(emulator.Fault{Answer: api.SlowHeaders(time.Hour)})
	asked := make(chan struct{}, 1000)
	api.OnRequest(func(*http.Request) { asked <- struct{}{} })
	c := newProcessCLI(t, api.config(john, `request_timeout = "1h"`))
	c.driver.SetAttributes(&syscall.SysProcAttr{Setpgid: true})
	command, wait := c.startUntilAsked(asked, "plan", "-json", "-lock=false")
	terminated := time.Now()
	if err := syscall.Kill(-command.Process.Pid, syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	result := wait()
	if took := time.Since(terminated); took > 5*time.Second {
		t.Errorf("the plan ended %s after the signal", took)
	}
	result.wantError("Read canceled")
	if !eventually(func() bool { return errors.Is(syscall.Kill(-command.Process.Pid, 0), syscall.ESRCH) }) {
		t.Error("the provider still runs")
	}
	api.wantNothingOpen(t)
}
