package ratelimit

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// scouts is how many requests go before the first answer.
const scouts = 3

func TestOnlyAFewRequestsGoBeforeTheFirstAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := steady(testLimits)
		first := reserveAtOnce(t, l, scouts)
		others := []*reader{start(t.Context(), l, 0), start(t.Context(), l, 0)}
		pass(quick)
		first[1].Answered(silent)
		synctest.Wait()
		for _, r := range others {
			expectReasons(t, "one more", r, FirstAnswer)
			expectEqual(t, "one more goes with the first answer", r.reservation != nil, true)
		}
	})
}

// withoutAnswer are the ends of a request that tell nothing.
var withoutAnswer = map[string]func(*Reservation){
	"lost": (*Reservation).Lost, "never sent": (*Reservation).Cancel,
}

func TestFirstRequestsWithoutAnswerLetTheOthersGo(t *testing.T) {
	bubbles(t, withoutAnswer, func(t *testing.T, end func(*Reservation)) {
		l := steady(testLimits)
		first := reserveAtOnce(t, l, scouts)
		next := start(t.Context(), l, 0)
		end(first[0])
		synctest.Wait()
		expectEqual(t, "the next goes", next.reservation != nil, true)
	})
}

func TestReadersGoInTheOrderInWhichTheyCame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := scouted(t, oneIn(10*time.Second))
		send(t, l, 0, silent)
		ctx, cancel := context.WithCancel(t.Context())
		first, canceled, last := start(t.Context(), l, 0), start(ctx, l, 0), start(t.Context(), l, 0)
		pass(2 * time.Second)
		cancel()
		synctest.Wait()
		if !errors.Is(canceled.err, context.Canceled) || canceled.reservation != nil || canceled.took != 2*time.Second {
			t.Errorf("the canceled reader got %+v", canceled)
		}
		pass(10 * time.Second)
		expectEqual(t, "the first has its reservation", first.ended, true)
		expectEqual(t, "the last has its reservation", last.ended, false)
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
		var readers []*reader
		for range 4 {
			readers = append(readers, start(t.Context(), l, 0))
		}
		expectAll := func(what string, readers []*reader, want ...Reason) {
			t.Helper()
			synctest.Wait()
			for _, r := range readers {
				expectReasons(t, what, r, want...)
			}
		}
		expectAll("who has a reservation at once", []*reader{scout})
		expectAll("a reader behind the first request", readers, FirstAnswer)
		scout.reservation.Answered(silent)
		expectAll("who goes with the first answer", readers[:1], FirstAnswer)
		expectAll("a reader behind a full window", readers[1:], FirstAnswer, Window)
		readers[0].reservation.Answered(refused)
		expectAll("a reader after a refusal", readers[1:], FirstAnswer, Window, Refusal)
		pass(11 * time.Second)
		expectEqual(t, "one goes as the probe", readers[1].ended, true)
		expectAll("a reader behind the probe", readers[2:], FirstAnswer, Window, Refusal)
		readers[1].reservation.Answered(silent)
		expectAll("who goes after the probe", readers[2:3], FirstAnswer, Window, Refusal)
		expectAll("who does not", readers[3:], FirstAnswer, Window, Refusal, Window)
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
	type row struct {
		answer Answer
		want   Limits
	}
	bubbles(t, map[string]row{
		"documented for test":   {left(99), testLimits},
		"documented for live":   {told(200, time.Minute, 199), liveLimits},
		"documented, cacheable": {told(500, time.Minute, 499), Limits{125, 10 * time.Second, 500, time.Minute}},
		"less":                  {told(30, time.Minute, 29), Limits{7, 10 * time.Second, 30, time.Minute}},
		"another interval":      {told(100, 5*time.Minute, 99), Limits{5, 10 * time.Second, 100, 5 * time.Minute}},
		"one an hour":           {told(1, time.Hour, 0), Limits{1, 10 * time.Second, 1, time.Hour}},
		"a billion a second": {
			told(maxLimit, time.Second, -1), Limits{15 * maxLimit, 10 * time.Second, maxLimit, time.Second},
		},
		"none": {silent, testLimits},
	}, func(t *testing.T, test row) {
		l := steady(testLimits)
		send(t, l, quick, test.answer)
		expectEqual(t, "the limits", l.limits, test.want)
		expectEqual(t, "requests taken for neighbours'", len(l.neighbours.seen), 0)
	})
}

func TestWaitersGoWhenTheLimitsGrow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := steady(oneIn(time.Minute))
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
