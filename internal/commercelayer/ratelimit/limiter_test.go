package ratelimit

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// scouts takes all reservations that are granted before the first answer.
func scouts(t *testing.T, l *Limiter) []*Reservation {
	t.Helper()
	var reservations []*Reservation
	for range l.limits.Burst / 8 {
		p, waited := reserve(t, l)
		expectEqual(t, "the wait of one of the first requests", waited, 0)
		reservations = append(reservations, p)
	}
	return reservations
}

func TestOnlyAFewRequestsGoBeforeTheFirstAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := steady(testLimits)
		reservations := scouts(t, l)
		expectEqual(t, "the number of the first requests", len(reservations), 3)
		one, two := start(t.Context(), l, 0), start(t.Context(), l, 0)
		pass(quick)
		expectReasons(t, "one more", one, FirstAnswer)
		expectReasons(t, "another one", two, FirstAnswer)
		reservations[1].Answered(silent)
		synctest.Wait()
		if one.reservation == nil || two.reservation == nil || one.took != quick || two.took != quick {
			t.Errorf("the others waited %s and %s, want until the first answer", one.took, two.took)
		}
	})
}

func TestFirstRequestsWithoutAnswerLetTheOthersGo(t *testing.T) {
	for name, end := range map[string]func(*Reservation){
		"lost": (*Reservation).Lost, "never sent": (*Reservation).Cancel,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := steady(testLimits)
				reservations := scouts(t, l)
				next := start(t.Context(), l, 0)
				pass(quick)
				end(reservations[0])
				synctest.Wait()
				expectEqual(t, "the next goes", next.reservation != nil, true)
			})
		})
	}
}

func TestPlacesAreGivenInTheOrderOfArrival(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := scouted(t, Limits{Burst: 1, BurstInterval: time.Second, Average: 1000, AverageInterval: time.Minute})
		var readers []*reader
		for range 10 {
			readers = append(readers, start(t.Context(), l, 0))
			synctest.Wait()
		}
		for i := range readers {
			for j, r := range readers {
				expectEqual(t, "a reader has its reservation", r.ended, j <= i)
			}
			readers[i].reservation.Answered(silent)
			pass(time.Second + windowSlack)
		}
	})
}

func TestCanceledReaderLeavesTheMiddleOfTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := scouted(t, Limits{Burst: 1, BurstInterval: 10 * time.Second, Average: 100, AverageInterval: time.Minute})
		send(t, l, 0, silent)
		ctx, cancel := context.WithCancel(t.Context())
		first := start(t.Context(), l, 0)
		synctest.Wait()
		middle := start(ctx, l, 0)
		synctest.Wait()
		last := start(t.Context(), l, 0)
		pass(2 * time.Second)
		cancel()
		synctest.Wait()
		if !errors.Is(middle.err, context.Canceled) || middle.reservation != nil || middle.took != 2*time.Second {
			t.Errorf("the canceled reader got %v after %s: %v", middle.reservation, middle.took, middle.err)
		}
		pass(10 * time.Second)
		expectEqual(t, "the first has its reservation", first.ended, true)
		first.reservation.Answered(silent)
		pass(11 * time.Second)
		expectEqual(t, "the last has its reservation", last.ended, true)
	})
}

func TestNoPlaceForAContextThatHasEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := scouted(t, testLimits)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if p, err := l.Reserve(ctx, nil); p != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v: %v", p, err)
		}
		expectEqual(t, "reservations that went at once", sendUntilFull(t, l), testLimits.Burst)
	})
}

