package commercelayer

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"time"
)

// An exchange follows one request over all of its attempts. Readers that give
// up look into it to say what they had been waiting for.
type exchange struct {
	method, host, path string
	tokenRequest       bool

	mu       sync.Mutex
	started  time.Time
	attempts int
	failures int // of the attempts, those that count against max_retries
	waited   time.Duration
	// queuedAt is set while the request waits for the rate limit.
	queuedAt time.Time
	// last is why the last attempt failed, if it did.
	last *Error
	// reserved is a place that was taken before the request was made up.
	reserved *place
	token    Claims
	// secret is what was sent to be recognized by. A server may quote it.
	secret string
}

func newExchange(method string, u *url.URL) *exchange {
	return &exchange{method: method, host: u.Host, path: Redact(u.EscapedPath()), started: time.Now()}
}

type exchangeKey struct{}

func withExchange(ctx context.Context, x *exchange) context.Context {
	return context.WithValue(ctx, exchangeKey{}, x)
}

// exchangeOf returns the exchange of a request that a sender sends; it always has one.
func exchangeOf(ctx context.Context) *exchange {
	x, _ := ctx.Value(exchangeKey{}).(*exchange)
	if x == nil {
		x = &exchange{started: time.Now()}
	}
	return x
}

// takeReserved hands the place out that was taken beforehand, once.
func (x *exchange) takeReserved() *place {
	x.mu.Lock()
	defer x.mu.Unlock()
	p := x.reserved
	x.reserved = nil
	return p
}

// queue marks the time in which the request waits for the rate limit, until the
// returned function is called.
func (x *exchange) queue() func() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.queuedAt = time.Now()
	return func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.waited += time.Since(x.queuedAt)
		x.queuedAt = time.Time{}
	}
}

// begin counts an attempt and returns its number, from 1.
func (x *exchange) begin() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.attempts++
	return x.attempts
}

// fail notes why an attempt failed and tells whether it may be repeated, given
// how many failures may be. A refusal by the rate limit does not count.
func (x *exchange) fail(e *Error, allowed int) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.last = e
	if errors.Is(e, ErrRateLimited) {
		return true
	}
	x.failures++
	return x.failures <= allowed
}

// totalWaited is the time spent waiting for the rate limit until now.
func (x *exchange) totalWaited() time.Duration {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.totalWaitedLocked()
}

func (x *exchange) totalWaitedLocked() time.Duration {
	if x.queuedAt.IsZero() {
		return x.waited
	}
	return x.waited + time.Since(x.queuedAt)
}

// describe completes an error with what is known of the request.
func (x *exchange) describe(e *Error) *Error {
	x.mu.Lock()
	defer x.mu.Unlock()
	e.Method, e.Host, e.Path, e.TokenRequest = x.method, x.host, x.path, x.tokenRequest
	e.Attempts, e.Elapsed, e.Waited = x.attempts, time.Since(x.started), x.totalWaitedLocked()
	e.Token = x.token
	return e
}

// interrupted returns the error of a reader whose context has ended: what it
// was waiting for, and why the last attempt had failed.
func (x *exchange) interrupted(ctx context.Context) *Error {
	e := &Error{Kind: ErrCanceled}
	x.mu.Lock()
	queued, last := !x.queuedAt.IsZero(), x.last
	x.mu.Unlock()
	if last != nil {
		e.Status, e.API, e.RequestID, e.Reason, e.Cause = last.Status, last.API, last.RequestID, last.Reason, last.Cause
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		e.Kind = ErrTimeout
		if queued || last != nil && errors.Is(last, ErrRateLimited) {
			e.Kind = ErrRateLimited
		}
	}
	return x.describe(e)
}

// sentSecret returns the access token or client secret that was sent last.
func (x *exchange) sentSecret() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.secret
}

// claims returns those of the token that was sent last.
func (x *exchange) claims() Claims {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.token
}

// complete adds what is known of the request to an error of the answer.
func (x *exchange) complete(err error) error {
	var e *Error
	if errors.As(err, &e) && e.Method == "" {
		return x.describe(e)
	}
	return err
}

// giveBack returns a place that was never used.
func (x *exchange) giveBack() {
	if p := x.takeReserved(); p != nil {
		p.cancel()
	}
}
