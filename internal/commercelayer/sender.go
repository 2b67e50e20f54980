package commercelayer

import (
	"bytes"
	"context"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

const (
	// retryWaitMin and retryWaitMax bound the pause before another attempt.
	retryWaitMin = 500 * time.Millisecond
	retryWaitMax = 10 * time.Second
)

// sender sends requests, each as often as it takes: again after a network error
// and after 500, 502, 503 and 504, at most maxRetries times, and again after
// 429 until the context ends.
type sender struct {
	retry      *retryablehttp.Client
	maxRetries int
}

// An answer is what came back, its body read to the end.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func newSender(a *attempt, maxRetries int) *sender {
	s := &sender{maxRetries: maxRetries}
	s.retry = &retryablehttp.Client{
		HTTPClient: &http.Client{
			Transport: a,
			// A redirect would carry the token to wherever it points.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		RetryWaitMin: retryWaitMin,
		RetryWaitMax: retryWaitMax,
		// CheckRetry counts: refusals by the rate limit are not failures.
		RetryMax:   math.MaxInt32,
		CheckRetry: s.checkRetry,
		Backoff:    backoff(a.governor != nil),
		// The library's own handler would hide the last answer.
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	return s
}

// do sends the request, and returns the answer if its status is 200.
func (s *sender) do(ctx context.Context, x *exchange, req *http.Request) (*answer, error) {
	ctx = withExchange(ctx, x)
	wrapped, err := retryablehttp.FromRequest(req.WithContext(ctx))
	if err != nil {
		return nil, x.describe(&Error{Kind: ErrInternal, Cause: cause{err}})
	}
	resp, err := s.retry.Do(wrapped) //nolint:bodyclose // attempt has read and closed it
	if ctx.Err() != nil && (err != nil || resp.StatusCode != http.StatusOK) {
		return nil, x.interrupted(ctx)
	}
	if err != nil {
		return nil, x.describe(networkError(err))
	}
	a, err := newAnswer(resp)
	if err != nil {
		return nil, x.describe(networkError(err))
	}
	if failure := a.failure(x.sentSecret()); failure != nil {
		return nil, x.describe(failure)
	}
	return a, nil
}

func newAnswer(resp *http.Response) (*answer, error) {
	body, err := io.ReadAll(resp.Body) // from memory: attempt has read it
	return &answer{status: resp.StatusCode, header: resp.Header, body: body}, err
}

// checkRetry implements [retryablehttp.CheckRetry].
func (s *sender) checkRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, nil //nolint:nilerr // do looks at the context itself
	}
	var failure *Error
	switch {
	case err != nil:
		failure = networkError(err)
	case resp.StatusCode < http.StatusBadRequest:
		return false, nil
	default:
		a, err := peek(resp)
		if err != nil {
			return false, err
		}
		failure = a.failure(exchangeOf(ctx).sentSecret())
	}
	return failure.retryable() && exchangeOf(ctx).fail(failure, s.maxRetries), nil
}

// peek reads a body that is in memory and puts it back.
func peek(resp *http.Response) (*answer, error) {
	a, err := newAnswer(resp)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(a.body))
	return a, nil
}

// backoff returns the pauses between attempts: exponential, capped and
// jittered, so that processes that failed together do not come back together.
// With a governor there is none after a 429: the governor holds the request. A
// longer Retry-After is honoured up to a minute; the API's own is 0.
func backoff(governed bool) retryablehttp.Backoff {
	return func(least, most time.Duration, n int, resp *http.Response) time.Duration {
		limited := resp != nil && resp.StatusCode == http.StatusTooManyRequests
		if limited && governed {
			return 0
		}
		pause := least << min(n, 16)
		if limited {
			pause *= 4 // the token endpoint's window is a minute
		}
		pause = min(pause, most)
		pause = pause/2 + rand.N(pause/2+1) //nolint:gosec // spreads load, guards nothing
		if resp != nil {
			if asked, ok := retryAfter(resp.Header, time.Now()); ok {
				pause = max(pause, asked)
			}
		}
		return pause
	}
}

// failure returns the error that a status other than 200 means, or nil. The
// secret that was sent is left out should the answer quote it.
func (a *answer) failure(secret string) *Error {
	if a.status == http.StatusOK {
		return nil
	}
	e := &Error{Status: a.status, API: parseAPIErrors(a.body, secret), RequestID: clean(a.header.Get("X-Request-Id"))}
	switch {
	case a.status == http.StatusTooManyRequests:
		e.Kind = ErrRateLimited
	case a.status >= 500:
		e.Kind = ErrServer
	case a.status == http.StatusUnauthorized && e.Code() == codeUnauthorized, a.status == http.StatusForbidden:
		e.Kind = ErrPermission
	case a.status == http.StatusUnauthorized:
		e.Kind = ErrInvalidToken
	case a.status == http.StatusNotFound:
		e.Kind = ErrNotFound
	case a.status >= 400:
		e.Kind = ErrBadRequest
	case a.status >= 300:
		e.Kind, e.Reason = ErrRedirect, redirectReason(a.header.Get("Location"))
	default:
		e.Kind, e.Reason = ErrNotJSON, "the answer is empty"
	}
	return e
}

// redirectReason names where a redirect leads, without path and query.
func redirectReason(location string) string {
	u, err := url.Parse(location)
	if err != nil || u.Host == "" {
		return "the server answered with a redirect"
	}
	return "the server answered with a redirect to " + clean(u.Scheme+"://"+u.Host)
}

// response gives an answer back as net/http has it.
func (a *answer) response(req *http.Request) *http.Response {
	return &http.Response{
		Status: http.StatusText(a.status), StatusCode: a.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.header, Body: io.NopCloser(bytes.NewReader(a.body)), ContentLength: int64(len(a.body)), Request: req,
	}
}
