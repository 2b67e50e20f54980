package commercelayer

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/outage"
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

// A sender sends a request once or more often. After a retryable failure it
// tries again, at most maxRetries times. After a 429 it tries again until the
// context ends.
type sender struct {
	*settings

	// limiter gives a reservation to each attempt. It is nil for the token
	// endpoint, which has limits of its own.
	limiter *ratelimit.Limiter
	// breaker ends the attempts of all readers while the host answers nobody.
	breaker outage.Breaker[Error]
}

// A turn is the permission to make one attempt: the breaker's and the
// limiter's.
type turn struct {
	try *outage.Attempt[Error]
	// reservation is nil if there is no limiter.
	reservation *ratelimit.Reservation
}

// release gives back a turn that was not used.
func (t *turn) release() {
	t.reservation.Cancel()
	t.try.Dropped()
}

// turn waits until an attempt may be made.
func (s *sender) turn(ctx context.Context, p *progress) (*turn, error) {
	try, err := s.breaker.Enter(ctx, func() { p.enter(ctx, forProbe) })
	if known, ok := errors.AsType[*outage.Outage[Error]](err); ok {
		return nil, outageError(known)
	}
	if err != nil || s.limiter == nil {
		return &turn{try: try}, err
	}
	reservation, err := s.limiter.Reserve(ctx, p.waitFor(ctx))
	if err != nil {
		try.Dropped()
	}
	return &turn{try, reservation}, err
}

// outageError returns the error of a read that the breaker has ended.
func outageError(known *outage.Outage[Error]) *Error {
	e := known.Seen
	e.Outage = known.Since
	return &e
}

// send returns the first answer that is a success. first is the turn of the
// first attempt. If it is nil, send waits for one itself. The error is the
// context's if the context has ended. Otherwise it is an [*Error], which the
// caller completes with what was asked.
func (s *sender) send(ctx context.Context, p *progress, first *turn, req *outgoing) (*answer, error) {
	began := time.Now()
	failures, refusals := 0, 0
	for next := first; ; next = nil {
		if next == nil {
			var err error
			if next, err = s.turn(ctx, p); err != nil {
				return nil, err
			}
		}
		got, failure, known := s.take(ctx, p, next, req)
		switch {
		case failure == nil:
			p.answered(got.status, got.requestID(req.secrets))
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
		switch {
		case !failure.Retryable():
			return nil, failure
		case failures > s.maxRetries:
			if failure.unanswered() {
				s.breaker.UsedUp(began, *failure)
			}
			return nil, failure
		case known != nil:
			return nil, outageError(known)
		case limited && s.limiter != nil:
			continue // the limiter decides when the next attempt may be sent
		}
		p.enter(ctx, forPause)
		if err := sleep(ctx, pause(failures+refusals, limited, got)); err != nil {
			return nil, err
		}
	}
}

// take makes one attempt, and tells the breaker how it ended. It returns the
// outage if there must be no further attempt.
func (s *sender) take(
	ctx context.Context, p *progress, t *turn, req *outgoing,
) (got *answer, failure *Error, known *outage.Outage[Error]) {
	defer t.try.Dropped() // if nothing else has ended it
	got, failure = s.attempt(ctx, p, t.reservation, req)
	switch {
	case failure != nil && ctx.Err() != nil:
	case failure != nil && failure.unanswered():
		known = t.try.Failed(*failure)
	case got != nil:
		t.try.Answered()
	}
	return got, failure, known
}

// unanswered tells whether the failure is evidence of an outage. A 500 is none,
// because one record may cause it. Neither is a 429: the host lives. The higher
// ones come from gateways, which have more of them than are registered.
func (e *Error) unanswered() bool {
	switch e.Class {
	case ErrConnection, ErrTimeout, ErrDNS, ErrTLS, ErrProxy:
		return true
	case ErrServer:
		return e.Status >= http.StatusBadGateway && e.Retryable()
	default:
		return false
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
