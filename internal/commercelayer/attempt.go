package commercelayer

import (
	"context"
	"errors"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/ratelimit"
)

// An Event describes one HTTP attempt, for a log. It never holds a query, a
// header other than those below, a body, a token or an e-mail address.
type Event struct {
	// Method, Host and Path name the request.
	Method, Host, Path string
	// TokenRequest is set if the request was one for an access token.
	TokenRequest bool
	// Status is the HTTP status, or 0 if no answer came.
	Status int
	// Attempt counts from 1.
	Attempt int
	// Duration is the time from sending to the end of the body, Waited the time
	// that the fetch has spent waiting for the rate limit until then.
	Duration, Waited time.Duration
	// Bytes is the size of the body.
	Bytes int
	// Remaining is what the answer says is left of the average limit, or empty.
	Remaining string
	// RequestID is the answer's X-Request-Id, which not every answer has.
	RequestID string
	// TraceID is meta.trace_id of the answer's first resource, which not every
	// answer has.
	TraceID string
	// Err is why there was no answer, or nil.
	Err error
}

// attempt makes one HTTP attempt. It reads the whole answer within the timeout,
// so that a body cut off in the middle is a failed attempt like any other and can
// be repeated. The answer may be set beside a failure: then it is what failed.
func (a *attempts) attempt(ctx context.Context, p *progress, place *ratelimit.Place, out *outgoing) (*answer, *Error) {
	before := p.standing()
	event := Event{
		Method: out.method, Host: out.host, Path: out.scrub.text(out.path), TokenRequest: out.token,
		Attempt: p.attempt(ctx), Waited: before.limited(),
	}
	var got *answer
	var failure *Error
	if place != nil {
		// Whatever happens: other readers wait for what becomes of a place.
		defer func() {
			if got == nil {
				place.Lost()
				return
			}
			told := ratelimit.ReadAnswer(got.status, got.header, time.Now())
			// A refusal may also come with the status of a success.
			told.Refused = failure != nil && failure.Class == ErrRateLimited
			place.Answered(told)
		}()
	}
	start := time.Now()
	got, failure = a.roundTrip(ctx, out)
	event.Duration = time.Since(start)
	if got != nil {
		event.Status, event.Bytes = got.status, len(got.body)
		event.Remaining = out.scrub.text(got.header.Get("X-Ratelimit-Remaining"))
		event.RequestID = out.scrub.text(got.header.Get("X-Request-Id"))
		event.TraceID = got.traceID(out.scrub)
	}
	if failure == nil {
		failure = got.failure(out)
	} else {
		event.Err = failure
	}
	if a.observe != nil {
		a.observe(ctx, event)
	}
	return got, failure
}

// roundTrip sends the request and reads the answer to its end.
func (a *attempts) roundTrip(ctx context.Context, out *outgoing) (got *answer, failure *Error) {
	ctx, cancel := context.WithTimeoutCause(ctx, a.timeout, errAttemptTimeout)
	defer cancel()
	// Whether anything was sent decides what an error of TLS means.
	var sent atomic.Bool
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }})
	req, err := out.make(traced)
	if err != nil {
		return nil, &Error{Class: ErrInternal, Reason: "the request could not be made up"}
	}
	resp, used, err := a.transport.send(req)
	if err == nil {
		defer resp.Body.Close()
		got = &answer{status: resp.StatusCode, header: resp.Header}
		got.body, err = readBody(resp)
	}
	if err == nil {
		return got, nil
	}
	a.transport.distrust(used)
	if known, ok := errors.AsType[*Error](err); ok {
		failure = known
	} else {
		// Whatever the network said, the reason is the timeout if it has passed.
		if errors.Is(context.Cause(ctx), errAttemptTimeout) {
			err = errAttemptTimeout
		}
		failure = networkError(err, sent.Load())
		if failure.Class == ErrProxy {
			failure.Reason = proxyReason(used, req)
		}
	}
	if got != nil {
		failure.Status = got.status
	}
	return got, failure
}
