package ratelimit

import "time"

// minCoolDown is the pause after a first refusal if no better estimate is
// known. It doubles with each further refusal in a row.
const minCoolDown = time.Second

// refusal is the state after the API has refused a request. All requests pause,
// which is called the cool-down. Then one request goes alone, the probe. The
// others wait for its answer.
type refusal struct {
	// rounds counts the refusals in a row. Requests that were under way together
	// and were all refused are one round.
	rounds int
	// began is when the first round began, last is when the last one did.
	began, last time.Time
	// until is when the cool-down ends.
	until time.Time
	// probe is the probe while it is under way.
	probe *Reservation
}

// refuse begins the first round or a further one. A Retry-After header counts
// only if it asks for more time than the estimate, and at most maxCoolDown.
func (l *Limiter) refuse(p *Reservation, a Answer, now time.Time) {
	r := &l.refusal
	if !p.taken.After(r.last) {
		return // sent before this cool-down began, so the refusal is part of the same round
	}
	coolDown := min(max(l.coolDown(p, a, now), a.RetryAfter), maxCoolDown)
	if r.rounds == 0 {
		r.began = now
	}
	r.rounds++
	r.last = now
	if until := now.Add(coolDown); until.After(r.until) {
		r.until = until
	}
}

// coolDown estimates how long it takes until there is room again. The recorded
// refusal has "Retry-After: 0", and it does not say which window was full. But
// X-Ratelimit-Remaining speaks of the average window: if it is 0, the average
// window was full, and if it is more, it was the burst.
//
// A part of each cool-down is random. Otherwise processes that were refused
// together would all come back at the same moment.
func (l *Limiter) coolDown(p *Reservation, a Answer, now time.Time) time.Duration {
	if a.Remaining == 0 {
		return l.turn(now)
	}
	coolDown, longest := time.Duration(0), maxCoolDown
	own := l.oldestLeaves(now, p)
	if a.Remaining > 0 {
		longest = 2 * l.limits.BurstInterval
	}
	switch {
	case own > 0 && l.refusal.rounds == 0:
		// When this process's oldest request leaves the burst window, there is room
		// for one request.
		coolDown = own
	case own == 0 && a.Remaining > 0:
		// This process has nothing in the burst window, so the neighbours have filled
		// it. All their requests leave it within an interval.
		coolDown = l.limits.BurstInterval
	}
	coolDown = max(coolDown, min(minCoolDown<<min(l.refusal.rounds, 10), longest))
	return coolDown + time.Duration(l.jitter()*float64(coolDown)/16)
}

// turn is how long to wait if the average window is full. It is a random time
// up to the interval divided by the number of accepted requests that this
// process has in the window. So each process goes on at about the rate at which
// its own requests leave the window. All processes together then send about as
// much as the window takes, however many they are.
//
// If one refusal follows the other, the interval may be wrong. So the bound is
// at least a quarter of the time since the first of them.
func (l *Limiter) turn(now time.Time) time.Duration {
	accepted := 0
	for _, p := range l.own.endedWithin(now, l.limits.AverageInterval) {
		if !p.refused {
			accepted++
		}
	}
	longest := min(l.limits.AverageInterval, maxCoolDown) / time.Duration(max(1, accepted))
	if l.refusal.rounds > 0 {
		longest = max(longest, now.Sub(l.refusal.began)/4)
	}
	return max(minCoolDown, time.Duration(l.jitter()*float64(longest)))
}

// oldestLeaves returns how long it takes until this process's oldest request
// leaves the burst window. The refused request does not count. It is 0 if there
// is no other.
func (l *Limiter) oldestLeaves(now time.Time, refused *Reservation) time.Duration {
	for _, p := range l.own.endedWithin(now, l.limits.BurstInterval) {
		if p != refused {
			return p.done.Add(l.limits.BurstInterval).Sub(now)
		}
	}
	return 0
}

// accepted ends the refusal, because the API has accepted p. A request that was
// sent before the last refusal does not end it: its answer says nothing about
// the time after.
func (r *refusal) accepted(p *Reservation) {
	if p.taken.After(r.last) {
		*r = refusal{probe: r.probe}
	}
}
