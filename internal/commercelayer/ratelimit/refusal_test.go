package ratelimit

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// refusedWith returns a refusal that tells how much of the average window of a
// test organization is left.
func refusedWith(remaining int) Answer {
	a := left(remaining)
	a.Refused = true
	return a
}

func TestHoldAfterARefusal(t *testing.T) {
	asking := func(a Answer, retryAfter time.Duration) Answer {
		a.RetryAfter = retryAfter
		return a
	}
	tests := map[string]struct {
		answer Answer
		want   time.Duration
	}{
		"nothing is known":                {refused, minCoolDown},
		"Retry-After is longer":           {asking(refused, 7*time.Second), 7 * time.Second},
		"Retry-After is shorter":          {asking(refused, time.Millisecond), minCoolDown},
		"Retry-After beyond the bound":    {asking(refused, time.Hour), maxCoolDown},
		"others fill the burst alone":     {refusedWith(75), 10*time.Second + windowSlack},
		"the same, Retry-After is longer": {asking(refusedWith(75), 25*time.Second), 25 * time.Second},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := scouted(t, testLimits)
				send(t, l, 0, test.answer)
				_, waited := reserve(t, l)
				expectEqual(t, "the cool-down", waited, test.want)
			})
		})
	}
}

func TestHoldLastsUntilTheFirstOwnRequestLeavesTheBurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := scouted(t, testLimits)
		send(t, l, 0, silent)
		pass(3 * time.Second)
		send(t, l, 0, refused)
		_, waited := reserve(t, l)
		expectEqual(t, "the cool-down", waited, 7*time.Second)
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
		expectEqual(t, "the cool-down after a success", send(t, l, 0, refused), 0)
		_, waited := reserve(t, l)
		expectEqual(t, "the first cool-down of a new refusal", waited, minCoolDown)
	})
}

func TestRefusalsOfOneRoundCountOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := scouted(t, testLimits)
		var reservations []*Reservation
		for range 10 {
			p, _ := reserve(t, l)
			reservations = append(reservations, p)
		}
		for _, p := range reservations {
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
	for name, end := range map[string]func(*Reservation){
		"lost": (*Reservation).Lost, "never sent": (*Reservation).Cancel,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := scouted(t, testLimits)
				send(t, l, 0, refused)
				p, _ := reserve(t, l)
				second := start(t.Context(), l, 0)
				synctest.Wait()
				third := start(t.Context(), l, 0)
				pass(quick)
				end(p)
				synctest.Wait()
				expectEqual(t, "the next goes", second.reservation != nil, true)
				expectEqual(t, "the one after it waits", third.ended, false)
			})
		})
	}
}

func TestHoldHasARandomPart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := scouted(t, testLimits)
		l.jitter = func() float64 { return 0.5 }
		send(t, l, 0, refused)
		_, waited := reserve(t, l)
		expectEqual(t, "the cool-down", waited, minCoolDown*33/32)
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
			refusedAt := time.Now()
			send(t, l, 0, refusedWith(0))
			expectEqual(t, "the cool-down", l.refusal.until.Sub(refusedAt), want)
			_, waited := reserve(t, l)
			if waited < want {
				t.Errorf("with %d of its own a reader waited %s, want %s at least", own, waited, want)
			}
		})
	}
}

// The headers may tell of a window that is short and always full.
func TestTurnsGrowWhileNothingIsAccepted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := scouted(t, testLimits)
		l.jitter = func() float64 { return 0.5 }
		always := told(10, time.Second, 0)
		always.Refused = true
		began, turns := time.Now(), []time.Duration(nil)
		for time.Since(began) < 20*time.Minute {
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
	for name, a := range map[string]Answer{
		"silent": refused, "room": refusedWith(99), "full": refusedWith(0),
		"full for a second": {Refused: true, Limit: 10, Interval: time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := New(testLimits)
				began, sent := time.Now(), 0
				for time.Since(began) < time.Hour {
					send(t, l, quick, a)
					sent++
				}
				if sent < 50 || sent > 4*60 {
					t.Errorf("%d requests were sent in an hour", sent)
				}
			})
		})
	}
}
