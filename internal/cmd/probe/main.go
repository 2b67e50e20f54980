// Command probe checks the emulator's assumptions about the API. For each
// assumption it asks an organization whether it is true. It only reads, and it
// keeps the rate limits of test mode.
//
//	go run ./internal/cmd/probe                # the emulator
//	COMMERCELAYER_DOMAIN=… COMMERCELAYER_TOKEN=… go run ./internal/cmd/probe
//
// The exit code is 0 when no assumption is refuted, 1 when one is refuted, and 2
// when the command could not run, or not to its end. The table and the report of
// -json hold no personal data.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// The exit codes of the command.
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
	json     bool
	emulator bool
	live     bool
	limits   bool
	refuted  []string
	timeout  time.Duration
}

// parse reads the command line.
func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("probe", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.BoolVar(&o.json, "json", false, "print a report in JSON, which you can add to an issue")
	flags.BoolVar(&o.emulator, "emulator", false, "ask the emulator, even when the environment has credentials")
	flags.BoolVar(&o.live, "live", false, "allow an organization in live mode")
	flags.BoolVar(&o.limits, "limits", false, "also send requests until the API refuses one, which takes about "+
		"80 seconds; meanwhile it also refuses other programs that use your IP address")
	const refuted = "make the emulator contradict these `assumptions`, separated by commas"
	flags.Func("refuted", refuted, func(list string) error {
		o.refuted = strings.Split(list, ",")
		var problems []error
		for _, option := range o.refuted {
			problems = append(problems, emulator.CheckRefutation(option))
		}
		return errors.Join(problems...)
	})
	const timeout = "stop after this `time`, and report what is known by then (default 1m, with -limits 2m)"
	flags.Func("timeout", timeout, func(text string) (err error) {
		o.timeout, err = time.ParseDuration(text)
		if err == nil && o.timeout <= 0 {
			err = errors.New("the time must be above zero")
		}
		return err
	})
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if o.timeout == 0 {
		o.timeout = time.Minute
		if o.limits {
			o.timeout = 2 * time.Minute
		}
	}
	return o, nil
}

// run runs the command and returns the exit code.
func run(ctx context.Context, args []string, lookup lookupFunc, stdout, stderr io.Writer) int {
	failed := func(err error) int {
		fmt.Fprintln(stderr, "probe:", err)
		return exitFailed
	}
	o, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitHeld
	}
	if err != nil {
		return failed(err)
	}
	s, stop, err := chooseSettings(o, lookup)
	if err != nil {
		return failed(err)
	}
	defer stop()
	if s.emulated && !o.emulator {
		fmt.Fprintln(stderr, "The COMMERCELAYER_* variables have no credentials, so the emulator is asked.")
	}
	usual := 20
	if o.limits {
		usual = 80
	}
	fmt.Fprintf(stderr, "Asking about %d assumptions. This takes about %d seconds, and ends after %s at the latest "+
		"(-timeout).\n", len(emulator.Assumptions()), usual, o.timeout)

	r, err := probe(ctx, s, o, commercelayer.NewTransport(), stderr)
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
	if r.cut != nil {
		fmt.Fprintln(stderr, "probe:", r.cut)
	}
	return r.exitCode()
}

// probe asks the organization and makes the report.
func probe(
	ctx context.Context, s *settings, o options, transport http.RoundTripper, stderr io.Writer,
) (*report, error) {
	ctx, stop := context.WithTimeoutCause(ctx, o.timeout,
		fmt.Errorf("the %s of -timeout are over: give it more time", o.timeout))
	defer stop()
	org, err := connect(ctx, s, o, transport, stderr)
	if err != nil {
		return nil, err
	}
	return org.ask(ctx)
}
