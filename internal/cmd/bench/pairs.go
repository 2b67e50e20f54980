package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// pairConditions are conditions in which nothing limits. The API announces high
// limits, or it announces none. Then this provider assumes those of a test
// organization.
func pairConditions() []condition {
	var list []condition
	for _, latency := range []time.Duration{0, 50 * time.Millisecond, 200 * time.Millisecond} {
		slow := emulator.WithLatency(latency)
		list = append(list,
			condition{name: fmt.Sprintf("high limits announced, %s", latency), options: []emulator.Option{slow}},
			condition{
				name:    fmt.Sprintf("no limits announced, %s", latency),
				options: []emulator.Option{slow, emulator.WithRefuted("rate-headers:missing")},
			})
	}
	return list
}

// comparePairs compares this provider with data "http" where nothing limits. The
// two take turns, so that what else the machine does slows both. Ratios of such
// pairs can be compared with those of another run.
func comparePairs(ctx context.Context, out io.Writer, cli string, p providers, pairs int) error {
	fmt.Fprintln(out, "| customers | condition | this provider | `data \"http\"` | ratio | requests | refused |")
	fmt.Fprintln(out, "|---:|---|---:|---:|---:|---:|---:|")
	for _, customers := range []int{1, 100} {
		own, err := prepare(ctx, cli, p, workload{name: "own", customers: customers, config: ownEach})
		if err != nil {
			return err
		}
		other := workload{name: "http", customers: customers, config: httpEach, foreign: true}
		foreign, err := prepare(ctx, cli, p, other)
		if err != nil {
			return errors.Join(err, own.driver.Close())
		}
		for _, c := range pairConditions() {
			if err = comparePair(ctx, out, own, foreign, c, pairs); err != nil {
				break
			}
		}
		if err := errors.Join(err, own.driver.Close(), foreign.driver.Close()); err != nil {
			return err
		}
	}
	return nil
}

func comparePair(ctx context.Context, out io.Writer, own, foreign *plan, c condition, pairs int) error {
	var ours, theirs, ratios []float64
	var requests, refused []int
	for range pairs {
		a, err := own.measure(ctx, c)
		if err != nil {
			return err
		}
		b, err := foreign.measure(ctx, c)
		if err != nil {
			return err
		}
		if a.Failed != "" || b.Failed != "" {
			return fmt.Errorf("a plan failed: %s%s", a.Failed, b.Failed)
		}
		ours, theirs = append(ours, a.Seconds), append(theirs, b.Seconds)
		ratios = append(ratios, a.Seconds/b.Seconds)
		requests, refused = append(requests, a.Requests), append(refused, a.Refused)
	}
	fmt.Fprintf(out, "| %d | %s | %.2f s | %.2f s | %.2f | %d | %d |\n", own.customers, c.name,
		median(ours), median(theirs), median(ratios), median(requests), slices.Max(refused))
	return nil
}

func median[T int | float64](list []T) T {
	slices.Sort(list)
	return list[len(list)/2]
}
