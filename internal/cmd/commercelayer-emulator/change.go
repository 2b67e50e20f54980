package main

import (
	"fmt"
	"io"
	"net/http"
	"sync"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

const whenToSwitch = "at SIGHUP (not for exec, not on Windows) or with -next-at-run"

// change is the switch from the first data to the next. It happens once.
type change struct {
	once   sync.Once
	api    *emulator.Emulator
	next   *emulator.Data // nil when nothing changes
	path   string
	stderr io.Writer
}

// newChange switches at the given run by itself. A run of Terraform that reads
// asks for a token once, whatever else it asks for, so token requests are what
// runs are told apart by.
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

// now switches, unless that has been done.
func (c *change) now(reason string) {
	c.once.Do(func() {
		c.api.ReplaceData(c.next)
		fmt.Fprintf(c.stderr, "%s%s, serving %s from now on\n", nameInErrors, reason, c.path)
	})
}
