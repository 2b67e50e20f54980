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

// options are the flags that both ways of serving have.
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
		"serve the customers of this JSON:API `file`, or of the *.json in this folder, and no others")
	flags.StringVar(&o.next, "next", "",
		"the `file` or folder to serve instead later, to rehearse a change: "+whenToSwitch)
	flags.IntVar(&o.nextAtRun, "next-at-run", 0,
		"switch to -next when the `n`-th run begins: a run is a request for a token (exec: 2 unless given)")
	flags.BoolVar(&o.live, "live", false, "be in live mode instead of test mode")
	flags.BoolVar(&o.limits, "limits", false, "enforce the rate limits of the mode")
	flags.IntVar(&o.customers, "customers", 0, "generate this `number` of customers beside the seeded two")
	flags.DurationVar(&o.latency, "latency", 0, "hold each answer back for this long")
	flags.BoolVar(&o.log, "log", false, logUsage)
}

// check finds what can be wrong before a file is read.
func (o *options) check() error {
	switch {
	case o.customers < 0:
		return wrongUsage("-customers %d is negative", o.customers)
	case o.data != "" && o.customers > 0:
		return wrongUsage("-customers adds to the emulator's own customers, and -data replaces those: use one of them")
	case o.nextAtRun < 0:
		return wrongUsage("-next-at-run %d is negative", o.nextAtRun)
	case o.nextAtRun > 0 && o.next == "":
		return wrongUsage("-next-at-run says when to switch to -next, which is missing")
	case o.nextAtRun == 1:
		return wrongUsage("-next-at-run 1 would never serve -data: give 2 or more")
	}
	return nil
}

// build makes the emulator. What it has to say later goes to stderr.
func (o *options) build(stderr io.Writer) (*emulator.Emulator, *change, error) {
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
			// So that errors of the provider name the organization of the data.
			opts = append(opts, emulator.WithOrganization(slug, id))
		}
		opts = append(opts, emulator.WithData(data))
	}
	var next *emulator.Data
	if o.next != "" {
		var err error
		if next, err = o.read(o.next); err != nil {
			return nil, nil, err
		}
	}
	api := emulator.New(opts...)
	return api, newChange(api, next, o, stderr), nil
}

// read reads data of the mode that the emulator is in.
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

// source says what is served.
func (o *options) source() string { return cmp.Or(o.data, "the emulator's own customers") }

// canHangUp says whether the system has a signal that means "look again".
const canHangUp = runtime.GOOS != "windows"
