package commercelayer

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

const tooMany = http.StatusTooManyRequests

func retryAfterHeader(value string) http.Header { return http.Header{"Retry-After": {value}} }

// scouted is a governor that has had its first answer, long enough ago.
func scouted(t *testing.T, l Limits) *Governor {
	t.Helper()
	g := steadyGovernor(l)
	answered(t, g, quick, http.StatusOK, nil)
	time.Sleep(2 * time.Minute)
	return g
}

func TestFirstRequestGoesAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := steadyGovernor(testLimits)
		p, _ := reserve(t, g)
		go func() {
			time.Sleep(quick)
			p.settle(http.StatusOK, nil)
		}()
		if _, waited := reserve(t, g); waited != quick {
			t.Errorf("the second waited %s, want until the first is answered", waited)
		}
		if _, waited := reserve(t, g); waited != 0 {
			t.Errorf("the third waited %s", waited)
		}
	})
}

func TestFirstRequestWithoutAnswerLetsTheOthersGo(t *testing.T) {
	for name, end := range map[string]func(*place){
		"failed":     func(p *place) { p.settle(0, nil) },
		"never sent": func(p *place) { p.cancel() },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := steadyGovernor(testLimits)
				p, _ := reserve(t, g)
				end(p)
				if _, waited := reserve(t, g); waited != 0 {
					t.Errorf("the second waited %s", waited)
				}
			})
		})
	}
}

// After a refusal everybody waits, then one goes first and the others wait for
// its answer.
func TestRefusalHoldsEverybodyUntilAProbeIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := scouted(t, testLimits)
		answered(t, g, 0, tooMany, retryAfterHeader("0"))
		start := time.Now()
		const readers, latency = 10, 300 * time.Millisecond
		var mu sync.Mutex
		var sent []time.Duration
		var group sync.WaitGroup
		for range readers {
			group.Go(func() {
				p, _ := reserve(t, g)
				mu.Lock()
				sent = append(sent, time.Since(start))
				mu.Unlock()
				time.Sleep(latency)
				p.settle(http.StatusOK, nil)
			})
		}
		group.Wait()
		if len(sent) != readers {
			t.Fatalf("%d of %d readers went", len(sent), readers)
		}
		closeTo(t, "the hold before the probe", sent[0], minHold, 0)
		for i, at := range sent[1:] {
			closeTo(t, "the start of the others", at, sent[0]+latency, 0)
			if at < sent[0]+latency {
				t.Errorf("reader %d went before the probe was answered", i+2)
			}
		}
	})
}

func TestHoldAfterRefusal(t *testing.T) {
	tests := map[string]struct {
		retryAfter string
		want       time.Duration
	}{
		"none":             {"", minHold},
		"zero":             {"0", minHold},
		"negative":         {"-5", minHold},
		"not a number":     {"soon", minHold},
		"longer":           {"7", 7 * time.Second},
		"more than capped": {"3600", time.Minute},
		"absurd":           {"9999999999", time.Minute},
		"beyond integers":  {"99999999999999999999999", minHold},
		// The bubble's clock starts at midnight, 2000-01-01, and a scout took 120.05 s.
		"a date": {"Sat, 01 Jan 2000 00:02:20 GMT", 19950 * time.Millisecond},
		"past":   {"Fri, 31 Dec 1999 23:59:59 GMT", minHold},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := scouted(t, testLimits)
				answered(t, g, 0, tooMany, retryAfterHeader(test.retryAfter))
				_, waited := reserve(t, g)
				closeTo(t, "the hold", waited, test.want, 0)
			})
		})
	}
}

func TestHoldLastsUntilTheFirstOwnRequestLeavesTheBurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := scouted(t, testLimits)
		answered(t, g, 0, http.StatusOK, nil)
		time.Sleep(3 * time.Second)
		answered(t, g, 0, tooMany, retryAfterHeader("0"))
		_, waited := reserve(t, g)
		closeTo(t, "the hold", waited, 7*time.Second, 0)
	})
}

func TestRefusalsInARowDoubleTheHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := scouted(t, testLimits)
		answered(t, g, 0, tooMany, retryAfterHeader("0"))
		want := minHold
		for range 9 {
			waited := answered(t, g, 0, tooMany, retryAfterHeader("0"))
			closeTo(t, "the hold", waited, want, 0)
			want = min(2*want, maxHold)
		}
		if want != maxHold {
			t.Fatal("the hold never reached its bound")
		}
		// Success forgets all of it.
		answered(t, g, 0, http.StatusOK, nil)
		if waited := answered(t, g, 0, tooMany, retryAfterHeader("0")); waited != 0 {
			t.Errorf("after a success a request waited %s", waited)
		}
		time.Sleep(10 * time.Second)
		if g.refusals != 1 {
			t.Errorf("%d rounds of refusals are counted after a success, want 1", g.refusals)
		}
	})
}

func TestRefusalsOfOneRoundCountOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := scouted(t, testLimits)
		var places []*place
		for range 10 {
			p, _ := reserve(t, g)
			places = append(places, p)
		}
		for _, p := range places {
			time.Sleep(10 * time.Millisecond)
			p.settle(tooMany, retryAfterHeader("0"))
		}
		if g.refusals != 1 {
			t.Errorf("%d rounds were counted, want 1", g.refusals)
		}
		_, waited := reserve(t, g)
		closeTo(t, "the hold of the first", waited, minHold-90*time.Millisecond, 0)
	})
}

// An answer to what was sent before the refusal says nothing of the time after.
func TestLateSuccessDoesNotEndTheHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := scouted(t, testLimits)
		early, _ := reserve(t, g)
		time.Sleep(10 * time.Millisecond)
		answered(t, g, 0, tooMany, nil)
		early.settle(http.StatusOK, nil)
		if _, waited := reserve(t, g); waited < minHold/2 {
			t.Errorf("the hold ended after %s", waited)
		}
	})
}

// A probe that comes to nothing must not keep the others waiting for ever.
func TestProbeWithoutAnswerIsFollowedByAnother(t *testing.T) {
	for name, end := range map[string]func(*place){
		"failed":     func(p *place) { p.settle(0, nil) },
		"never sent": func(p *place) { p.cancel() },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := scouted(t, testLimits)
				answered(t, g, 0, tooMany, nil)
				p, _ := reserve(t, g)
				end(p)
				next, waited := reserve(t, g)
				if waited != 0 || g.probe != next {
					t.Errorf("the next waited %s; it is the probe: %t", waited, g.probe == next)
				}
			})
		})
	}
}

func TestJitterSpreadsTheHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := scouted(t, testLimits)
		g.jitter = func() float64 { return 0.8 }
		answered(t, g, 0, tooMany, nil)
		_, waited := reserve(t, g)
		closeTo(t, "the hold", waited, minHold*6/5, 0)
	})
}

func TestReserveReturnsAtOnceWhenCanceled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := scouted(t, testLimits)
		answered(t, g, 0, tooMany, retryAfterHeader("60"))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(2*time.Second, cancel)
		start := time.Now()
		var group sync.WaitGroup
		for range 3 { // one waits for a place, the others for their turn
			group.Go(func() {
				p, waited, err := g.reserve(ctx)
				if p != nil || !errors.Is(err, context.Canceled) || waited != 2*time.Second {
					t.Errorf("got %v after %s: %v", p, waited, err)
				}
			})
		}
		group.Wait()
		closeTo(t, "the wait", time.Since(start), 2*time.Second, 0)
		if p, _, err := g.reserve(ctx); p != nil || err == nil {
			t.Error("a place was given out for a canceled context")
		}
		if n := len(g.own); n != 1 {
			t.Errorf("%d places are taken, want the refused one alone", n)
		}
	})
}

func TestCanceledPlaceIsGivenToTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := scouted(t, Limits{Burst: 1, BurstInterval: time.Minute, Average: 1, AverageInterval: time.Minute})
		p, _ := reserve(t, g)
		go func() {
			time.Sleep(time.Second)
			p.cancel()
		}()
		_, waited := reserve(t, g)
		closeTo(t, "the wait", waited, time.Second, 0)
	})
}

func TestReadersGetPlacesInTheOrderOfTheirArrival(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := scouted(t, Limits{Burst: 1, BurstInterval: time.Second, Average: 1000, AverageInterval: time.Minute})
		var mu sync.Mutex
		var order []int
		var group sync.WaitGroup
		for i := range 10 {
			group.Go(func() {
				answered(t, g, quick, http.StatusOK, nil)
				mu.Lock()
				order = append(order, i)
				mu.Unlock()
			})
			synctest.Wait()
		}
		group.Wait()
		for i, reader := range order {
			if i != reader {
				t.Fatalf("the order was %v", order)
			}
		}
	})
}

func TestGovernorRemembersTheLongestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := scouted(t, testLimits)
		answered(t, g, 0, tooMany, retryAfterHeader("30"))
		answered(t, g, 0, http.StatusOK, nil)
		answered(t, g, 0, http.StatusOK, nil)
		closeTo(t, "the longest wait", g.longestWait(), 30*time.Second, 0)
	})
}
