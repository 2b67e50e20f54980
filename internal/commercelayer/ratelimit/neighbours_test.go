package ratelimit

import (
	"testing"
	"testing/synctest"
	"time"
)

// afterTenOthers returns a limiter that knows of ten requests of neighbours.
// Its first answer tells of them, and its second one tells that no more have
// come.
func afterTenOthers(t *testing.T) *Limiter {
	t.Helper()
	l := steady(testLimits)
	send(t, l, quick, left(89))
	send(t, l, quick, left(88))
	return l
}

func expectOthers(t *testing.T, l *Limiter, want int) {
	t.Helper()
	expectEqual(t, "known requests of others", len(l.neighbours.seen), want)
}

func TestOthersWhoseRequestsAreAllOwnAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := afterTenOthers(t)
		send(t, l, quick, left(97)) // as many as this process has sent
		expectOthers(t, l, 0)
	})
}

// A slow request of this process keeps its room for longer than the API counts
// it. So it explains nothing of what the API has counted.
func TestOwnRequestsThatHaveLeftTheWindowExplainNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := steady(testLimits)
		send(t, l, 5*time.Second, left(89))
		pass(testLimits.AverageInterval - 5*time.Second)
		send(t, l, 0, left(89))
		expectOthers(t, l, 10)
	})
}

// The average window may be shorter than the burst window.
func TestOwnRequestsOfBeforeTheWindowDoNotHideOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := steady(testLimits)
		for i := range 5 {
			send(t, l, 0, told(10, time.Second, 9-i))
		}
		pass(2 * time.Second)
		send(t, l, quick, told(10, time.Second, 10-1-3))
		expectOthers(t, l, 3)
	})
}

func TestRequestsAreForgottenAfterTheInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := steady(testLimits)
		send(t, l, quick, left(10))
		pass(time.Minute + windowSlack)
		expectEqual(t, "requests that went at once", sendUntilFull(t, l), testLimits.Burst)
		expectOthers(t, l, 0)
		expectEqual(t, "own requests that are still known", len(l.own.ended), testLimits.Burst+1)
	})
}

// Answers may arrive in another order than the API counted the requests. The
// answer to the first request may come last. It says nothing about requests
// that were counted later.
func TestLateAnswersDoNotMislead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := steady(testLimits)
		send(t, l, quick, silent) // the first request goes alone
		reservations := reserveAtOnce(t, l, 5)
		pass(quick)
		for i, p := range reservations[1:] {
			p.Answered(left(100 - (1 + 10 + 2 + i)))
		}
		reservations[0].Answered(left(100 - (1 + 10 + 1)))
		expectOthers(t, l, 10)
	})
}

// It is not documented whether the API counts a request that it refuses. So
// this process's refused requests must not explain a part of what the
// neighbours have used.
func TestOthersAreNotForgottenOverOwnRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := steady(testLimits)
		send(t, l, quick, left(89))
		for range 3 {
			send(t, l, quick, refusing(left(89)))
		}
		send(t, l, quick, left(88))
		expectOthers(t, l, 10)
	})
}

// Two plans in a row are two processes. To the second process, the first one's
// requests are a neighbour's.
func TestASecondPlanInAMinuteDoesNotWait(t *testing.T) {
	for others, waits := range map[int]bool{
		10: false, // what a plan of a hundred customers leaves behind
		24: true,
	} {
		synctest.Test(t, func(t *testing.T) {
			l := steady(testLimits)
			send(t, l, quick, left(100-1-others))
			_, waited := reserve(t, l)
			expectEqual(t, "the second waits", waited > 0, waits)
		})
	}
}

func TestAsMuchIsLeftToOthersAsTheyHaveSentSince(t *testing.T) {
	bubbles(t, map[string]struct{ since, want int }{
		"none":  {0, 25 - 13},
		"two":   {2, 25 - 13 - 2 - 2},
		"eight": {8, 25 - 13 - 8 - 3}, // the margin is at most an eighth of the window
	}, func(t *testing.T, test struct{ since, want int }) {
		l := afterTenOthers(t)
		send(t, l, quick, left(87-test.since))
		expectEqual(t, "more that went at once", sendUntilFull(t, l), test.want)
	})
}

// The last answer is twice as old as the burst window is long. So half of the
// neighbours' requests have left the burst window.
func TestOldRequestsOfOthersHaveLeftTheBurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := steady(testLimits)
		send(t, l, quick, left(99))
		pass(20 * time.Second)
		send(t, l, quick, left(100-2-20))
		n := len(l.neighbours.within(time.Now(), testLimits.BurstInterval+windowSlack))
		if n < 10 || n > 11 {
			t.Errorf("%d of 20 requests are taken to be in the burst window, want half", n)
		}
		expectOthers(t, l, 20)
	})
}

// While neighbours use the window too, at most a quarter of the room that is
// left may be under way.
func TestAnswersAreWaitedForWhileOthersAreSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := afterTenOthers(t)
		reservations := reserveAtOnce(t, l, 2)
		// There is room for 11 more, so two under way are enough.
		third := start(t.Context(), l, 0)
		pass(time.Second)
		expectReasons(t, "the third", third, Window)
		reservations[0].Answered(left(87))
		synctest.Wait()
		expectEqual(t, "the third goes after an answer", third.reservation != nil, true)
	})
}
