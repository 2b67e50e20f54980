// Command fuzz runs all fuzz targets of the module, one after the other. It is
// needed because go test runs only one fuzz target in each call.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
)

type target struct {
	name, pkg string
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "fuzz:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("fuzz", flag.ExitOnError)
	budget := flags.String("time", "1m", "how long each target runs, such as 1m, or how often, such as 5000x")
	if err := flags.Parse(args); err != nil {
		return err
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	listing, err := exec.CommandContext(ctx, "go", "test", "-list", "^Fuzz", "./...").Output()
	if err != nil {
		return fmt.Errorf("listing the targets: %w\n%s", err, listing)
	}

	targets := parse(string(listing))
	for _, t := range targets {
		fmt.Printf("%s (%s)\n", t.name, t.pkg)
		if err := fuzz(ctx, t, *budget); err != nil {
			return err
		}
	}

	fmt.Printf("%d fuzz targets ran, %s each.\n", len(targets), *budget)
	return nil
}

// parse reads what go test -list prints. For each package, the names of its
// targets come first. A line with the path of the package follows.
func parse(listing string) []target {
	var (
		targets []target
		names   []string
	)

	for line := range strings.Lines(listing) {
		fields := strings.Fields(line)

		switch {
		case strings.HasPrefix(line, "Fuzz"):
			names = append(names, fields[0])
		case len(fields) > 1 && fields[0] == "ok":
			for _, name := range names {
				targets = append(targets, target{name: name, pkg: fields[1]})
			}

			names = nil
		}
	}
	return targets
}

func fuzz(ctx context.Context, t target, budget string) error {
	var output bytes.Buffer

	// By default Go spends up to a minute to make each new input smaller. The
	// seeds here are whole documents, so no time would be left to try inputs.
	command := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-fuzz", "^"+t.name+"$",
		"-fuzztime", budget, "-fuzzminimizetime", "10x", t.pkg)
	command.Stdout = io.MultiWriter(os.Stdout, &output)
	command.Stderr = os.Stderr

	err := command.Run()

	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return errors.New("interrupted")
	case ranOutOfTime(output.String()):
		fmt.Println("No input failed. The time was over while go test was still trying one, and it reports that as a failure.")
		return nil
	default:
		return fmt.Errorf("%s: %w", t.name, err)
	}
}

// ranOutOfTime recognizes a known fault of go test. Sometimes go test reports the
// end of -fuzztime as a failure. The report of a real failure says more: it names
// the file with the input, or says what went wrong.
func ranOutOfTime(output string) bool {
	_, failure, found := strings.Cut(output, "--- FAIL: ")
	_, failure, _ = strings.Cut(failure, "\n")
	cause, _, _ := strings.Cut(failure, "FAIL\n")
	return found && strings.TrimSpace(cause) == context.DeadlineExceeded.Error()
}
