package ratelimit

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

var (
	testLimits = Limits{Burst: 25, BurstInterval: 10 * time.Second, Average: 100, AverageInterval: time.Minute}
	liveLimits = Limits{Burst: 50, BurstInterval: 10 * time.Second, Average: 200, AverageInterval: time.Minute}
)

// oneIn returns limits of one request in the interval.
func oneIn(interval time.Duration) Limits {
	return Limits{Burst: 1, BurstInterval: interval, Average: 1, AverageInterval: interval}
}

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

// refusing returns the same answer as a refusal.
func refusing(a Answer) Answer {
	a.Refused = true
	return a
}

// asking returns the same answer with a Retry-After header.
func asking(a Answer, retryAfter time.Duration) Answer {
	a.RetryAfter = retryAfter
	return a
}

// bubbles runs a test for each row of a table, with a clock of its own.
func bubbles[Row any](t *testing.T, rows map[string]Row, test func(*testing.T, Row)) {
	t.Helper()
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { test(t, row) })
		})
	}
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

// reserveAtOnce makes n reservations, none of which may wait.
func reserveAtOnce(t *testing.T, l *Limiter, n int) []*Reservation {
	t.Helper()
	var reservations []*Reservation
	for range n {
		p, waited := reserve(t, l)
		expectEqual(t, "the wait of a reservation", waited, 0)
		reservations = append(reservations, p)
	}
	return reservations
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
	n := 0
	for n < 1000 && send(t, l, quick, silent) == 0 {
		n++
	}
	return n
}

// A reader is a call of Reserve in a goroutine of its own.
type reader struct {
	told        []Reason
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
		r.reservation, r.err = l.Reserve(ctx, func(reason Reason) { r.told = append(r.told, reason) })
		r.ended, r.took = true, time.Since(began)
	}()
	synctest.Wait()
	return r
}

// pass lets time pass, and lets everything happen that is due until then.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func expectEqual[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func expectReasons(t *testing.T, what string, r *reader, want ...Reason) {
	t.Helper()
	if !slices.Equal(r.told, want) {
		t.Errorf("%s was told %v, want %v", what, r.told, want)
	}
}
