package main

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"runtime"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// options are the flags that serving and exec have in common.
type options struct {
	data, next string
	nextAtRun  int
	live       bool
	limits     bool
	customers  int
	latency    time.Duration
	log        bool
}

func (o *options) register(flags *flag.FlagSet, logUsage string) {
	flags.StringVar(&o.data, "data", "",
		"serve only the customers in this JSON:API `file`, or in the *.json files of this folder")
	flags.StringVar(&o.next, "next", "",
		"the `file` or folder to serve after a switch, to rehearse a change; it switches "+whenToSwitch)
	flags.IntVar(&o.nextAtRun, "next-at-run", 0,
		"switch to -next when run `n` begins; each request for a token begins a run (default for exec: 2)")
	flags.BoolVar(&o.live, "live", false, "emulate live mode instead of test mode")
	flags.BoolVar(&o.limits, "limits", false, "enforce the API's rate limits for this mode")
	flags.IntVar(&o.customers, "customers", 0, "add this `number` of generated customers to the two example customers")
	flags.DurationVar(&o.latency, "latency", 0, "wait this long before each answer")
	flags.BoolVar(&o.log, "log", false, logUsage)
}

// check finds the mistakes that show before any file is read.
func (o *options) check() error {
	switch {
	case o.customers < 0:
		return wrongUsage("-customers %d is negative", o.customers)
	case o.data != "" && o.customers > 0:
		return wrongUsage("-customers adds to the example customers, but -data replaces them: use one of them")
	case o.nextAtRun < 0:
		return wrongUsage("-next-at-run %d is negative", o.nextAtRun)
	case o.nextAtRun > 0 && o.next == "":
		return wrongUsage("-next-at-run says when to switch to -next, which is missing")
	case o.nextAtRun == 1:
		return wrongUsage("-next-at-run 1 would never serve -data: give 2 or more")
	}
	return nil
}

// build makes the emulator, and a function that switches to -next. The line
// about the switch goes to stderr.
func (o *options) build(stderr io.Writer) (api *emulator.Emulator, change func(reason string), err error) {
	opts := []emulator.Option{emulator.WithCustomers(o.customers), emulator.WithLatency(o.latency)}
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
	var next *emulator.Data
	if o.next != "" {
		if next, err = o.read(o.next); err != nil {
			return nil, nil, err
		}
	}
	api = emulator.New(opts...)
	return api, o.change(api, next, stderr), nil
}

// read reads data, and refuses data of the mode that the emulator is not in.
func (o *options) read(path string) (*emulator.Data, error) {
	data, err := emulator.ReadData(path)
	if err != nil {
		return nil, err
	}
	mode, place := data.Mode()
	switch {
	case mode == "live" && !o.live:
		return nil, fmt.Errorf(`%s: "live", but the emulator is in test mode: start it with -live`, place)
	case mode == "test" && o.live:
		return nil, fmt.Errorf(`%s: "test", but the emulator is in live mode: start it without -live`, place)
	}
	return data, nil
}

// source names in messages where the customers come from.
func (o *options) source() string { return cmp.Or(o.data, "the built-in example") }

// canHangUp says whether the system has the signal SIGHUP. Programs that run for
// long take it as the order to read their files again.
const canHangUp = runtime.GOOS != "windows"
