// Command bench measures whole plans of the CLI against the emulator. It compares
// this provider with data "http", for one to ten thousand customers, with and
// without the API's limits. It prints a table in Markdown, writes the figures as
// JSON, and draws a chart of the plans under the limits. With -pairs it measures
// only how much longer this provider takes than data "http" where nothing limits.
//
// Compare only figures of the same run, because they depend on the machine.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("bench", flag.ExitOnError)
	cli := flags.String("cli", "terraform", "name or path of the Terraform or OpenTofu binary")
	output := flags.String("json", "", "`file` to write the figures to")
	chart := flags.String("chart", "", "SVG `file` for the chart of the plans under the limits")
	redraw := flags.String("redraw", "", "draw the figures of this `file` instead of measuring")
	pairs := flags.Int("pairs", 0, "only compare plans with data \"http\" where nothing limits, with this `number` of "+
		"pairs each")
	largest := flags.Int("largest", 10_000, "leave out plans with more customers than this")
	if err := flags.Parse(args); err != nil {
		return err
	}
	var figures []figure
	if *redraw != "" {
		text, err := os.ReadFile(*redraw)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(text, &figures); err != nil {
			return fmt.Errorf("reading %s: %w", *redraw, err)
		}
	} else {
		var err error
		if figures, err = measureAll(*cli, *pairs, *largest); err != nil || *pairs > 0 {
			return err
		}
		printTable(os.Stdout, figures)
	}
	if *output != "" {
		text, err := json.MarshalIndent(figures, "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(*output, append(text, '\n'), 0o600); err != nil {
			return err
		}
	}
	if *chart == "" {
		return nil
	}
	var svg bytes.Buffer
	if err := drawChart(&svg, figures); err != nil {
		return err
	}
	return os.WriteFile(*chart, svg.Bytes(), 0o644)
}

// measureAll measures all workloads with at most the largest number of customers
// under all conditions. If pairs is not 0, it only compares that many pairs.
func measureAll(cli string, pairs, largest int) (figures []figure, err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	path, err := exec.LookPath(cli)
	if err != nil {
		return nil, fmt.Errorf("finding the CLI: %w", err)
	}
	dir, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	p, err := buildProviders(ctx, dir)
	if err != nil {
		return nil, err
	}
	if pairs > 0 {
		return nil, comparePairs(ctx, os.Stdout, path, p, pairs)
	}
	for _, c := range conditions {
		for _, w := range workloads {
			if w.customers > largest {
				continue
			}
			fmt.Fprintf(os.Stderr, "%s, %s ...\n", w.name, c.name)
			f, err := measure(ctx, path, p, w, c)
			if err != nil {
				return nil, fmt.Errorf("%s, %s: %w", w.name, c.name, err)
			}
			figures = append(figures, f)
		}
	}
	return figures, nil
}
