package main

import (
	"fmt"
	"io"
	"net/http"
	"sync"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

const whenToSwitch = "at SIGHUP (not for exec, not on Windows) or with -next-at-run"

// change is the switch from the first data to that of -next. It happens once.
type change struct {
	once   sync.Once
	api    *emulator.Emulator
	next   *emulator.Data // nil without -next
	path   string
	stderr io.Writer
}

// newChange makes a change that happens by itself when the run of -next-at-run
// begins. Each run of Terraform that reads something asks for a token once, so
// the number of token requests is the number of runs.
func newChange(api *emulator.Emulator, next *emulator.Data, o *options, stderr io.Writer) *change {
	c := &change{api: api, next: next, path: o.next, stderr: stderr}
	if next == nil || o.nextAtRun == 0 {
		return c
	}
	var mu sync.Mutex
	runs := 0
	api.OnRequest(func(r *http.Request) {
		if r.URL.Path != "/oauth/token" {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if runs++; runs == o.nextAtRun {
			c.now(fmt.Sprintf("run %d begins", runs))
		}
	})
	return c
}

// now switches to the next data. Further calls do nothing.
func (c *change) now(reason string) {
	c.once.Do(func() {
		c.api.ReplaceData(c.next)
		fmt.Fprintf(c.stderr, "%s%s, so %s is served from now on\n", nameInErrors, reason, c.path)
	})
}
