// Command testprogress runs go test and regularly prints how far it is. The
// largest package takes minutes, and go test prints nothing until a package is
// done. The arguments are passed to go test.
//
// Without -v it prints the same as go test: the output of failed tests, and the
// closing line of each package. It adds the number of tests at the end. With -v
// it prints the output of all tests.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"syscall"
	"time"
)

const (
	// interval is the time between two lines about the progress. It is short
	// enough to show that something happens, and long enough to keep logs short.
	interval = 15 * time.Second
	// gracePeriod is how long go test has to end its tests after an interrupt.
	gracePeriod = 10 * time.Second
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)

	stop()

	var exit *exec.ExitError

	switch {
	case errors.As(err, &exit):
		// go test has already printed what failed.
		os.Exit(max(exit.ExitCode(), 1))
	case err != nil:
		fmt.Fprintln(os.Stderr, "testprogress:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	command := exec.CommandContext(ctx, "go", append([]string{"test", "-json"}, args...)...)
	command.Stderr = os.Stderr
	command.WaitDelay = gracePeriod
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }

	stdout, err := command.StdoutPipe()
	if err != nil {
		return fmt.Errorf("listening to go test: %w", err)
	}
	if err := command.Start(); err != nil {
		return fmt.Errorf("starting go test: %w", err)
	}

	ticker := time.NewTicker(interval)
	defer ticker.Stop()

	events := make(chan event)

	go func() {
		defer close(events)

		decode(stdout, events)
	}()

	follow(events, ticker.C, newReport(out, slices.Contains(args, "-v"), time.Now()))
	return command.Wait()
}

// decode reads what go test -json prints. A line that is not an event becomes
// output of the build, so that it is printed unchanged.
func decode(from io.Reader, to chan<- event) {
	lines := bufio.NewReader(from)

	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil || e.Action == "" {
				e = event{Action: "build-output", Output: string(line)}
			}

			to <- e
		}
		if err != nil {
			return
		}
	}
}

// follow reports events until there are no more.
func follow(events <-chan event, ticks <-chan time.Time, r *report) {
	for {
		select {
		case e, more := <-events:
			if !more {
				r.close()
				return
			}

			r.add(e)
		case now := <-ticks:
			r.progress(now)
		}
	}
}
