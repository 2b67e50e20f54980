package commercelayer

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var modes = map[string]Limits{ModeTest: testLimits, ModeLive: liveLimits}

// The API counts a request at some moment between sending and answer, which the
// governor can't know.
func TestGovernorNeverExceedsTheLimits(t *testing.T) {
	for mode, limits := range modes {
		for seed := range uint64(8) {
			t.Run(fmt.Sprintf("%s/%d", mode, seed), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					random := rand.New(rand.NewPCG(seed, 1))
					g := NewGovernor(limits)
					var mu sync.Mutex
					var counted []time.Time
					var group sync.WaitGroup
					for range 400 {
						if random.IntN(4) == 0 {
							time.Sleep(between(random, 0, 2*time.Second))
						}
						before, after := between(random, 0, 2*time.Second), between(random, 0, 2*time.Second)
						group.Go(func() {
							p, _ := reserve(t, g)
							time.Sleep(before)
							mu.Lock()
							counted = append(counted, time.Now())
							mu.Unlock()
							time.Sleep(after)
							p.settle(http.StatusOK, nil)
						})
					}
					group.Wait()
					checkSpans(t, counted, limits.Burst, limits.BurstInterval)
					checkSpans(t, counted, limits.Average, limits.AverageInterval)
				})
			})
		}
	}
}

func TestGovernorReachesTheLimits(t *testing.T) {
	const latency = 50 * time.Millisecond
	tests := map[string]struct {
		limits     Limits
		requests   int
		concurrent int
		floor      time.Duration
	}{
		"test, a full burst at once":     {testLimits, 25, 25, 0},
		"live, a full burst at once":     {liveLimits, 50, 50, 0},
		"test, 40 at once":               {testLimits, 40, 40, 10 * time.Second},
		"test, 40 one after the other":   {testLimits, 40, 1, 10 * time.Second},
		"live, 60 one after the other":   {liveLimits, 60, 1, 10 * time.Second},
		"test, 100 by ten":               {testLimits, 100, 10, 30 * time.Second},
		"test, 1000 one after the other": {testLimits, 1000, 1, 9*time.Minute + 30*time.Second},
		"live, 1000 by ten":              {liveLimits, 1000, 10, 4*time.Minute + 30*time.Second},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := NewGovernor(test.limits)
				api := &slidingWindows{limits: test.limits}
				start := time.Now()
				inParallel(test.requests, test.concurrent, func() {
					p, _ := reserve(t, g)
					time.Sleep(latency)
					p.settle(api.ask())
				})
				if api.refused > 0 {
					t.Errorf("%d requests were refused", api.refused)
				}
				took := time.Since(start)
				// The first request of all goes alone, hence two latencies.
				if took < test.floor || took > test.floor+test.floor/10+2*latency {
					t.Errorf("took %s, want no more than a tenth above %s", took, test.floor)
				}
			})
		})
	}
}

// inParallel calls work n times, so many at a time.
func inParallel(n, concurrent int, work func()) {
	var group sync.WaitGroup
	jobs := make(chan struct{}, n)
	for range n {
		jobs <- struct{}{}
	}
	close(jobs)
	for range concurrent {
		group.Go(func() {
			for range jobs {
				work()
			}
		})
	}
	group.Wait()
}

// Four plans start within a few seconds behind one address, each with 14
// requests: without knowing of each other they must neither starve nor run into
// refusals again and again.
func TestGovernorsShareOneAddress(t *testing.T) {
	const processes, requests = 4, 14
	for _, concurrent := range []int{1, 4} {
		for _, spread := range []time.Duration{0, 3 * time.Second, 20 * time.Second} {
			t.Run(fmt.Sprintf("%d at a time, started within %s", concurrent, spread), func(t *testing.T) {
				sent, refused := 0, 0
				var longest time.Duration
				const rounds = 25
				for seed := range uint64(rounds) {
					synctest.Test(t, func(t *testing.T) {
						random := rand.New(rand.NewPCG(seed, 2))
						api := &slidingWindows{limits: testLimits}
						var group sync.WaitGroup
						start := time.Now()
						for range processes {
							delay := between(random, 0, spread)
							local := rand.New(rand.NewPCG(random.Uint64(), 3))
							group.Go(func() {
								time.Sleep(delay)
								share(t, api, local, requests, concurrent)
							})
						}
						group.Wait()
						longest = max(longest, time.Since(start))
						sent, refused = sent+api.sent, refused+api.refused
					})
				}
				t.Logf("%.1f requests a round, %.1f %% refused, longest %s", float64(sent)/rounds, 100*float64(refused)/float64(sent), longest)
				if refused*10 > sent {
					t.Errorf("%d of %d requests were refused, want a tenth at most", refused, sent)
				}
				if most := 45*time.Second + spread; longest > most {
					t.Errorf("the slowest round took %s, want %s at most", longest, most)
				}
			})
		}
	}
}

// share is one process: it repeats what is refused until all have an answer.
func share(t *testing.T, api *slidingWindows, random *rand.Rand, requests, concurrent int) {
	t.Helper()
	g := NewGovernor(testLimits)
	g.jitter = rand.New(rand.NewPCG(random.Uint64(), 4)).Float64
	var mu sync.Mutex
	inParallel(requests, concurrent, func() {
		for {
			p, _ := reserve(t, g)
			mu.Lock()
			before, after := between(random, 10*time.Millisecond, 40*time.Millisecond), between(random, 10*time.Millisecond, 40*time.Millisecond)
			mu.Unlock()
			time.Sleep(before)
			status, header := api.ask()
			time.Sleep(after)
			p.settle(status, header)
			if status == http.StatusOK {
				return
			}
		}
	})
}
