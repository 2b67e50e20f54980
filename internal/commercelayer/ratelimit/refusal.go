package ratelimit

import "time"

// minHold is the first hold after a refusal if nothing better is known.
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

// refused begins a round, or lengthens it. The API says neither which window
// was full nor when it has room: it sends Retry-After: 0. So the hold is an
// estimate, which is doubled with each round. A longer Retry-After is honoured.
func (r *refusal) refused(p *Place, now time.Time, estimate, asked time.Duration, jitter float64) {
	if r.rounds > 0 && p.taken.Before(r.last) {
		return // sent along with the one that began the hold: nothing new
	}
	if r.rounds == 0 {
		r.began = now
	} else {
		estimate = minHold
	}
	hold := max(estimate, minHold) << min(r.rounds, 10)
	r.rounds++
	r.last = now
	hold += time.Duration(jitter * float64(hold) / 4)
	if until := now.Add(min(max(hold, asked), maxHold)); until.After(r.until) {
		r.until = until
	}
}

// accepted ends the refusal, unless the request was sent before it: an answer
// to that says nothing of the time after.
func (r *refusal) accepted(p *Place) {
	if !p.taken.Before(r.last) {
		*r = refusal{probe: r.probe}
	}
}
