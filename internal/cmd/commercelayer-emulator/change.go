package main

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

const whenToSwitch = "at SIGHUP (not for exec, not on Windows) or with -next-at-run"

// change returns a function that switches from the first data to those of -next,
// once. With -next-at-run, that happens by itself when that run begins. Each run
// of Terraform that reads something asks for a token once, so the number of
// token requests is the number of runs.
func (o *options) change(api *emulator.Emulator, next *emulator.Data, stderr io.Writer) func(reason string) {
	var once sync.Once
	change := func(reason string) {
		once.Do(func() {
			api.ReplaceData(next)
			fmt.Fprintf(stderr, "%s%s, so %s is served from now on\n", nameInErrors, reason, o.next)
		})
	}
	var runs atomic.Int64
	api.OnRequest(func(r *http.Request) {
		if o.nextAtRun > 0 && r.URL.Path == "/oauth/token" && runs.Add(1) == int64(o.nextAtRun) {
			change(fmt.Sprintf("run %d begins", o.nextAtRun))
		}
	})
	return change
}
