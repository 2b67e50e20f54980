package ratelimit

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// checkSpans fails if any span of the interval holds more requests than the
// limit, wherever the span begins.
func checkSpans(t *testing.T, counted []time.Time, limit int, interval time.Duration) {
	t.Helper()
	counted = slices.SortedFunc(slices.Values(counted), time.Time.Compare)
	for i := range counted {
		if j := i + limit; j < len(counted) && counted[j].Sub(counted[i]) < interval {
			span := counted[j].Sub(counted[i])
			t.Fatalf("%d requests within %s, of which the limit is %d in %s", limit+1, span, limit, interval)
		}
	}
}

// The server counts each request at a random moment between its sending and its
// answer. At random, requests are answered, lost or never sent.
func TestNothingIsForgottenBeforeItHasLeftTheWindowForSure(t *testing.T) {
	for name, first := range map[string]Answer{"own requests": silent, "requests of others": left(0)} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := steady(Limits{Burst: 1, BurstInterval: time.Minute, Average: 1, AverageInterval: time.Minute})
				send(t, l, 0, first)
				pass(time.Minute)
				_, waited := reserve(t, l)
				expectEqual(t, "the wait", waited, windowSlack)
			})
		})
	}
}

func TestNoSpanHoldsMoreThanTheLimitAsTheServerCounts(t *testing.T) {
	limits := []Limits{
		testLimits,
		liveLimits,
		{Burst: 3, BurstInterval: time.Second, Average: 4, AverageInterval: 10 * time.Second},
		{Burst: 5, BurstInterval: 10 * time.Second, Average: 9, AverageInterval: 2 * time.Second},
		{Burst: 1, BurstInterval: time.Second, Average: 1, AverageInterval: time.Second},
	}
	longest := []time.Duration{quick, 3 * time.Second, 90 * time.Second}
	for seed := range uint64(60) {
		limits, longest := limits[seed%uint64(len(limits))], longest[seed%uint64(len(longest))]
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				random := rand.New(rand.NewPCG(seed, 1))
				l := New(limits)
				var mu sync.Mutex
				var counted []time.Time
				var readers sync.WaitGroup
				for range 150 {
					arrival := between(random, 0, 30*time.Second)
					before, after, fate := between(random, 0, longest), between(random, 0, longest), random.IntN(10)
					readers.Go(func() {
						time.Sleep(arrival)
						p, err := l.Reserve(t.Context(), nil)
						if err != nil {
							t.Error(err)
							return
						}
						time.Sleep(before)
						if fate == 0 {
							p.Cancel()
							return
						}
						mu.Lock()
						counted = append(counted, time.Now())
						mu.Unlock()
						time.Sleep(after)
						if fate == 1 {
							p.Lost()
							return
						}
						p.Answered(silent)
					})
				}
				readers.Wait()
				checkSpans(t, counted, limits.Burst, limits.BurstInterval)
				checkSpans(t, counted, limits.Average, limits.AverageInterval)
			})
		})
	}
}

func TestPlaceOfALostRequestIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := scouted(t, Limits{Burst: 1, BurstInterval: 10 * time.Second, Average: 100, AverageInterval: time.Minute})
		p, _ := reserve(t, l)
		time.Sleep(quick)
		p.Lost()
		_, waited := reserve(t, l)
		expectEqual(t, "the wait", waited, 10*time.Second+windowSlack)
	})
}

func TestReleasedPlaceIsGivenToTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := scouted(t, Limits{Burst: 1, BurstInterval: time.Minute, Average: 1, AverageInterval: time.Minute})
		p, _ := reserve(t, l)
		time.AfterFunc(time.Second, p.Cancel)
		_, waited := reserve(t, l)
		expectEqual(t, "the wait", waited, time.Second)
	})
}

func TestOnlyTheFirstEndOfAPlaceCounts(t *testing.T) {
	ends := map[string]func(*Reservation){
		"Cancel":   (*Reservation).Cancel,
		"Lost":     (*Reservation).Lost,
		"Answered": func(p *Reservation) { p.Answered(silent) },
		"refused":  func(p *Reservation) { p.Answered(refused) },
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := scouted(t, testLimits)
				p, _ := reserve(t, l)
				p.Answered(silent)
				end(p)
				if n := sendUntilFull(t, l); n != testLimits.Burst-1 {
					t.Errorf("%d more went at once, want %d", n, testLimits.Burst-1)
				}
			})
		})
	}
}
