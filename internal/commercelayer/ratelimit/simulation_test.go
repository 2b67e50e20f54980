package ratelimit

import (
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// An api is a model of the API's rate limit for a test organization. Both
// windows slide, and a refused request does not count in them.
type api struct {
	mu      sync.Mutex
	counted []time.Time
	refused int
}

// answer counts a request at this moment.
func (s *api) answer() Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	burst, average := s.within(testLimits.BurstInterval), s.within(testLimits.AverageInterval)
	if burst == testLimits.Burst || average == testLimits.Average {
		s.refused++
		return refusing(left(testLimits.Average - average))
	}
	s.counted = append(s.counted, time.Now())
	return left(testLimits.Average - average - 1)
}

func (s *api) within(interval time.Duration) int {
	n := 0
	for _, at := range s.counted {
		if time.Since(at) < interval {
			n++
		}
	}
	return n
}

// between returns a random duration from least to most.
func between(random *rand.Rand, least, most time.Duration) time.Duration {
	return least + time.Duration(random.Int64N(int64(most-least)+1))
}

// floor is the earliest time at which the windows allow the last of n requests.
func floor(n int) time.Duration {
	at := make([]time.Duration, n)
	for i := range at {
		if i >= testLimits.Burst {
			at[i] = at[i-testLimits.Burst] + testLimits.BurstInterval
		}
		if i >= testLimits.Average {
			at[i] = max(at[i], at[i-testLimits.Average]+testLimits.AverageInterval)
		}
	}
	return at[n-1]
}

// A simulation is several processes behind one IP address. Each has a limiter
// of its own and sends its requests one after the other, as the CLI reads in
// waves. A refused request is sent again.
type simulation struct{ processes, requests int }

// run runs the simulation. It returns the time as a multiple of the floor, and
// the percentage of refused requests.
func (s simulation) run(t *testing.T, seed int) (floors, refused float64) {
	t.Helper()
	model := &api{}
	began := time.Now()
	var processes sync.WaitGroup
	for i := range s.processes {
		random := rand.New(rand.NewPCG(uint64(seed), uint64(i)))
		processes.Go(func() {
			l := New(testLimits)
			l.jitter = random.Float64
			for range s.requests {
				for a := (Answer{Refused: true}); a.Refused; {
					p, _ := reserve(t, l)
					latency := between(random, quick, 3*quick)
					counted := between(random, 0, latency)
					time.Sleep(counted)
					a = model.answer()
					time.Sleep(latency - counted)
					p.Answered(a)
				}
			}
		})
	}
	processes.Wait()
	floors = time.Since(began).Seconds() / floor(s.processes*s.requests).Seconds()
	return floors, 100 * float64(model.refused) / float64(model.refused+len(model.counted))
}

// The bounds are a little above what was measured. Of a crowd, many requests are
// refused. What counts is the time.
func TestProcessesShareTheWindowsAndWasteLittle(t *testing.T) {
	for name, test := range map[string]struct {
		simulation
		floors, refused float64
	}{
		"alone":                    {simulation{1, 300}, 1.03, 0}, // it knows the windows exactly
		"few":                      {simulation{4, 10}, 1.15, 5},
		"few that read a lot":      {simulation{4, 50}, 1.2, 7},
		"a crowd":                  {simulation{30, 2}, 1.1, 50},
		"a crowd that reads a lot": {simulation{50, 10}, 1.17, 50},
	} {
		t.Run(name, func(t *testing.T) {
			const runs = 10
			var floors, refused float64
			for seed := range runs {
				synctest.Test(t, func(t *testing.T) {
					f, r := test.run(t, seed)
					floors, refused = floors+f/runs, refused+r/runs
				})
			}
			if floors > test.floors || refused > test.refused {
				t.Errorf("it took %.3f times the floor, and %.2f %% were refused", floors, refused)
			}
		})
	}
}
