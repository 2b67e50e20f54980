package commercelayer

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/gather"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/ratelimit"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

// A request is a GET request to the organization's host. It is not changed
// after it was made.
type request struct {
	path  string
	query url.Values
}

// An operation is what one reader asked for. It never changes. The reader's
// error is made of its operation and the progress of its fetch. So the error
// can't name what another reader asked or waited for.
type operation struct {
	// path is the path of the request that would answer this reader alone.
	path  string
	asked time.Time
}

func newOperation(path string) operation {
	return operation{path: path, asked: time.Now()}
}

// failure returns the reader's error: why the fetch failed, or what the reader
// waited for when its context ended.
func (o operation) failure(ctx context.Context, err error, p *progress) *Error {
	now := p.snapshot()
	var known *Error
	var thrown *gather.PanicError
	switch {
	case errors.As(err, &known):
		own := *known
		return o.describe(&own, &now)
	case ctx.Err() != nil:
		return o.interrupted(ctx, &now)
	case errors.Is(err, ratelimit.ErrFutile):
		e := lastFailure(ErrRateLimited, &now)
		e.Reason = "another read has waited for the rate limit until its deadline"
		return o.describe(e, &now)
	case errors.As(err, &thrown):
		return o.describe(&Error{Class: ErrInternal, Reason: thrown.Error()}, &now)
	}
	return o.describe(&Error{Class: ErrInternal, Reason: unknownError}, &now)
}

// describe completes an error with the request, the time and the attempts.
func (o operation) describe(e *Error, now *snapshot) *Error {
	e.Elapsed = time.Since(o.asked)
	// The fetch may have begun before this reader joined it.
	e.Waited = min(now.limited(), e.Elapsed)
	switch {
	case e.TokenRequest:
		return e // describeToken has completed it
	case now.sent == nil && (e.Class == ErrDomainUnknown || e.Class == ErrWrongMode):
		return e // the error is about the token: no request was made
	}
	path := o.path
	if now.sent != nil {
		path = now.sent.path
	}
	e.Method, e.Path, e.Host = http.MethodGet, now.secrets.Path(path), now.host
	e.Attempts, e.Token = now.attempts, now.claims
	if tooLong(e.Status) && now.sent != nil {
		e.Length = requestLine(now.sent)
	}
	e.complete(now)
	return e
}

// interrupted returns the error of a reader whose context has ended. If the
// deadline has passed, the error names what took most of the time.
func (o operation) interrupted(ctx context.Context, now *snapshot) *Error {
	deadline := errors.Is(ctx.Err(), context.DeadlineExceeded)
	token := now.stage == forToken
	if deadline {
		token = now.spent[forToken] > max(now.limited(), now.answering())
	}
	switch {
	case token && now.token != nil:
		return o.describe(interruptedToken(deadline, now.token), now)
	case !deadline:
		return o.describe(lastFailure(ErrCanceled, now), now)
	case now.limited() > now.answering():
		return o.describe(lastFailure(ErrRateLimited, now), now)
	}
	e := lastFailure(ErrTimeout, now)
	switch {
	case now.attempts > 0:
	case now.spent[forProbe] > 0:
		e.Reason = "the requests before it were not answered, and another read was finding out whether the host answers again"
	case now.spent[forFirstAnswer] > 0:
		e.Reason = "the first requests of this run were not answered, and the others wait for an answer, which tells the " +
			"limits"
	}
	return o.describe(e, now)
}

// interruptedToken returns the error of a reader that waited for the access
// token.
func interruptedToken(deadline bool, now *snapshot) *Error {
	class := ErrCanceled
	if deadline {
		class = ErrTimeout
		if now.failure != nil && now.failure.Class == ErrRateLimited {
			class = ErrRateLimited
		}
	}
	return describeToken(lastFailure(class, now), now)
}

// describeToken completes an error of a token request.
func describeToken(e *Error, now *snapshot) *Error {
	e.Method, e.Host, e.Path, e.TokenRequest = http.MethodPost, now.host, now.secrets.Path(now.sent.path), true
	e.Attempts = now.attempts
	e.complete(now)
	return e
}

// complete adds what is known of the answer that an error is about.
func (e *Error) complete(now *snapshot) {
	e.Status, e.RequestID = cmp.Or(e.Status, now.status), cmp.Or(e.RequestID, now.requestID)
	e.withhold(now.secrets)
}

// withhold takes secrets out of the texts that may come from outside. A server
// may send back what was sent to it, in any field and spread over several.
func (e *Error) withhold(secrets redact.Secrets) {
	e.IDs = slices.Clone(e.IDs) // readers of one e-mail address share the list
	for i, id := range e.IDs {
		e.IDs[i] = secrets.Name(id)
	}
	texts := append([]string{e.Reason}, e.IDs...)
	for _, a := range e.API {
		texts = append(texts, a.String())
	}
	if secrets.In(strings.Join(append(texts, e.RequestID), " ")) {
		e.RequestID, e.IDs, e.Reason = "", nil, redact.Withheld
		if len(e.API) > 0 {
			e.API = []APIError{{Title: redact.Withheld}}
		}
	}
}

// lastFailure returns an error of the class, with the details of the last
// attempt's failure.
func lastFailure(class Class, now *snapshot) *Error {
	e := &Error{Class: class}
	if last := now.failure; last != nil {
		e.Status, e.API, e.RequestID, e.Reason, e.Cause = last.Status, last.API, last.RequestID, last.Reason, last.Cause
	}
	return e
}
