package commercelayer

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/gather"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/ratelimit"
)

// A request is a GET to the organization's host. It never changes once it is
// made up.
type request struct {
	path  string
	query url.Values
}

// A question is what one reader asked. It never changes. Together with the
// progress of the fetch that the reader waited for it makes an error, which can
// therefore name no other reader's customer, and nothing that somebody else
// waited for.
type question struct {
	// path is that of the request which answers this reader alone.
	path  string
	asked time.Time
}

func ask(path string) question {
	return question{path: path, asked: time.Now()}
}

// failure returns the error of the reader: why the fetch failed, or what the
// reader was waiting for when its context ended.
func (q question) failure(ctx context.Context, err error, p *progress) *Error {
	now := p.standing()
	var known *Error
	var thrown *gather.PanicError
	switch {
	case errors.As(err, &known):
		own := *known
		return q.describe(&own, &now)
	case ctx.Err() != nil:
		return q.interrupted(ctx, &now)
	case errors.Is(err, ratelimit.ErrFutile):
		e := lastFailure(ErrRateLimited, &now)
		e.Reason = "another read has waited for the same until its deadline"
		return q.describe(e, &now)
	case errors.As(err, &thrown):
		return q.describe(&Error{Class: ErrInternal, Reason: thrown.Error()}, &now)
	}
	return q.describe(&Error{Class: ErrInternal, Reason: fmt.Sprintf("an error of the type %T", err)}, &now)
}

// describe completes an error with what was asked and what it took.
func (q question) describe(e *Error, now *standing) *Error {
	e.Elapsed = time.Since(q.asked)
	// The fetch may have been under way before this reader came to it.
	e.Waited = min(now.limited(), e.Elapsed)
	switch {
	case e.TokenRequest:
		return e // it was described where it came from
	case now.sent == nil && (e.Class == ErrDomainUnknown || e.Class == ErrWrongMode):
		return e // it is about the token, and nothing was asked
	}
	path := q.path
	if now.sent != nil {
		path = now.sent.path
	}
	e.Method, e.Path, e.Host = http.MethodGet, now.scrub.text(path), now.host
	e.Attempts, e.Token = now.attempts, now.claims
	e.scrub(now.scrub)
	return e
}

// interrupted returns the error of a reader whose context has ended. What took
// most of the time is what the reader waited for.
func (q question) interrupted(ctx context.Context, now *standing) *Error {
	deadline := errors.Is(ctx.Err(), context.DeadlineExceeded)
	token := now.stage == forToken
	if deadline {
		token = now.spent[forToken] > max(now.limited(), now.answering())
	}
	switch {
	case token && now.token != nil:
		return q.describe(interruptedToken(deadline, now.token), now)
	case !deadline:
		return q.describe(lastFailure(ErrCanceled, now), now)
	case now.limited() > now.answering():
		return q.describe(lastFailure(ErrRateLimited, now), now)
	}
	e := lastFailure(ErrTimeout, now)
	if now.attempts == 0 && now.spent[forFirstAnswer] > 0 {
		e.Reason = "the first request of this run was not answered, and its answer tells the limits"
	}
	return q.describe(e, now)
}

// interruptedToken returns the error of a reader that waited for the access token.
func interruptedToken(deadline bool, now *standing) *Error {
	class := ErrCanceled
	if deadline {
		class = ErrTimeout
		if now.failure != nil && now.failure.Class == ErrRateLimited {
			class = ErrRateLimited
		}
	}
	return describeToken(lastFailure(class, now), now)
}

// describeToken completes an error about a request for a token.
func describeToken(e *Error, now *standing) *Error {
	e.Method, e.Host, e.Path, e.TokenRequest = http.MethodPost, now.host, now.scrub.text(now.sent.path), true
	e.scrub(now.scrub)
	e.Attempts = now.attempts
	return e
}

// scrub removes from texts that may come from outside what was sent along with
// the request. A server may send it back in any field.
func (e *Error) scrub(with *scrubber) {
	e.Reason = with.text(e.Reason)
	for i, id := range e.IDs {
		e.IDs[i] = with.text(id)
	}
}

// lastFailure returns an error of the class that tells why the last attempt failed.
func lastFailure(class Class, now *standing) *Error {
	e := &Error{Class: class}
	if last := now.failure; last != nil {
		e.Status, e.API, e.RequestID, e.Reason, e.Cause = last.Status, last.API, last.RequestID, last.Reason, last.Cause
	}
	return e
}
