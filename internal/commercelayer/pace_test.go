package commercelayer

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// A machine is the CLI on two cores. Its times make plans as long as those that
// were measured: with data "http", 100 customers took 0.5 s, and 2.4 s at a
// latency of 200 ms.
type machine struct {
	cores  chan struct{}
	random *rand.Rand
	mu     sync.Mutex
	// busy is how many times slower than a quiet machine it is.
	busy int
}

func newMachine(seed uint64, busy int) *machine {
	return &machine{cores: make(chan struct{}, 2), random: rand.New(rand.NewPCG(seed, 0)), busy: busy}
}

// work keeps a core busy. On a busy machine some work takes much longer.
func (m *machine) work(mean time.Duration) {
	m.cores <- struct{}{}
	m.mu.Lock()
	d := between(m.random, mean/4, 7*mean/4) * time.Duration(m.busy)
	if m.busy > 1 && m.random.IntN(20) == 0 {
		d *= 5
	}
	m.mu.Unlock()
	time.Sleep(d)
	<-m.cores
}

// plan reads n customers, ten at a time, and returns how long that takes.
// before and after are the CLI's work for each customer.
func (m *machine) plan(n int, before, after time.Duration, read func(i int)) time.Duration {
	began := time.Now()
	time.Sleep(130 * time.Millisecond) // until the provider is configured
	tenAtATime(n, func(i int) {
		m.work(before)
		time.Sleep(6 * time.Millisecond)
		read(i)
		m.work(after)
		time.Sleep(6 * time.Millisecond)
	})
	return time.Since(began)
}

// paces returns how long plans take as a multiple of those of data "http", and
// how many requests they send. Both are means of several plans.
func paces(t *testing.T, n, busy int, latency time.Duration, options ...emulator.Option) (ratio, requests float64) {
	t.Helper()
	const seeds = 3
	var own, foreign time.Duration
	for seed := range uint64(seeds) {
		synctest.Test(t, func(t *testing.T) {
			foreign += newMachine(seed, busy).plan(n, 3000*time.Microsecond, 4300*time.Microsecond, func(int) { time.Sleep(latency) })
		})
		synctest.Test(t, func(t *testing.T) {
			e := emulator.New(options...)
			w := &wire{handler: e, latency: latency}
			c := newClient(t, w)
			ids := addCustomers(e, n)
			own += newMachine(seed, busy).plan(n, 2500*time.Microsecond, 3500*time.Microsecond, func(i int) {
				if _, err := c.Customer(t.Context(), ids[i], Selection{}); err != nil {
					t.Error(err)
				}
			})
			requests += float64(len(w.requests())) / seeds
			if refused := e.CountStatus(http.StatusTooManyRequests); refused > 0 {
				t.Errorf("%d requests were refused", refused)
			}
		})
	}
	return own.Seconds() / foreign.Seconds(), requests
}

// The API announces limits that nobody reaches, or it announces none and the
// limits of a test organization are assumed. The numbers of customers fill the
// last wave, or leave it incomplete.
func TestReadsWhereNothingLimitsAreFast(t *testing.T) {
	for latency, most := range map[time.Duration]float64{0: 1.25, 50 * time.Millisecond: 1.25, 200 * time.Millisecond: 1.15} {
		for announced, options := range map[string][]emulator.Option{
			"high": nil, "none": {emulator.WithRefuted("rate-headers:missing")}, "test": {emulator.WithLimits()},
		} {
			for _, n := range []int{100, 105} {
				t.Run(fmt.Sprintf("%d/%s/limits=%s", n, latency, announced), func(t *testing.T) {
					ratio, requests := paces(t, n, 1, latency, options...)
					if ratio > most || requests > 15 {
						t.Errorf("it took %.2f times as long as data \"http\", and %.1f requests", ratio, requests)
					}
				})
			}
		}
	}
}

// A busy machine needs more time between readers, but not more requests.
func TestReadsOnABusyMachineShareRequests(t *testing.T) {
	for _, latency := range []time.Duration{50 * time.Millisecond, 200 * time.Millisecond} {
		if _, requests := paces(t, 100, 5, latency); requests > 15 {
			t.Errorf("at %s, 100 customers took %.1f requests", latency, requests)
		}
	}
}

// Under the limits each request is worth a wait, since a further one would wait
// for longer.
func TestReadsUnderTheLimitsSaveRequests(t *testing.T) {
	for busy, most := range map[int]float64{1: 105, 5: 110} {
		_, requests := paces(t, 1000, busy, 50*time.Millisecond, emulator.WithLimits())
		if requests > most {
			t.Errorf("on a machine %d times as slow, 1,000 customers took %.1f requests", busy, requests)
		}
	}
}
