package ratelimit

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"
)

// checkSpans fails if any span of the interval holds more requests than the
// limit, wherever the span begins. The requests are in the order of time.
func checkSpans(t *testing.T, counted []time.Time, limit int, interval time.Duration) {
	t.Helper()
	for i := limit; i < len(counted); i++ {
		if span := counted[i].Sub(counted[i-limit]); span < interval {
			t.Fatalf("%d requests within %s, of which the limit is %d in %s", limit+1, span, limit, interval)
		}
	}
}

// The server counts each request at a random moment between its sending and its
// answer. At random, requests are answered, lost or never sent.
func TestNoSpanHoldsMoreThanTheLimitAsTheServerCounts(t *testing.T) {
	limits := []Limits{
		testLimits,
		liveLimits,
		{Burst: 3, BurstInterval: time.Second, Average: 4, AverageInterval: 10 * time.Second},
		{Burst: 5, BurstInterval: 10 * time.Second, Average: 9, AverageInterval: 2 * time.Second},
		oneIn(time.Second),
	}
	longest := []time.Duration{quick, 3 * time.Second, 90 * time.Second}
	runs := map[string]int{}
	for seed := range 60 {
		runs[fmt.Sprint(seed)] = seed
	}
	bubbles(t, runs, func(t *testing.T, seed int) {
		limits, longest := limits[seed%len(limits)], longest[seed%len(longest)]
		random := rand.New(rand.NewPCG(uint64(seed), 1))
		l := New(limits)
		var mu sync.Mutex
		var counted []time.Time
		var readers sync.WaitGroup
		for range 150 {
			arrival := between(random, 0, 30*time.Second)
			before, after, fate := between(random, 0, longest), between(random, 0, longest), random.IntN(10)
			readers.Go(func() {
				time.Sleep(arrival)
				p, _ := reserve(t, l)
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
		slices.SortFunc(counted, time.Time.Compare)
		checkSpans(t, counted, limits.Burst, limits.BurstInterval)
		checkSpans(t, counted, limits.Average, limits.AverageInterval)
	})
}

func TestARequestKeepsItsRoomUntilItHasLeftTheWindowForSure(t *testing.T) {
	type row struct {
		end  func(*Reservation)
		want time.Duration
	}
	bubbles(t, map[string]row{
		"answered":                  {func(p *Reservation) { p.Answered(silent) }, windowSlack},
		"others have used the rest": {func(p *Reservation) { p.Answered(left(0)) }, windowSlack},
		"lost":                      {(*Reservation).Lost, windowSlack},
		"never sent":                {(*Reservation).Cancel, 0},
	}, func(t *testing.T, test row) {
		l := scouted(t, oneIn(time.Minute))
		p, _ := reserve(t, l)
		pass(quick)
		test.end(p)
		pass(time.Minute)
		_, waited := reserve(t, l)
		expectEqual(t, "the wait of the next", waited, test.want)
	})
}

func TestOnlyTheFirstEndOfARequestCounts(t *testing.T) {
	bubbles(t, map[string]func(*Reservation){
		"Cancel":   (*Reservation).Cancel,
		"Lost":     (*Reservation).Lost,
		"Answered": func(p *Reservation) { p.Answered(silent) },
		"refused":  func(p *Reservation) { p.Answered(refused) },
	}, func(t *testing.T, end func(*Reservation)) {
		l := scouted(t, testLimits)
		p, _ := reserve(t, l)
		p.Answered(silent)
		end(p)
		expectEqual(t, "more that went at once", sendUntilFull(t, l), testLimits.Burst-1)
	})
}
