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
	// refusedPause is how many times longer the pause is after the token endpoint
	// has answered 429. Its window is a minute (documented).
	refusedPause = 4
)

// An attempts sends a request once or more often. After a failure that may pass
// it tries again, at most maxRetries times. After a 429 it tries again until
// the context ends.
type attempts struct {
	transport http.RoundTripper
	// limiter gives a place to each attempt. It is nil for the token endpoint,
	// which has limits of its own.
	limiter    *ratelimit.Limiter
	timeout    time.Duration
	maxRetries int
	observe    func(context.Context, Event)
}

// send returns the first answer that is a success. place is the place of the
// first attempt. If it is nil, send takes one itself. The error is the
// context's if the context has ended. Otherwise it is an [*Error], which the
// caller completes with what was asked.
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
			continue // the limiter decides when the next attempt may be sent
		}
		p.enter(ctx, forPause)
		if err := sleep(ctx, pause(failures+refusals, limited, got)); err != nil {
			return nil, err
		}
	}
}

// pause returns the time between the n-th failed attempt and the next one. It
// grows up to a bound. A part of it is random, so that processes that failed
// together do not all come back at the same moment. A Retry-After header counts
// if it asks for more time, up to a minute. The API itself sends 0.
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

// sleep waits. It returns the context's error if the context ends first.
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

// An outgoing is a request together with what it needs to be sent. Each attempt
// makes a new HTTP request from it.
type outgoing struct {
	*request
	method, host string
	// token is set if the request asks for an access token.
	token bool
	// scrub removes the token or the secret that was sent, since the server may
	// quote it.
	scrub *scrubber
	// make returns a new HTTP request.
	make func(context.Context) (*http.Request, error)
}
