package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// options are the flags that serving and exec have in common.
type options struct {
	data, next string
	nextAtRun  uint
	live       bool
	limits     bool
	customers  uint
	latency    time.Duration
	log        bool
}

// register adds the flags. logUsage says what -log does.
func (o *options) register(flags *flag.FlagSet, logUsage string) {
	flags.StringVar(&o.data, "data", "",
		"serve only the customers in this JSON:API `file`, or in the *.json files of this folder")
	flags.StringVar(&o.next, "next", "",
		"the `file` or folder to serve after a switch, to rehearse a change; it switches at SIGHUP "+
			"(not for exec, not on Windows) or with -next-at-run")
	flags.UintVar(&o.nextAtRun, "next-at-run", 0,
		"switch to -next when run `n` begins; each request for a token begins a run (default for exec: 2)")
	flags.BoolVar(&o.live, "live", false, "emulate live mode instead of test mode")
	flags.BoolVar(&o.limits, "limits", false, "enforce the API's rate limits for this mode")
	flags.UintVar(&o.customers, "customers", 0, "add this `number` of generated customers to the two example customers")
	flags.DurationVar(&o.latency, "latency", 0, "wait this long before each answer")
	flags.BoolVar(&o.log, "log", false, logUsage)
}

// parse reads the flags, and finds the mistakes that show before any file is
// read. It prints the help only when -help is given. After a mistake, the long
// help would hide the line that names the mistake.
func (o *options) parse(flags *flag.FlagSet, args []string, stderr io.Writer) error {
	flags.SetOutput(io.Discard)
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		flags.SetOutput(stderr)
		flags.Usage()
		return err
	case err != nil:
		return wrongUsage("%v (see -help)", err)
	case o.data != "" && o.customers > 0:
		return wrongUsage("-customers adds to the example customers, but -data replaces them: use one of them")
	case o.nextAtRun > 0 && o.next == "":
		return wrongUsage("-next-at-run says when to switch to -next, which is missing")
	case o.nextAtRun == 1:
		return wrongUsage("-next-at-run 1 would never serve -data: give 2 or more")
	}
	return nil
}

// build makes the emulator, and a function that switches to -next. The line
// about the switch goes to stderr.
func (o *options) build(stderr io.Writer) (api *emulator.Emulator, change func(), err error) {
	opts := []emulator.Option{emulator.WithCustomers(int(o.customers)), emulator.WithLatency(o.latency)}
	if o.live {
		opts = append(opts, emulator.WithLive())
	}
	if o.limits {
		opts = append(opts, emulator.WithLimits())
	}
	if o.data != "" {
		data, err := o.read(o.data)
		if err != nil {
			return nil, nil, err
		}
		slug, id := data.Organization()
		if slug != "" && id != "" {
			// Errors of the provider then name the organization of the data.
			opts = append(opts, emulator.WithOrganization(slug, id))
		}
		opts = append(opts, emulator.WithData(data))
	}
	api = emulator.New(opts...)
	if o.next == "" {
		return api, nil, nil
	}
	next, err := o.read(o.next)
	if err != nil {
		return nil, nil, err
	}
	change = sync.OnceFunc(func() {
		api.ReplaceData(next)
		fmt.Fprintf(stderr, "%s%s is served from now on\n", nameInErrors, o.next)
	})
	// Each run of Terraform that reads something asks for a token once, so the
	// number of token requests is the number of runs.
	var runs atomic.Uint64
	api.OnRequest(func(r *http.Request) {
		if r.URL.Path == "/oauth/token" && runs.Add(1) == uint64(o.nextAtRun) {
			change()
		}
	})
	return api, change, nil
}

// read reads data, and refuses data of the mode that the emulator is not in.
func (o *options) read(path string) (*emulator.Data, error) {
	data, err := emulator.ReadData(path)
	if err != nil {
		return nil, err
	}
	if mode, place := data.Mode(); mode != "" && mode != o.mode() {
		return nil, fmt.Errorf("%s: %q, but the emulator is in %s mode; the flag -live decides that", place, mode, o.mode())
	}
	return data, nil
}

// mode is the mode of the emulator.
func (o *options) mode() string {
	if o.live {
		return "live"
	}
	return "test"
}

// source names in messages where the customers come from.
func (o *options) source() string { return cmp.Or(o.data, "the built-in example") }
