// Command probe asks an organization whether what the emulator assumes of the
// API holds: one probe for each assumption, read-only, within the rate limits
// of test mode.
//
//	go run ./internal/cmd/probe                # the emulator
//	COMMERCELAYER_DOMAIN=… COMMERCELAYER_TOKEN=… go run ./internal/cmd/probe
//
// It ends with 0 when nothing is refuted, 1 when something is, and 2 when it
// could not run. Neither the table nor the report (-json) holds personal data.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// How the command ends.
const (
	exitHeld    = 0
	exitRefuted = 1
	exitFailed  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.LookupEnv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// options are the command line's flags.
type options struct {
	json    bool
	local   bool
	live    bool
	limits  bool
	refuted string
}

// parse reads the command line.
func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("probe", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.BoolVar(&o.json, "json", false, "print a report as JSON, for an issue")
	flags.BoolVar(&o.local, "emulator", false, "ask the emulator, whatever the environment says")
	flags.BoolVar(&o.live, "live", false, "also ask an organization in live mode")
	flags.BoolVar(&o.limits, "limits", false, "also fill the burst window, which takes about 80 seconds; "+
		"others behind your address are refused meanwhile")
	flags.StringVar(&o.refuted, "refuted", "", "turn `assumptions` of the emulator round, separated by commas")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	for option := range o.turned() {
		if err := emulator.CheckRefutation(option); err != nil {
			return o, fmt.Errorf("reading -refuted: %w", err)
		}
	}
	return o, nil
}

// turned lists the assumptions to turn round.
func (o options) turned() func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for option := range strings.SplitSeq(o.refuted, ",") {
			if option != "" && !yield(option) {
				return
			}
		}
	}
}

// run is the command; it returns the exit code.
func run(ctx context.Context, args []string, lookup lookupFunc, stdout, stderr io.Writer) int {
	failed := func(err error) int {
		fmt.Fprintln(stderr, "probe:", err)
		return exitFailed
	}
	o, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitHeld
	case err != nil:
		return failed(err)
	}
	var s *settings
	if !o.local {
		if s, err = readSettings(lookup); err != nil {
			return failed(err)
		}
	}
	switch {
	case s == nil:
		local, stop, err := startEmulator(ctx, o)
		if err != nil {
			return failed(err)
		}
		defer stop()
		s = local
		if !o.local {
			fmt.Fprintln(stderr, "No COMMERCELAYER_* variables with credentials: asking the emulator.")
		}
	case o.refuted != "":
		return failed(errors.New("-refuted is for the emulator: say -emulator, or unset the COMMERCELAYER_* variables"))
	}
	seconds := 30
	if o.limits {
		seconds = 90
	}
	fmt.Fprintf(stderr, "Asking about %d assumptions, which takes about %d seconds.\n", len(emulator.Assumptions()),
		seconds)

	r, err := probe(ctx, s, o, newTransport())
	if err != nil {
		return failed(err)
	}
	write := r.writeTable
	if o.json {
		write = r.writeJSON
	}
	if err := write(stdout); err != nil {
		return failed(err)
	}
	return r.exitCode()
}

// probe connects, asks, and makes the report.
func probe(ctx context.Context, s *settings, o options, transport roundTripper) (*report, error) {
	started := time.Now()
	org, err := connect(ctx, s, o, transport)
	if err != nil {
		return nil, err
	}
	results, err := ask(ctx, org, o)
	if err != nil {
		return nil, err
	}
	return newReport(org, results, started), nil
}
