// Command bench measures whole plans of the CLI against the emulator. It compares
// this provider with data "http", for one to ten thousand customers, with and
// without the API's limits. It prints tables in Markdown, and draws a chart of the
// plans under the limits.
//
// Compare only figures of the same run, because they depend on the machine.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/clidriver"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) (err error) {
	flags := flag.NewFlagSet("bench", flag.ExitOnError)
	cli := flags.String("cli", "terraform", "name or absolute path of the Terraform or OpenTofu binary")
	chart := flags.String("chart", "", "SVG `file` for the chart of the plans under the limits")
	largest := flags.Int("largest", 10_000, "leave out plans with more customers than this")
	if err := flags.Parse(args); err != nil {
		return err
	}
	b := &bench{cli: *cli}
	if b.dir, err = os.MkdirTemp("", "bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	if err := buildProviders(ctx, b.dir); err != nil {
		return err
	}
	figures, err := b.measureAll(ctx, *largest)
	if err != nil {
		return err
	}
	printTable(os.Stdout, figures)
	if *chart == "" {
		return nil
	}
	var svg bytes.Buffer
	if err := drawChart(&svg, figures); err != nil {
		return err
	}
	return os.WriteFile(*chart, svg.Bytes(), 0o644)
}

// The provider of data "http". tools/data-http pins its commit, and httpVersion is
// the release of that commit.
const (
	httpModule  = "github.com/terraform-providers/terraform-provider-http"
	httpVersion = "3.6.1"
)

// buildProviders builds both providers as a release does, because that can change
// how much memory they take.
func buildProviders(ctx context.Context, dir string) error {
	const flags = "-ldflags=-s -w"
	return errors.Join(
		os.Setenv("CGO_ENABLED", "0"),
		clidriver.Build(ctx, dir, flags, "."),
		clidriver.Build(ctx, dir, flags, "-modfile", filepath.Join("tools", "data-http", "go.mod"), httpModule))
}
