package commercelayer

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/gather"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/ratelimit"
)

// errNobody is the result of a fetch that has nothing to request any more. Its
// readers have gone, or each of them needs a request of its own.
var errNobody = errors.New("no reader waits for the answer")

// roundTrip takes a fetch through the stages of a read. It gets the access
// token and a reservation in the windows. Only then it calls build, so that the
// request is for all readers that have joined until that moment. build returns
// nil if there is nothing to request any more. If the API refuses the token,
// the token is renewed once and the request is sent again.
func (c *Client) roundTrip(ctx context.Context, p *progress, build func() *request) (*answer, error) {
	defer p.end(ctx)
	p.enter(ctx, forToken)
	token, base, err := c.authorize(ctx, p)
	if err != nil {
		return nil, err
	}
	first, err := c.api.turn(ctx, p)
	if err != nil {
		return nil, err
	}
	r := build()
	if r == nil {
		first.release()
		return nil, errNobody
	}
	p.built(r)
	for renewed := false; ; renewed = true {
		p.sign(token.claims, base.Host, token.secrets)
		got, err := c.api.send(ctx, p, first, c.outgoing(r, token, base))
		first = nil
		var failure *Error
		if err == nil || renewed || !errors.As(err, &failure) || failure.Class != ErrInvalidToken ||
			failure.Code() != codeInvalidToken {
			return got, err
		}
		fresh, renewErr := c.tokens.renew(ctx, token)
		if renewErr != nil {
			return nil, renewErr
		}
		if fresh == nil {
			return nil, err
		}
		if err := c.checkTokenMode(fresh); err != nil {
			return nil, err
		}
		token = fresh
	}
}

// outgoing returns the request as the API documents it, with the token.
func (c *Client) outgoing(r *request, token *accessToken, base *url.URL) *outgoing {
	out := newOutgoing(http.MethodGet, base, r, http.Header{
		"Accept": {jsonapi.MediaType}, "User-Agent": {c.userAgent}, "Authorization": {"Bearer " + token.value},
	}, nil)
	out.secrets = token.secrets
	return out
}

// authorize returns the access token, and the URL of the host to use it with.
func (c *Client) authorize(ctx context.Context, p *progress) (*accessToken, *url.URL, error) {
	token, err := c.tokens.get(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := c.checkTokenMode(token); err != nil {
		return nil, nil, err
	}
	c.api.limiter.Assume(LimitsOf(cmp.Or(token.claims.Mode, c.mode)))
	base := c.domain
	if base == nil {
		if base = token.claims.Domain(); base == nil {
			return nil, nil, &Error{
				Class:  ErrDomainUnknown,
				Token:  token.claims,
				Reason: "the access token names no organization",
			}
		}
	}
	p.sign(token.claims, base.Host, token.secrets)
	return token, base, nil
}

// The documented limits for one IP address. They are those for reads of
// resources that the API does not cache. Customers are such resources.
var (
	testLimits = ratelimit.Limits{
		Burst:           25,
		BurstInterval:   10 * time.Second,
		Average:         100,
		AverageInterval: time.Minute,
	}
	liveLimits = ratelimit.Limits{
		Burst:           50,
		BurstInterval:   10 * time.Second,
		Average:         200,
		AverageInterval: time.Minute,
	}
)

// LimitsOf returns the limits of a mode. If the mode is unknown, it returns the
// limits of test mode, which are lower.
func LimitsOf(mode string) ratelimit.Limits {
	if mode == ModeLive {
		return liveLimits
	}
	return testLimits
}

// guarded calls f and turns a panic into an error. Otherwise a panic would end
// the process and all other reads.
func (c *Client) guarded(o operation, f func() error) (err error) {
	defer func() {
		if thrown := recover(); thrown != nil {
			now := snapshot{}
			err = o.describe(&Error{Class: ErrInternal, Reason: (&gather.PanicError{Value: thrown}).Error()}, &now)
		}
	}()
	return f()
}
