package commercelayer

import (
	"context"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/ratelimit"
)

const (
	// pauseMin and pauseMax bound the pause before another attempt.
	pauseMin = 500 * time.Millisecond
	pauseMax = 10 * time.Second
	// refusedPause is how many times longer the pause is after a refusal of the
	// token endpoint, whose window is a minute (documented).
	refusedPause = 4
)

// attempts sends a request as often as it takes: again after a failure that can
// pass, at most maxRetries times, and again after a refusal by the rate limit
// until the context ends.
type attempts struct {
	transport *transport
	// limiter gives a place to each attempt. Nil for the token endpoint, whose
	// windows are its own.
	limiter    *ratelimit.Limiter
	timeout    time.Duration
	maxRetries int
	observe    func(context.Context, Event)
}

// send returns the first answer that is a success. place is that of the first
// attempt, or nil. The error is the context's own if that has ended, and else an
// [*Error] that does not yet tell what was asked.
func (a *attempts) send(ctx context.Context, p *progress, place *ratelimit.Place, req *outgoing) (*answer, error) {
	failures, refusals := 0, 0
	for {
		if place == nil && a.limiter != nil {
			var err error
			if place, err = a.limiter.Reserve(ctx, p.waitFor(ctx)); err != nil {
				return nil, err
			}
		}
		got, failure := a.attempt(ctx, p, place, req)
		place = nil
		switch {
		case failure == nil:
			return got, nil
		case ctx.Err() != nil:
			return nil, ctx.Err()
		}
		p.fail(failure)
		limited := failure.Class == ErrRateLimited
		if limited {
			refusals++
		} else {
			failures++
		}
		if !failure.passes() || failures > a.maxRetries {
			return nil, failure
		}
		if limited && a.limiter != nil {
			continue // the limiter knows when the next attempt may go out
		}
		p.enter(ctx, forPause)
		if err := sleep(ctx, pause(failures+refusals, limited, got)); err != nil {
			return nil, err
		}
	}
}

// pause is the time before the attempt that follows the n-th one that failed: growing,
// bounded, and different each time, so that processes which failed together do
// not come back together. A longer Retry-After is honoured, up to a minute; the
// API's own is 0.
func pause(n int, limited bool, got *answer) time.Duration {
	d := min(pauseMin<<min(max(0, n-1), 16), pauseMax)
	if limited {
		d = min(d*refusedPause, pauseMax)
	}
	d = d/2 + rand.N(d/2+1) //nolint:gosec // spreads load, guards nothing
	if got != nil {
		if asked, ok := ratelimit.RetryAfter(got.header, time.Now()); ok {
			d = max(d, asked)
		}
	}
	return d
}

// sleep waits, or returns the context's error if that ends first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// outgoing is a request as it goes over the wire, each attempt anew.
type outgoing struct {
	*request
	method, host string
	// token tells that it asks for an access token.
	token bool
	// scrub removes what was sent to be recognized by, should the server quote it.
	scrub *scrubber
	// make returns the HTTP request.
	make func(context.Context) (*http.Request, error)
}