func TestEveryWaiterIsToldWhatItWaitsFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := steady(Limits{Burst: 2, BurstInterval: 10 * time.Second, Average: 100, AverageInterval: time.Minute})
		scout := start(t.Context(), l, 0)
		synctest.Wait()
		var readers []*reader
		for range 4 {
			readers = append(readers, start(t.Context(), l, 0))
			synctest.Wait()
		}
		expectReasons(t, "who has a reservation at once", scout)
		for _, r := range readers {
			expectReasons(t, "a reader behind the first request", r, FirstAnswer)
		}
		scout.reservation.Answered(silent)
		synctest.Wait()
		expectReasons(t, "who goes with the first answer", readers[0], FirstAnswer)
		for _, r := range readers[1:] {
			expectReasons(t, "a reader behind a full window", r, FirstAnswer, Window)
		}
		readers[0].reservation.Answered(refused)
		synctest.Wait()
		for _, r := range readers[1:] {
			expectReasons(t, "a reader after a refusal", r, FirstAnswer, Window, Refusal)
		}
		pass(11 * time.Second)
		expectEqual(t, "one goes as the probe", readers[1].ended, true)
		for _, r := range readers[2:] {
			expectReasons(t, "a reader behind the probe", r, FirstAnswer, Window, Refusal)
		}
		readers[1].reservation.Answered(silent)
		synctest.Wait()
		expectReasons(t, "who goes after the probe", readers[2], FirstAnswer, Window, Refusal)
		expectReasons(t, "who does not", readers[3], FirstAnswer, Window, Refusal, Window)
		pass(time.Minute)
		readers[2].reservation.Cancel()
		synctest.Wait()
		for _, r := range readers {
			expectEqual(t, "everybody has had a reservation", r.reservation != nil, true)
		}
	})
}

func TestLimitsOfAnswersBeatTheAssumedOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := steady(testLimits)
		l.Assume(liveLimits)
		expectEqual(t, "the assumed limits", l.limits, liveLimits)
		send(t, l, quick, left(99))
		l.Assume(liveLimits)
		expectEqual(t, "the limits after an answer", l.limits, testLimits)
	})
}

func TestLimitsAreTakenFromAnswers(t *testing.T) {
	tests := map[string]struct {
		answer Answer
		want   Limits
	}{
		"documented for test":   {left(99), testLimits},
		"documented for live":   {told(200, time.Minute, 199), liveLimits},
		"documented, cacheable": {told(500, time.Minute, 499), Limits{125, 10 * time.Second, 500, time.Minute}},
		"less":                  {told(30, time.Minute, 29), Limits{7, 10 * time.Second, 30, time.Minute}},
		"another interval":      {told(600, 5*time.Minute, 599), Limits{30, 10 * time.Second, 600, 5 * time.Minute}},
		"a second":              {told(10, time.Second, 9), Limits{150, 10 * time.Second, 10, time.Second}},
		"one an hour":           {told(1, time.Hour, 0), Limits{1, 10 * time.Second, 1, time.Hour}},
		"a billion a second": {
			told(maxLimit, time.Second, -1), Limits{15 * maxLimit, 10 * time.Second, maxLimit, time.Second},
		},
		"without a remainder": {told(200, time.Minute, -1), liveLimits},
		"none":                {silent, testLimits},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := steady(testLimits)
				send(t, l, quick, test.answer)
				expectEqual(t, "the limits", l.limits, test.want)
				expectEqual(t, "requests taken for neighbours'", len(l.neighbours.seen), 0)
			})
		})
	}
}

func TestWaitersGoWhenTheLimitsGrow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := steady(Limits{Burst: 1, BurstInterval: time.Minute, Average: 1, AverageInterval: time.Minute})
		send(t, l, quick, silent)
		time.AfterFunc(time.Second, func() { l.Assume(testLimits) })
		_, waited := reserve(t, l)
		expectEqual(t, "the wait", waited, time.Second)
	})
}

func TestPriceFollowsTheFullerWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := scouted(t, testLimits)
		expectEqual(t, "the price of empty windows", l.Price(), 0)
		var prices []time.Duration
		for range 25 {
			send(t, l, 0, silent)
			prices = append(prices, l.Price())
		}
		expectEqual(t, "a rising order", slices.IsSorted(prices), true)
		expectEqual(t, "the price of the fifth", prices[4], 600*time.Millisecond/125)
		expectEqual(t, "the price of a full burst", prices[24], 600*time.Millisecond)
		pass(11 * time.Second)
		expectEqual(t, "the price when the average is the fuller", l.Price(), 600*time.Millisecond/64)
	})
}
