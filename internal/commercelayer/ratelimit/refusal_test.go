package ratelimit

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// hold sends a request that is refused, and returns how long the next one waits.
func hold(t *testing.T, l *Limiter, a Answer) time.Duration {
	t.Helper()
	send(t, l, 0, a)
	_, waited := reserve(t, l)
	return waited
}

func TestHoldAfterARefusal(t *testing.T) {
	type row struct {
		answer Answer
		want   time.Duration
	}
	bubbles(t, map[string]row{
		"nothing is known":                {refused, minCoolDown},
		"Retry-After is longer":           {asking(refused, 7*time.Second), 7 * time.Second},
		"Retry-After is shorter":          {asking(refused, time.Millisecond), minCoolDown},
		"Retry-After beyond the bound":    {asking(refused, time.Hour), maxCoolDown},
		"others fill the burst alone":     {refusing(left(75)), 10*time.Second + windowSlack},
		"the same, Retry-After is longer": {asking(refusing(left(75)), 25*time.Second), 25 * time.Second},
	}, func(t *testing.T, test row) {
		expectEqual(t, "the cool-down", hold(t, scouted(t, testLimits), test.answer), test.want)
	})
}

func TestHoldLastsUntilTheFirstOwnRequestLeavesTheBurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := scouted(t, testLimits)
		send(t, l, 0, silent)
		pass(3 * time.Second)
		expectEqual(t, "the cool-down", hold(t, l, refused), 7*time.Second)
	})
}

func TestRefusalsInARowDoubleTheHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := scouted(t, testLimits)
		send(t, l, 0, refused)
		want := minCoolDown
		for range 9 {
			expectEqual(t, "the cool-down", send(t, l, 0, refused), want)
			want = min(2*want, maxCoolDown)
		}
		expectEqual(t, "the longest cool-down", want, maxCoolDown)
		// A success ends the refusal and resets the cool-down.
		send(t, l, 0, silent)
		pass(10 * time.Second)
		expectEqual(t, "the first cool-down of a new refusal", hold(t, l, refused), minCoolDown)
	})
}

func TestRefusalsOfOneRoundCountOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := scouted(t, testLimits)
		for _, p := range reserveAtOnce(t, l, 10) {
			pass(10 * time.Millisecond)
			p.Answered(refused)
		}
		_, waited := reserve(t, l)
		expectEqual(t, "the cool-down of the first", waited, minCoolDown-90*time.Millisecond)
	})
}

// The answer to a request that was sent before the refusal says nothing about
// the time after it.
func TestLateSuccessDoesNotEndTheHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := scouted(t, testLimits)
		early, _ := reserve(t, l)
		pass(10 * time.Millisecond)
		send(t, l, 0, refused)
		early.Answered(silent)
		_, waited := reserve(t, l)
		expectEqual(t, "the cool-down", waited, minCoolDown)
	})
}

// A probe that gets no answer must not keep the others waiting for ever.
func TestProbeWithoutAnswerIsFollowedByAnother(t *testing.T) {
	bubbles(t, withoutAnswer, func(t *testing.T, end func(*Reservation)) {
		l := scouted(t, testLimits)
		send(t, l, 0, refused)
		p, _ := reserve(t, l)
		second, third := start(t.Context(), l, 0), start(t.Context(), l, 0)
		end(p)
		synctest.Wait()
		expectEqual(t, "the next goes", second.reservation != nil, true)
		expectEqual(t, "the one after it waits", third.ended, false)
	})
}

func TestHoldHasARandomPart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := scouted(t, testLimits)
		l.jitter = func() float64 { return 0.5 }
		expectEqual(t, "the cool-down", hold(t, l, refused), minCoolDown*33/32)
	})
}

// The more of this process's requests are in the full average window, the
// sooner it sends again.
func TestTurnInAFullAverageWindowGoesByTheOwnShare(t *testing.T) {
	for own, want := range map[int]time.Duration{0: 30 * time.Second, 1: 30 * time.Second, 5: 6 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			l := scouted(t, testLimits)
			for range own {
				send(t, l, 0, silent)
			}
			pass(11 * time.Second)
			l.jitter = func() float64 { return 0.5 }
			send(t, l, 0, refusing(left(0)))
			expectEqual(t, "the cool-down", time.Until(l.refusal.until), want)
		})
	}
}

// The headers may tell of a window that is short and always full.
func TestTurnsGrowWhileNothingIsAccepted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := scouted(t, testLimits)
		l.jitter = func() float64 { return 0.5 }
		always := refusing(told(10, time.Second, 0))
		var turns []time.Duration
		for began := time.Now(); time.Since(began) < 20*time.Minute; {
			send(t, l, 0, always)
			turns = append(turns, time.Until(l.refusal.until))
		}
		expectEqual(t, "the first turn", turns[0], minCoolDown)
		expectEqual(t, "the longest turn", slices.Max(turns), maxCoolDown)
		expectEqual(t, "turns that never become shorter", slices.IsSorted(turns), true)
		if len(turns) > 70 {
			t.Errorf("%d requests were sent", len(turns))
		}
		send(t, l, 0, silent)
		send(t, l, 0, always)
		expectEqual(t, "the turn after a success", time.Until(l.refusal.until), minCoolDown)
	})
}

// An API that counts in its own way may refuse although its headers tell of
// room. That must not lead to a storm of requests.
func TestRefusalsWithoutEndAreNoStorm(t *testing.T) {
	bubbles(t, map[string]Answer{
		"silent": refused, "room": refusing(left(99)), "full": refusing(left(0)),
		"full for a second": refusing(told(10, time.Second, 0)),
	}, func(t *testing.T, a Answer) {
		l := New(testLimits)
		sent := 0
		for began := time.Now(); time.Since(began) < time.Hour; sent++ {
			send(t, l, quick, a)
		}
		if sent < 50 || sent > 4*60 {
			t.Errorf("%d requests were sent in an hour", sent)
		}
	})
}
