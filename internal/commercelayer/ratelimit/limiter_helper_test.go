package ratelimit

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var (
	testLimits = Limits{Burst: 25, BurstInterval: 10 * time.Second, Average: 100, AverageInterval: time.Minute}
	liveLimits = Limits{Burst: 50, BurstInterval: 10 * time.Second, Average: 200, AverageInterval: time.Minute}
)

// quick is the latency of answers in tests that do not depend on it.
const quick = 50 * time.Millisecond

// Answers of the API.
var (
	silent  = Answer{Remaining: -1}                // accepted, without rate limit headers
	refused = Answer{Refused: true, Remaining: -1} // what "Retry-After: 0" is read as
)

// told returns an accepted answer with rate limit headers.
func told(limit int, interval time.Duration, remaining int) Answer {
	return Answer{Limit: limit, Interval: interval, Remaining: remaining}
}

// left returns an accepted answer with the limits of a test organization.
func left(remaining int) Answer { return told(100, time.Minute, remaining) }

// server is a model of the API's rate limit. Both windows slide, and a refused
// request does not count in them.
type server struct {
	limits Limits

	mu      sync.Mutex
	counted []time.Time
	refused int
}

// ask counts a request at this moment and returns the answer.
func (s *server) ask() Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	a := Answer{Limit: s.limits.Average, Interval: s.limits.AverageInterval}
	full := s.within(now, s.limits.BurstInterval) >= s.limits.Burst ||
		s.within(now, s.limits.AverageInterval) >= s.limits.Average
	if full {
		a.Refused = true
		s.refused++
	} else {
		s.counted = append(s.counted, now)
	}
	a.Remaining = s.limits.Average - s.within(now, s.limits.AverageInterval)
	return a
}

func (s *server) within(now time.Time, interval time.Duration) int {
	n := 0
	for _, at := range slices.Backward(s.counted) {
		if now.Sub(at) >= interval {
			break
		}
		n++
	}
	return n
}

// between returns a random duration from least to most.
func between(random *rand.Rand, least, most time.Duration) time.Duration {
	return least + time.Duration(random.Int64N(int64(most-least)+1))
}

// steady returns a limiter without jitter.
func steady(limits Limits) *Limiter {
	l := New(limits)
	l.jitter = func() float64 { return 0 }
	return l
}

// scouted returns a steady limiter whose first answer came so long ago that the
// windows are empty.
func scouted(t *testing.T, limits Limits) *Limiter {
	t.Helper()
	l := steady(limits)
	send(t, l, quick, silent)
	time.Sleep(2 * time.Minute)
	return l
}

// reserve waits for a reservation and returns it, and how long it waited.
func reserve(t *testing.T, l *Limiter) (*Reservation, time.Duration) {
	t.Helper()
	start := time.Now()
	p, err := l.Reserve(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return p, time.Since(start)
}

// send makes a reservation, lets the latency pass and hands in the answer. It
// returns how long it waited for the reservation.
func send(t *testing.T, l *Limiter, latency time.Duration, a Answer) time.Duration {
	t.Helper()
	p, waited := reserve(t, l)
	time.Sleep(latency)
	p.Answered(a)
	return waited
}

// sendUntilFull sends requests one after the other until one has to wait. It
// returns how many did not have to.
func sendUntilFull(t *testing.T, l *Limiter) int {
	t.Helper()
	for n := range 1000 {
		if waited := send(t, l, quick, silent); waited > 0 {
			return n
		}
	}
	t.Fatal("nothing ever waits")
	return 0
}

// reader is a call of Reserve in a goroutine of its own.
type reader struct {
	mu          sync.Mutex
	reasons     []Reason
	ended       bool
	took        time.Duration
	reservation *Reservation
	err         error
}

// start begins a reader. Its deadline is after the timeout, or never if that is
// 0.
func start(ctx context.Context, l *Limiter, timeout time.Duration) *reader {
	r := &reader{}
	cancel := func() {}
	if timeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, timeout)
	}
	go func() {
		defer cancel()
		began := time.Now()
		reservation, err := l.Reserve(ctx, func(reason Reason) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.reasons = append(r.reasons, reason)
		})
		r.mu.Lock()
		defer r.mu.Unlock()
		r.ended, r.took, r.reservation, r.err = true, time.Since(began), reservation, err
	}()
	return r
}

// pass lets time pass, and lets everything happen that is due until then.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (r *reader) told() []Reason {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.reasons)
}

func expectEqual[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func expectReasons(t *testing.T, what string, r *reader, want ...Reason) {
	t.Helper()
	if got := r.told(); !slices.Equal(got, want) {
		t.Errorf("%s was told %v, want %v", what, got, want)
	}
}
