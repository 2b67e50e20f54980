package commercelayer

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/ratelimit"
)

// An Event describes one HTTP attempt for a log. It contains no query, no body,
// no token, no e-mail address, and no header except those that are named here.
type Event struct {
	// Method, Host and Path name the request.
	Method, Host, Path string
	// TokenRequest is set if the request was one for an access token.
	TokenRequest bool
	// Status is the HTTP status, or 0 if no answer came.
	Status int
	// Attempt counts from 1.
	Attempt int
	// Duration is the time from sending the request to the end of the body. Waited
	// is how long the fetch has waited for the rate limit before that.
	Duration, Waited time.Duration
	// Bytes is the size of the body.
	Bytes int
	// Remaining is the header X-Ratelimit-Remaining: how many more requests the
	// average window has room for. It is empty if there is no such header.
	Remaining string
	// RequestID is the header X-Request-Id. It is empty if there is none.
	RequestID string
	// TraceID is meta.trace_id of the first resource that has one, or empty.
	TraceID string
	// Err is why no complete answer came. It is nil for any complete answer, even
	// one that is a failure.
	Err error
}

// attempt makes one HTTP attempt. It reads the whole body within the timeout,
// so that a body that breaks off is a failed attempt and can be repeated. If
// the answer itself is the failure, both results are set.
func (s *sender) attempt(
	ctx context.Context, p *progress, reservation *ratelimit.Reservation, out *outgoing,
) (*answer, *Error) {
	before, attempt := p.snapshot(), p.attempt(ctx)
	var got *answer
	var failure *Error
	if reservation != nil {
		// The reservation must end in any case, because other requests may wait for it.
		defer func() {
			if got == nil {
				reservation.Lost()
				return
			}
			told := ratelimit.ReadAnswer(got.status, got.header, time.Now())
			// A refusal may also be an error in a document with status 200.
			told.Refused = failure != nil && failure.Class == ErrRateLimited
			reservation.Answered(told)
		}()
	}
	start := time.Now()
	got, failure = s.exchange(ctx, out)
	took, lost := time.Since(start), failure
	if got != nil {
		lost, failure = got.lost, got.failure(out)
	}
	if s.observe != nil {
		event := eventOf(out, got)
		event.Attempt, event.Waited, event.Duration = attempt, before.limited(), took
		if lost != nil {
			event.Err = lost
		}
		s.observe(ctx, event)
	}
	return got, failure
}

// eventOf describes a request and its answer, if one came.
func eventOf(out *outgoing, got *answer) Event {
	event := Event{
		Method: out.http.Method, Host: out.http.URL.Host, Path: out.secrets.Path(out.path), TokenRequest: out.token,
	}
	if got != nil {
		event.Status, event.Bytes = got.status, len(got.body)
		event.Remaining = out.secrets.Name(got.header.Get("X-Ratelimit-Remaining"))
		event.RequestID = got.requestID(out.secrets)
		event.TraceID = got.traceID(out.secrets)
	}
	return event
}

// exchange sends the request and reads the answer to its end. The error is nil
// if there is an answer, whatever it is.
func (s *sender) exchange(ctx context.Context, out *outgoing) (*answer, *Error) {
	ctx, cancel := context.WithTimeoutCause(ctx, s.timeout, errAttemptTimeout)
	defer cancel()
	req := out.http.WithContext(watchConnect(ctx))
	req.Body = io.NopCloser(bytes.NewReader(out.body))
	resp, err := s.transport.RoundTrip(req) // it follows no redirects
	if err != nil {
		return nil, s.broken(req, err)
	}
	defer resp.Body.Close()
	got := &answer{status: resp.StatusCode, header: resp.Header}
	if got.body, err = readBody(resp); err != nil {
		got.body, got.lost = nil, s.broken(req, err)
	}
	if got.status == http.StatusMisdirectedRequest {
		closeIdle(s.transport)
	}
	return got, nil
}

// broken returns the error of an attempt that broke, and makes the next attempt
// use a new connection.
func (s *sender) broken(req *http.Request, err error) *Error {
	closeIdle(s.transport)
	if known, ok := errors.AsType[*Error](err); ok {
		return known
	}
	// After the timeout the network reports many kinds of errors. The timeout is
	// their reason.
	if errors.Is(context.Cause(req.Context()), errAttemptTimeout) {
		err = errAttemptTimeout
	}
	proxy := proxyOf(s.transport, req)
	err = markConnect(req.Context(), proxy, err)
	failure := networkError(err)
	if failure.Class == ErrProxy {
		failure.Reason = proxyReason(proxy, err)
	}
	return failure
}
