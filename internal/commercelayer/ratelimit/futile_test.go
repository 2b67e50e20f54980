package ratelimit

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// refuseAll answers every request with a refusal until the context ends.
func refuseAll(ctx context.Context, l *Limiter, a Answer) {
	for {
		p, err := l.Reserve(ctx, nil)
		if err != nil {
			return
		}
		p.Answered(a)
	}
}

// givenUpAfter returns a limiter whose API has refused everything until one
// reader's deadline.
func givenUpAfter(t *testing.T, timeout time.Duration, a Answer) *Limiter {
	t.Helper()
	l := scouted(t, testLimits)
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	refuseAll(ctx, l, a)
	return l
}

func expectFutile(t *testing.T, what string, r *reader) {
	t.Helper()
	if !r.ended || !errors.Is(r.err, ErrFutile) || r.took != 0 {
		t.Errorf("%s: ended %t after %s with reservation %v: %v", what, r.ended, r.took, r.reservation, r.err)
	}
}

func TestReadersAfterOneThatWaitedItsDeadlineFailAtOnceWithoutAChance(t *testing.T) {
	type row struct {
		deadline time.Duration
		answer   Answer
		later    time.Duration
		isFutile bool
	}
	bubbles(t, map[string]row{
		"as much time":                       {5 * time.Second, refused, 5 * time.Second, true},
		"as much of a long time":             {20 * time.Minute, refused, 20 * time.Minute, true},
		"the pause ends behind the deadline": {5 * time.Second, asking(refused, time.Minute), 54 * time.Second, true},
		"the pause ends before the deadline": {5 * time.Second, asking(refused, time.Minute), 56 * time.Second, false},
		"the end of the first pause promises something": {
			25 * time.Second, asking(refused, 30*time.Second), 6 * time.Second, false,
		},
		// What was refused for 20 s is expected to be refused for an eighth longer.
		"time for an eighth more":      {20 * time.Second, refused, 22500 * time.Millisecond, true},
		"time for more than an eighth": {20 * time.Second, refused, 22500*time.Millisecond + 1, false},
	}, func(t *testing.T, test row) {
		l := givenUpAfter(t, test.deadline, test.answer)
		r := start(t.Context(), l, test.later)
		if test.isFutile {
			expectFutile(t, "a later reader", r)
			expectReasons(t, "a later reader", r)
			return
		}
		pass(test.later)
		expectEqual(t, "a later reader has a reservation", r.reservation != nil, true)
	})
}

func TestReaderWhoComesWhenThePauseIsOverIsTheProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := givenUpAfter(t, 5*time.Second, refused)
		pass(time.Minute)
		probe, behind := start(t.Context(), l, 5*time.Second), start(t.Context(), l, 5*time.Second)
		if probe.reservation == nil || probe.took != 0 {
			t.Fatalf("the reader got no reservation: %v", probe.err)
		}
		expectEqual(t, "who comes behind the probe waits for its answer", behind.ended, false)
		pass(quick)
		probe.reservation.Answered(refused)
		synctest.Wait()
		if !errors.Is(behind.err, ErrFutile) || behind.took != quick {
			t.Errorf("who waited for the refused probe got %v after %s", behind.err, behind.took)
		}
		expectFutile(t, "the reader of the probe", start(t.Context(), l, 5*time.Second-quick))
	})
}

func TestAcceptedAnswerEndsFutility(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := givenUpAfter(t, 5*time.Second, refused)
		pass(time.Minute)
		send(t, l, quick, silent)
		send(t, l, quick, refused)
		r := start(t.Context(), l, 5*time.Second)
		pass(4 * time.Second)
		expectEqual(t, "a reader waits for the new refusal", r.ended, false)
	})
}

// The deadline counts if at most an eighth of it was spent on something else.
func TestFutilityNeedsADeadlineSpentOnTheRefusal(t *testing.T) {
	for elsewhere, isFutile := range map[time.Duration]bool{time.Second: true, time.Second + time.Nanosecond: false} {
		synctest.Test(t, func(t *testing.T) {
			l := steady(testLimits)
			reservations := reserveAtOnce(t, l, scouts)
			r := start(t.Context(), l, 8*time.Second)
			pass(elsewhere)
			reservations[0].Answered(asking(refused, time.Minute))
			for _, p := range reservations[1:] {
				p.Lost()
			}
			pass(7 * time.Second)
			expectReasons(t, "the reader", r, FirstAnswer, Refusal)
			later := start(t.Context(), l, 5*time.Second)
			expectEqual(t, "a later reader fails", errors.Is(later.err, ErrFutile), isFutile)
		})
	}
}

func TestCanceledReaderMakesNothingFutile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := steady(testLimits)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(5*time.Second, cancel)
		send(t, l, 0, refused)
		refuseAll(ctx, l, asking(refused, time.Minute))
		r := start(t.Context(), l, 5*time.Second)
		pass(4 * time.Second)
		expectEqual(t, "a later reader waits", r.ended, false)
	})
}

func TestFullWindowIsFutileAfterADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := steady(testLimits)
		send(t, l, quick, told(100, time.Hour, 0))
		first, second := start(t.Context(), l, 20*time.Minute), start(t.Context(), l, 30*time.Minute)
		pass(21 * time.Minute)
		expectEqual(t, "the first waits out its deadline", errors.Is(first.err, context.DeadlineExceeded), true)
		expectFutile(t, "a later reader", start(t.Context(), l, 20*time.Minute))
		pass(10 * time.Minute)
		expectEqual(t, "who came before is not failed", errors.Is(second.err, context.DeadlineExceeded), true)

		r := start(t.Context(), l, 30*time.Minute)
		pass(29*time.Minute + time.Second)
		if r.reservation == nil {
			t.Fatalf("a reader with time enough got %v", r.err)
		}
	})
}

func TestFullWindowIsNotFutileWhileAnAnswerIsToCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := scouted(t, Limits{Burst: 2, BurstInterval: time.Hour, Average: 100, AverageInterval: time.Hour})
		pass(time.Hour)
		send(t, l, 0, silent)
		p, _ := reserve(t, l)
		start(t.Context(), l, time.Minute)
		pass(2 * time.Minute)
		r := start(t.Context(), l, time.Minute)
		pass(time.Second)
		expectEqual(t, "a reader waits", r.ended, false)
		p.Cancel()
		synctest.Wait()
		if r.reservation == nil {
			t.Errorf("the reader got %v", r.err)
		}
	})
}
