package ratelimit

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// refuseAll answers every request with a refusal until the context ends.
func refuseAll(ctx context.Context, l *Limiter, asked time.Duration) {
	a := refused
	a.RetryAfter = asked
	for {
		p, err := l.Reserve(ctx, nil)
		if err != nil {
			return
		}
		p.Answered(a)
	}
}

// refusing returns a limiter whose API has refused everything until one
// reader's deadline.
func refusing(t *testing.T, timeout, asked time.Duration) *Limiter {
	t.Helper()
	l := scouted(t, testLimits)
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	refuseAll(ctx, l, asked)
	return l
}

func expectFutile(t *testing.T, what string, r *reader) {
	t.Helper()
	if !r.ended || !errors.Is(r.err, ErrFutile) || r.took != 0 {
		t.Errorf("%s: ended %t after %s with reservation %v: %v", what, r.ended, r.took, r.reservation, r.err)
	}
}

func TestReadersAfterOneThatWaitedItsDeadlineFailAtOnce(t *testing.T) {
	for _, timeout := range []time.Duration{5 * time.Second, 20 * time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			l := refusing(t, timeout, 0)
			for range 20 {
				r := start(t.Context(), l, timeout)
				synctest.Wait()
				expectFutile(t, "a later reader", r)
				expectReasons(t, "a later reader", r)
			}
		})
	}
}

func TestReadersThatWaitTogetherEachHaveTheirDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := scouted(t, testLimits)
		asked := refused
		asked.RetryAfter = time.Minute
		send(t, l, 0, asked)
		first := start(t.Context(), l, 5*time.Second)
		synctest.Wait()
		second := start(t.Context(), l, 10*time.Second)
		pass(time.Minute / 2)
		for _, r := range []*reader{first, second} {
			if !errors.Is(r.err, context.DeadlineExceeded) {
				t.Errorf("a reader ended after %s with %v", r.took, r.err)
			}
		}
	})
}

func TestReaderWhoComesWhenThePauseIsOverIsTheProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := refusing(t, 5*time.Second, 0)
		pass(time.Minute)
		probe := start(t.Context(), l, 5*time.Second)
		synctest.Wait()
		behind := start(t.Context(), l, 5*time.Second)
		synctest.Wait()
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
		again := start(t.Context(), l, 5*time.Second-quick)
		synctest.Wait()
		expectFutile(t, "the reader of the probe", again)
	})
}

func TestAcceptedAnswerEndsFutility(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := refusing(t, 5*time.Second, 0)
		pass(time.Minute)
		send(t, l, quick, silent)
		send(t, l, quick, refused)
		r := start(t.Context(), l, 5*time.Second)
		pass(4 * time.Second)
		expectEqual(t, "a reader waits for the new refusal", r.ended, false)
	})
}

func TestReaderWithTimeForThePauseWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := refusing(t, 5*time.Second, time.Minute)
		r := start(t.Context(), l, 54*time.Second)
		synctest.Wait()
		expectFutile(t, "a reader whose deadline is before the end", r)
		r = start(t.Context(), l, 56*time.Second)
		pass(55 * time.Second)
		if r.reservation == nil {
			t.Errorf("a reader with time enough got %v", r.err)
		}
	})
}

// The deadline counts if at most an eighth of it was spent on something else.
func TestFutilityNeedsADeadlineSpentOnTheRefusal(t *testing.T) {
	for elsewhere, isFutile := range map[time.Duration]bool{time.Second: true, time.Second + time.Nanosecond: false} {
		synctest.Test(t, func(t *testing.T) {
			l := steady(testLimits)
			reservations := scouts(t, l)
			r := start(t.Context(), l, 8*time.Second)
			pass(elsewhere)
			reservations[0].Answered(Answer{Refused: true, Remaining: -1, RetryAfter: time.Minute})
			for _, p := range reservations[1:] {
				p.Lost()
			}
			pass(7 * time.Second)
			expectReasons(t, "the reader", r, FirstAnswer, Refusal)
			later := start(t.Context(), l, 5*time.Second)
			synctest.Wait()
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
		refuseAll(ctx, l, time.Minute)
		r := start(t.Context(), l, 5*time.Second)
		pass(4 * time.Second)
		expectEqual(t, "a later reader waits", r.ended, false)
	})
}

// The API refuses for 20 s. That is expected to go on for an eighth longer.
func TestReaderNeedsMoreTimeThanTheAPIHasRefusedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := refusing(t, 20*time.Second, 0)
		more := start(t.Context(), l, 22500*time.Millisecond+time.Nanosecond)
		asMuch := start(t.Context(), l, 22500*time.Millisecond)
		synctest.Wait()
		expectEqual(t, "who has more time fails", more.ended, false)
		expectFutile(t, "who has as much time", asMuch)
	})
}

// After the first refusal the end of the pause still promises something.
func TestReaderWhoComesAtTheEndOfTheFirstPauseWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := refusing(t, 25*time.Second, 30*time.Second)
		r := start(t.Context(), l, 6*time.Second)
		pass(5 * time.Second)
		expectEqual(t, "the reader has a reservation", r.reservation != nil, true)
	})
}

// fullForAnHour returns a limiter whose first answer told a full window of an
// hour.
func fullForAnHour(t *testing.T) *Limiter {
	t.Helper()
	l := steady(testLimits)
	send(t, l, quick, told(100, time.Hour, 0))
	return l
}

func TestFullWindowIsFutileAfterADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := fullForAnHour(t)
		first, second := start(t.Context(), l, 20*time.Minute), start(t.Context(), l, 30*time.Minute)
		pass(21 * time.Minute)
		expectEqual(t, "the first waits out its deadline", errors.Is(first.err, context.DeadlineExceeded), true)
		r := start(t.Context(), l, 20*time.Minute)
		synctest.Wait()
		expectFutile(t, "a later reader", r)
		pass(10 * time.Minute)
		expectEqual(t, "who came before is not failed", errors.Is(second.err, context.DeadlineExceeded), true)

		r = start(t.Context(), l, 30*time.Minute)
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
