package gather

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// paceAfter returns a pace for which readers came after these times, one after
// the other.
func paceAfter(gaps ...time.Duration) (*pace, time.Time) {
	p, now := &pace{}, time.Now()
	p.came(now)
	for _, gap := range gaps {
		now = now.Add(gap)
		p.came(now)
	}
	return p, now
}

func TestWaitFollowsTheReaders(t *testing.T) {
	const ms = time.Millisecond
	fetched := func(p *pace, now time.Time, took time.Duration) *pace {
		p.answered(now.Add(-took), now)
		return p
	}
	slow, now := paceAfter(3*ms, 10*ms, 2*ms)
	expectWait(t, "the longest time counts three times", slow, 30*ms)
	slow.began()
	expectWait(t, "and half of that after a fetch has begun", slow, 15*ms)
	expectWait(t, "half of a fetch may be longer", fetched(slow, now, 40*ms), 20*ms)
	slow.came(now.Add(8 * ms))
	expectWait(t, "a reader that comes after an answer counts from there", slow, 24*ms)
	slow.came(now.Add(time.Hour))
	expectWait(t, "there is a bound", slow, maxWait)
	lone, now := paceAfter()
	expectWait(t, "the first reader tells nothing", lone, 0)
	expectWait(t, "there is a bound for fetches, too", fetched(lone, now, time.Minute), maxWait)
}

func expectWait(t *testing.T, what string, p *pace, want time.Duration) {
	t.Helper()
	if got := p.wait(); got != want {
		t.Errorf("%s: the wait is %s, want %s", what, got, want)
	}
}

// The first wave, which waits for its turn together, tells the pace of the second
// one, on a quiet machine and on a busy one.
func TestAGroupWaitsForAWaveAtItsPace(t *testing.T) {
	for _, gap := range []time.Duration{time.Millisecond, 5 * time.Millisecond, 30 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			s := &store{turn: make(chan struct{})}
			g := gathererOf(s, 25, 0)
			time.AfterFunc(11*gap, func() { close(s.turn) })
			for range 2 {
				var wave sync.WaitGroup
				for _, key := range names(10) {
					time.Sleep(gap)
					wave.Go(func() { readOne(t, g, key) })
				}
				wave.Wait()
			}
			s.expect(t, names(10), names(10))
			start := time.Now()
			readOne(t, g, "lone")
			if took := time.Since(start); took != max(linger, 3*gap/2) {
				t.Errorf("with %s: a lone reader waited for %s", gap, took)
			}
		})
	}
}
