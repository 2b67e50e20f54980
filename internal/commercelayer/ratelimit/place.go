package ratelimit

import "time"

// A Place in the windows belongs to one HTTP request. It must come to one of
// three ends: [Place.Release], [Place.Lost] or [Place.Answered]. The first one
// counts, others after it do nothing.
type Place struct {
	limiter *Limiter
	taken   time.Time
	// done is when the answer came, or when none was expected any more.
	done time.Time
	// refused is set if the API refused the request.
	refused bool
}

// Release gives back the place of a request that was never sent.
func (p *Place) Release() { p.limiter.release(p) }

// Lost tells that the request was sent and that no answer came. The API may
// have counted it.
func (p *Place) Lost() { p.limiter.lost(p) }

// Answered tells that the request was answered, and what the answer says of the
// limit.
func (p *Place) Answered(a Answer) { p.limiter.answered(p, a) }
