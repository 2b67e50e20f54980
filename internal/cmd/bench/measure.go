package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/clidriver"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// A figure is the result of one workload under one condition.
type figure struct {
	Workload  string  `json:"workload"`
	Condition string  `json:"condition"`
	Customers int     `json:"customers"`
	Foreign   bool    `json:"foreign"`
	Seconds   float64 `json:"seconds"`
	Requests  int     `json:"requests"`
	Refused   int     `json:"refused"`
	// Bytes is the size of all answers without their headers.
	Bytes int64 `json:"bytes"`
	// PeakMiB is the peak memory of the provider. It is 0 when it is unknown.
	PeakMiB int `json:"peak_mib"`
	// FloorSeconds is the shortest time that the limits allow. It is 0 without
	// limits.
	FloorSeconds float64 `json:"floor_seconds"`
	// Failed is the first line of the CLI's error. It is empty when the plan
	// succeeded.
	Failed string `json:"failed,omitempty"`
}

// measure runs a plan as often as the workload says, each time in a new directory
// and against a new emulator. It returns the figure of the run with the median time.
func measure(ctx context.Context, cli string, p providers, w workload, c condition) (figure, error) {
	var figures []figure
	for range w.runs {
		plan, err := prepare(ctx, cli, p, w)
		if err != nil {
			return figure{}, err
		}
		f, err := plan.measure(ctx, c)
		if err := errors.Join(err, plan.driver.Close()); err != nil {
			return figure{}, err
		}
		figures = append(figures, f)
	}
	slices.SortFunc(figures, func(a, b figure) int { return cmp.Compare(a.Seconds, b.Seconds) })
	return figures[len(figures)/2], nil
}

// A plan is a workload in a directory that is initialized for the CLI.
type plan struct {
	workload

	driver *clidriver.Driver
}

func prepare(ctx context.Context, cli string, p providers, w workload) (_ *plan, err error) {
	driver, err := clidriver.New(cli)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, driver.Close())
		}
	}()
	binary, source, version := p.own, ownSource, ownVersion
	if w.foreign {
		binary, source, version = p.http, httpSource, httpVersion
	}
	if err := driver.AddProvider(binary, source, version); err != nil {
		return nil, err
	}
	if err := driver.Write("main.tf", w.config); err != nil {
		return nil, err
	}
	if _, err := driver.Output(ctx, "init", "-input=false", "-no-color"); err != nil {
		return nil, err
	}
	return &plan{w, driver}, nil
}

// measure runs the plan against a new emulator.
func (p *plan) measure(ctx context.Context, c condition) (figure, error) {
	e := emulator.New(append([]emulator.Option{emulator.WithCustomers(p.customers)}, c.options...)...)
	var sent atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.ServeHTTP(countedAnswer{w, &sent}, r)
	}))
	defer server.Close()
	defer e.Close()
	variables, err := json.Marshal(map[string]any{
		"domain": server.URL, "token": emulator.DefaultToken, "ids": e.CustomerIDs()[:p.customers],
	})
	if err != nil {
		return figure{}, err
	}
	if err := p.driver.Write("terraform.tfvars.json", string(variables)); err != nil {
		return figure{}, err
	}
	peak := watchPeak(p.driver.Root())
	start := time.Now()
	_, planErr := p.driver.Output(ctx, "plan", "-input=false", "-no-color", "-parallelism=10", "-lock=false")
	f := figure{
		Workload: p.name, Condition: c.name, Customers: p.customers, Foreign: p.foreign,
		Seconds: time.Since(start).Seconds(), PeakMiB: peak(),
		Requests: e.Count("GET", "/api/"), Refused: e.CountStatus(http.StatusTooManyRequests), Bytes: sent.Load(),
	}
	if c.name == limitedName {
		f.FloorSeconds = p.floor().Seconds()
	}
	if planErr != nil {
		f.Failed = firstError(planErr.Error())
	}
	return f, ctx.Err()
}

// countedAnswer counts the bytes that it writes.
type countedAnswer struct {
	http.ResponseWriter

	sent *atomic.Int64
}

// Write implements [http.ResponseWriter].
func (w countedAnswer) Write(p []byte) (int, error) {
	n, err := w.ResponseWriter.Write(p)
	w.sent.Add(int64(n))
	return n, err
}

// firstError finds the line in which the CLI says what failed.
func firstError(text string) string {
	for line := range strings.Lines(text) {
		if _, message, found := strings.Cut(line, "Error: "); found {
			return strings.TrimSpace(message)
		}
	}
	return fmt.Sprintf("%.80s", text)
}
