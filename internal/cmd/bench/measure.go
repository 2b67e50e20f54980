package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/clidriver"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// A figure is what was measured of one method.
type figure struct {
	method

	customers         int
	limited           bool // the emulator enforces the limits
	seconds           float64
	failed            bool
	requests, refused int
	peakMiB           int // of the provider's memory, or 0 when it is unknown
}

// bench is a CLI with a directory that has the binaries of both providers.
type bench struct{ cli, dir string }

// measureAll measures all workloads with at most the largest number of customers.
func (b *bench) measureAll(ctx context.Context, largest int) (figures []figure, err error) {
	for _, limited := range []bool{false, true} {
		for _, w := range workloads {
			if w.customers > largest {
				continue
			}
			for _, m := range w.methods {
				fmt.Fprintf(os.Stderr, "%d customers, %s, limits: %t ...\n", w.customers, m.name, limited)
				f, err := b.median(ctx, w, m, limited)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", m.name, err)
				}
				figures = append(figures, f)
			}
			at := schedule(w.customers)
			if last := at[len(at)-1]; limited && last > 0 {
				figures = append(figures, figure{
					method: limits, customers: w.customers, limited: true, seconds: last.Seconds(), requests: len(at),
				})
			}
		}
	}
	return figures, nil
}

// median runs a plan as often as the workload says. It returns the figure of the
// run with the median time.
func (b *bench) median(ctx context.Context, w workload, m method, limited bool) (figure, error) {
	var figures []figure
	for range w.runs {
		f, err := b.measure(ctx, m, w.customers, limited)
		if err != nil {
			return figure{}, err
		}
		figures = append(figures, f)
	}
	slices.SortFunc(figures, func(a, b figure) int { return cmp.Compare(a.seconds, b.seconds) })
	return figures[len(figures)/2], nil
}

// measure runs a plan in a new directory and against a new emulator.
func (b *bench) measure(ctx context.Context, m method, customers int, limited bool) (f figure, err error) {
	options := []emulator.Option{emulator.WithCustomers(customers)}
	if limited {
		options = append(options, emulator.WithLimits())
	}
	e := emulator.New(options...)
	server := httptest.NewServer(e)
	defer server.Close()
	defer e.Close()
	driver, err := clidriver.New(b.cli)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, driver.Close()) }()
	variables, err := json.Marshal(map[string]any{
		"domain": server.URL, "token": emulator.DefaultToken, "ids": e.CustomerIDs()[:customers],
	})
	if err != nil {
		return f, err
	}
	binary := filepath.Join(b.dir, "terraform-provider-"+path.Base(m.source))
	if err := errors.Join(
		driver.AddProvider(binary, m.source, "1.0.0"), // the mirror has no other version
		driver.Write("main.tf", m.config),
		driver.Write("terraform.tfvars.json", string(variables)),
	); err != nil {
		return f, err
	}
	if _, err := driver.Output(ctx, "init", "-input=false", "-no-color"); err != nil {
		return f, err
	}
	peak := watchPeak(driver.Root())
	r, err := driver.Run(ctx, "plan", "-input=false", "-no-color", "-parallelism=10", "-lock=false")
	memory := <-peak
	if err != nil {
		return f, err
	}
	if r.ExitCode != 0 {
		fmt.Fprintf(os.Stderr, "The plan fails:%.200s ...\n", r.Stderr)
	}
	return figure{
		method: m, customers: customers, limited: limited, seconds: r.Took.Seconds(), failed: r.ExitCode != 0,
		requests: e.Count("GET", "/api/"), refused: e.CountStatus(http.StatusTooManyRequests), peakMiB: memory,
	}, nil
}
