package ratelimit

import (
	"testing"
	"testing/synctest"
	"time"
)

// Ours is one of eleven, twice: the second answer tells that the others have
// come to rest.
func afterTenOthers(t *testing.T) *Limiter {
	t.Helper()
	l := steady(testLimits)
	send(t, l, quick, left(89))
	send(t, l, quick, left(88))
	return l
}

func TestRequestsOfOthersFillTheWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := afterTenOthers(t)
		expectEqual(t, "more that went at once", sendUntilFull(t, l), 25-12)
	})
}

func TestOthersWhoUsedTheWholeMinuteAreWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := steady(testLimits)
		send(t, l, quick, left(0))
		_, waited := reserve(t, l)
		expectEqual(t, "the wait", waited, time.Minute+windowSlack)
	})
}

func TestOthersWhoUseLessAreNoticed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := steady(testLimits)
		send(t, l, quick, left(5))
		pass(10 * time.Second) // the burst window is not what this is about
		// What the others sent was older than it could have been: it has left.
		send(t, l, quick, left(98))
		expectEqual(t, "more that went at once", sendUntilFull(t, l), 24)
	})
}

func TestOthersAreForgottenAfterTheInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := steady(testLimits)
		send(t, l, quick, left(10))
		pass(time.Minute + windowSlack)
		expectEqual(t, "requests that went at once", sendUntilFull(t, l), testLimits.Burst)
		expectEqual(t, "requests of others that are still known", len(l.others.seen), 0)
	})
}

// Answers overtake each other: the one that was counted first may come last, and
// says nothing of those counted after it.
func TestLateAnswersDoNotMislead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := steady(testLimits)
		send(t, l, quick, silent) // the first goes alone
		var places []*Place
		for range 5 {
			p, _ := reserve(t, l)
			places = append(places, p)
		}
		pass(quick)
		for i, p := range places[1:] {
			p.Answered(left(100 - (1 + 10 + 2 + i)))
		}
		places[0].Answered(left(100 - (1 + 10 + 1)))
		expectEqual(t, "known requests of others", len(l.others.seen), 10)
	})
}

// Whether the API counts what it refuses is not documented: own refusals must not
// be taken for part of what others are known to have used.
func TestOthersAreNotForgottenOverOwnRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := steady(testLimits)
		send(t, l, quick, left(89))
		for range 3 {
			a := left(89)
			a.Refused = true
			send(t, l, quick, a)
		}
		send(t, l, quick, left(88))
		expectEqual(t, "known requests of others", len(l.others.seen), 10)
	})
}

func TestOwnRequestsAreNotTakenForOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := steady(testLimits)
		api := &server{limits: testLimits}
		for range 300 {
			p, _ := reserve(t, l)
			pass(3 * quick)
			a := api.ask()
			pass(quick)
			p.Answered(a)
			if n := len(l.others.seen); n > 0 {
				t.Fatalf("%d requests are taken for others'", n)
			}
		}
	})
}

// Two plans in a row are two processes: to the second, the requests of the first are
// others'.
func TestASecondPlanInAMinuteDoesNotWait(t *testing.T) {
	tests := map[string]struct {
		others int
		waits  bool
	}{
		"alone":    {0, false},
		"a few":    {3, false},
		"ten":      {10, false}, // what a plan of a hundred customers leaves behind
		"a dozen":  {13, false},
		"two more": {24, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := steady(testLimits)
				send(t, l, quick, left(100-1-test.others))
				_, waited := reserve(t, l)
				expectEqual(t, "the second waits", waited > 0, test.waits)
			})
		})
	}
}

func TestAsMuchIsLeftToOthersAsTheyHaveSentSince(t *testing.T) {
	for name, test := range map[string]struct{ since, want int }{
		"none":  {0, 25 - 13},
		"two":   {2, 25 - 13 - 2 - 2},
		"eight": {8, 25 - 13 - 8 - 3}, // an eighth of the window is left at most
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := afterTenOthers(t)
				send(t, l, quick, left(87-test.since))
				expectEqual(t, "more that went at once", sendUntilFull(t, l), test.want)
			})
		})
	}
}

// In twice the burst's length, half of what others have sent has left the burst
// window again.
func TestOldRequestsOfOthersHaveLeftTheBurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := steady(testLimits)
		send(t, l, quick, left(99))
		pass(20 * time.Second)
		send(t, l, quick, left(100-2-20))
		send(t, l, quick, left(100-3-20))
		n := len(l.others.within(time.Now(), testLimits.BurstInterval))
		if n < 10 || n > 11 {
			t.Errorf("%d of 20 requests are taken to be in the burst window, want half", n)
		}
		expectEqual(t, "in the average window", len(l.others.within(time.Now(), time.Minute)), 20)
	})
}

// While others use the window too, no more is under way than a quarter of what
// is left.
func TestAnswersAreWaitedForWhileOthersAreSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := afterTenOthers(t)
		var places []*Place
		for range 2 {
			p, waited := reserve(t, l)
			expectEqual(t, "the wait", waited, 0)
			places = append(places, p)
		}
		// 11 are left, so that two are enough.
		third := start(t.Context(), l, 0)
		pass(time.Second)
		expectReasons(t, "the third", third, Window)
		places[0].Answered(left(87))
		synctest.Wait()
		expectEqual(t, "the third goes after an answer", third.place != nil, true)
	})
}
