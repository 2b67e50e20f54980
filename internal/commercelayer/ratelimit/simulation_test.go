package ratelimit

import (
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A simulation is several processes behind one IP address. Each has a limiter
// of its own and reads its customers in waves of ten, as the CLI does. A wave
// is one request, and the next wave begins when it is answered. A refused
// request is sent again.
type simulation struct {
	processes int
	customers int
	seed      uint64
}

// An outcome is the result of a simulation.
type outcome struct {
	elapsed time.Duration
	sent    int
	refused int
}

func (s simulation) requests() int { return s.processes * s.customers / 10 }

// floor is the earliest time at which the windows allow all requests.
func (s simulation) floor() time.Duration {
	var counted []time.Duration
	for i := range s.requests() {
		var at time.Duration
		if i >= testLimits.Burst {
			at = max(at, counted[i-testLimits.Burst]+testLimits.BurstInterval)
		}
		if i >= testLimits.Average {
			at = max(at, counted[i-testLimits.Average]+testLimits.AverageInterval)
		}
		counted = append(counted, at)
	}
	return counted[len(counted)-1]
}

// run runs the simulation in a bubble of testing/synctest, so that it takes no
// real time.
func (s simulation) run(t *testing.T) outcome {
	t.Helper()
	api := &server{limits: testLimits}
	began := time.Now()
	var processes sync.WaitGroup
	for i := range s.processes {
		random := rand.New(rand.NewPCG(s.seed, uint64(i)))
		processes.Go(func() {
			l := New(testLimits)
			l.jitter = random.Float64
			for range s.customers / 10 {
				for a := (Answer{Refused: true}); a.Refused; {
					p, err := l.Reserve(t.Context(), nil)
					if err != nil {
						t.Error(err)
						return
					}
					latency := between(random, quick, 3*quick)
					counted := between(random, 0, latency)
					time.Sleep(counted)
					a = api.ask()
					time.Sleep(latency - counted)
					p.Answered(a)
				}
			}
		})
	}
	processes.Wait()
	return outcome{time.Since(began), len(api.counted) + api.refused, api.refused}
}

// mean runs the simulation several times, each time with another seed. It
// returns the time as a multiple of the floor, and the percentage of refused
// requests.
func (s simulation) mean(t *testing.T, runs int) (floors, refused float64) {
	t.Helper()
	for seed := range runs {
		one := s
		one.seed = uint64(seed)
		synctest.Test(t, func(t *testing.T) {
			o := one.run(t)
			floors += o.elapsed.Seconds() / s.floor().Seconds() / float64(runs)
			refused += 100 * float64(o.refused) / float64(o.sent) / float64(runs)
		})
	}
	return floors, refused
}

// Without neighbours a process knows the windows exactly.
func TestLoneProcessIsNeverRefusedAndWastesNothing(t *testing.T) {
	floors, refused := simulation{processes: 1, customers: 3000}.mean(t, 5)
	if floors > 1.03 || refused > 0 {
		t.Errorf("it took %.3f times the floor, and %.2f %% were refused", floors, refused)
	}
}

// The bounds are a little above what was measured. Of a crowd, many requests are
// refused. What counts is the time.
func TestNeighboursShareTheWindows(t *testing.T) {
	tests := map[string]struct {
		simulation
		floors, refused float64
	}{
		"few":                      {simulation{processes: 4, customers: 100}, 1.15, 5},
		"few that read a lot":      {simulation{processes: 4, customers: 500}, 1.2, 7},
		"a crowd":                  {simulation{processes: 30, customers: 20}, 1.1, 50},
		"a crowd that reads a lot": {simulation{processes: 50, customers: 100}, 1.17, 50},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			floors, refused := test.mean(t, 10)
			if floors > test.floors || refused > test.refused {
				t.Errorf("it took %.3f times the floor, and %.2f %% were refused", floors, refused)
			}
		})
	}
}
