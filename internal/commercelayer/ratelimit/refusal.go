package ratelimit

import "time"

// minHold is the first hold after a refusal if nothing better is known. Each
// further refusal in a row doubles it.
const minHold = time.Second

// refusal is what follows a refusal: everybody waits for a while, then one
// request goes first, the probe, and the others wait for its answer.
type refusal struct {
	// rounds counts the refusals without a success in between. Several that
	// were sent together are one round.
	rounds int
	// began is when the first round began, last when the last did.
	began, last time.Time
	// until is when the hold ends.
	until time.Time
	// probe is the request that everybody waits for.
	probe *Place
}

// refuse begins a round, or a further one. A longer Retry-After than the
// estimate is honoured.
func (l *Limiter) refuse(p *Place, a Answer, now time.Time) {
	r := &l.refusal
	if r.rounds > 0 && p.taken.Before(r.last) {
		return // sent along with the one that began the hold: nothing new
	}
	hold := min(max(l.hold(p, a, now), a.RetryAfter), maxHold)
	if r.rounds == 0 {
		r.began = now
	}
	r.rounds++
	r.last = now
	if until := now.Add(hold); until.After(r.until) {
		r.until = until
	}
}

// hold estimates when there is room again. The API says neither which window was
// full nor when it frees: it sends Retry-After: 0. But if it tells how much of
// the average window is left, that tells which one it was.
//
// A little of each hold is random, so that processes that were refused together
// do not come back together.
func (l *Limiter) hold(p *Place, a Answer, now time.Time) time.Duration {
	if a.Remaining == 0 {
		return l.turn(now)
	}
	hold, longest := time.Duration(0), maxHold
	own := l.oldestLeaves(now, p)
	if a.Remaining > 0 {
		longest = 2 * l.limits.BurstInterval
	}
	switch {
	case own > 0 && l.refusal.rounds == 0:
		// At the latest then there is room for the one that leaves.
		hold = own
	case own == 0 && a.Remaining > 0:
		// Others fill the burst alone: in an interval they have left it.
		hold = l.limits.BurstInterval
	}
	hold = max(hold, min(minHold<<min(l.refusal.rounds, 10), longest))
	return hold + time.Duration(l.jitter()*float64(hold)/16)
}

// turn is a random time within which this process has its turn in the average
// window: the interval, divided by the number of requests that it has in there.
// So a crowd sends about as much as the window takes, however large it is, and
// nobody waits longer who has little.
func (l *Limiter) turn(now time.Time) time.Duration {
	accepted := 0
	for _, p := range l.own.leaving(now, l.limits.AverageInterval) {
		if !p.refused {
			accepted++
		}
	}
	interval := min(l.limits.AverageInterval, maxHold)
	return max(minHold, time.Duration(l.jitter()*float64(interval)/float64(max(1, accepted))))
}

// oldestLeaves tells when the first of our own requests in the burst window,
// other than the refused one, leaves it; 0 if there is none.
func (l *Limiter) oldestLeaves(now time.Time, refused *Place) time.Duration {
	for _, p := range l.own.leaving(now, l.limits.BurstInterval) {
		if p != refused {
			return p.done.Add(l.limits.BurstInterval).Sub(now)
		}
	}
	return 0
}

// accepted ends the refusal, unless the request was sent before it: an answer
// to that says nothing of the time after.
func (r *refusal) accepted(p *Place) {
	if !p.taken.Before(r.last) {
		*r = refusal{probe: r.probe}
	}
}
