package ratelimit

import "time"

// A Reservation of room in the windows belongs to one HTTP request. Exactly one
// of three methods ends it: [Reservation.Cancel], [Reservation.Lost] or
// [Reservation.Answered]. Further calls do nothing.
type Reservation struct {
	limiter *Limiter
	// taken is when the reservation was granted, just before the request was sent.
	taken time.Time
	// done is when the answer came, or when it was no longer expected.
	done time.Time
	// refused is set if the API refused the request with 429.
	refused bool
}

// Cancel gives back the room of a request that was never sent.
func (p *Reservation) Cancel() {
	l := p.limiter
	l.mu.Lock()
	defer l.mu.Unlock()
	l.giveBack(p)
	l.dispatch(time.Now())
}

// Lost says that the request was sent and that no answer came. The request
// keeps its room for an interval, because the API may have counted it.
func (p *Reservation) Lost() { p.end(func(time.Time) {}) }

// Answered says that the request was answered, and what the answer says about
// the rate limit.
func (p *Reservation) Answered(a Answer) {
	l := p.limiter
	p.end(func(now time.Time) {
		p.refused = a.Refused
		l.learn(p, a, now)
		if a.Refused {
			l.refuse(p, a, now)
		} else {
			l.refusal.accepted(p)
			l.givenUp = givenUp{}
		}
	})
}

// end ends a request that was sent. note takes what is known from its answer.
func (p *Reservation) end(note func(now time.Time)) {
	l := p.limiter
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if !l.own.end(p, now) {
		return
	}
	l.scouted = true
	l.unblock(p)
	note(now)
	l.dispatch(now)
}
