package ratelimit

import "time"

// A Place in the windows belongs to one HTTP request. Exactly one of three
// methods ends it: [Place.Release], [Place.Lost] or [Place.Answered]. Further
// calls do nothing.
type Place struct {
	limiter *Limiter
	// taken is when the place was given out, just before the request was sent.
	taken time.Time
	// done is when the answer came, or when it was no longer expected.
	done time.Time
	// refused is set if the API refused the request with 429.
	refused bool
}

// Release gives back the place of a request that was never sent.
func (p *Place) Release() { p.limiter.release(p) }

// Lost says that the request was sent and that no answer came. The request
// keeps its place for an interval, because the API may have counted it.
func (p *Place) Lost() { p.limiter.lost(p) }

// Answered says that the request was answered, and what the answer says about
// the rate limit.
func (p *Place) Answered(a Answer) { p.limiter.answered(p, a) }
