package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/ratelimit"
)

// organization is the organization that is asked. It holds personal data, so it
// is never printed.
type organization struct {
	settings

	options  options
	client   *http.Client
	stderr   io.Writer
	claims   commercelayer.Claims // of the token
	told     string               // "live" when the token or a customer tells so
	pace     *ratelimit.Limiter
	started  time.Time
	accepted int // how many requests were not refused, since the burst if there is one
	// known are the answers with which a run begins, by the paths of their requests.
	known  map[string]*answer
	blanks map[string]blank
	burst  burst
}

// connect gets a token and finds the host. It fails in live mode, unless that is
// allowed, and in another mode than the settings say.
func connect(
	ctx context.Context, s *settings, o options, transport http.RoundTripper, stderr io.Writer,
) (*organization, error) {
	org := &organization{settings: *s, options: o, stderr: stderr, started: time.Now(), client: &http.Client{
		Transport: transport, Timeout: commercelayer.DefaultRequestTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	org.pace = ratelimit.New(commercelayer.LimitsOf(org.told))
	if org.endpoint == nil {
		// Only probes about the endpoint need it when there is a token.
		org.endpoint, _ = commercelayer.DefaultAuthEndpoint(s.domain)
	}
	if err := org.login(ctx); err != nil {
		return nil, fmt.Errorf("asking for a token: %w", err)
	}
	org.claims = commercelayer.ParseClaims(org.token)
	if org.domain = cmp.Or(org.domain, org.claims.Domain()); org.domain == nil {
		return nil, errors.New("the token does not say which organization it belongs to: set COMMERCELAYER_DOMAIN")
	}
	return org, org.enter(org.claims.Mode)
}

// login asks for a token, unless one is set.
func (org *organization) login(ctx context.Context) error {
	if org.token != "" {
		return nil
	}
	var refusals []error
	for _, form := range []grant{withBasic, withJSON} {
		a := org.send(ctx, request{grant: form})
		if a.err != nil {
			return a.err
		}
		if a.Token != "" {
			org.token = a.Token
			return nil
		}
		refusals = append(refusals, fmt.Errorf("with %s, the endpoint answered %s", form, a.without("an access token")))
	}
	return errors.Join(refusals...)
}

// enter notes the mode that a token or a customer tells. An empty one tells
// nothing.
func (org *organization) enter(mode string) error {
	if mode == commercelayer.ModeLive {
		org.told = mode
	}
	switch {
	case org.mode != "" && mode != "" && mode != org.mode:
		return fmt.Errorf("this is an organization in %s mode, but COMMERCELAYER_MODE is %s", mode, org.mode)
	case org.told != "" && !org.options.live:
		return errors.New("this is an organization in live mode; use test mode, or add -live")
	}
	return nil
}

// learn asks for the first customers, and for the same with two relationships.
func (org *organization) learn(ctx context.Context) error {
	first := org.paced(ctx, request{path: firstPage})
	switch {
	case first.err != nil:
		return first.err
	case first.Status != http.StatusOK || !bytes.HasPrefix(first.Data, []byte("[")):
		return fmt.Errorf("the API answered %s", first.without("a list of customers"))
	}
	for _, c := range first.list {
		if err := org.enter(c.Meta.Mode); err != nil {
			return err
		}
	}
	org.pace.Assume(commercelayer.LimitsOf(org.told))
	included := org.paced(ctx, request{path: includedPage})
	org.known = map[string]*answer{firstPage: first, includedPage: included}
	org.blanks = org.newBlanks(first, included)
	return nil
}

// announceAfter is how long something takes before the command says what it
// waits for.
const announceAfter = 5 * time.Second

// during calls f, and says what the command waits for when that takes long.
func (org *organization) during(what string, f func()) {
	over := make(chan struct{})
	var announcer sync.WaitGroup
	announcer.Go(func() {
		for waited := announceAfter; ; waited += announceAfter {
			select {
			case <-over:
				return
			case <-time.After(announceAfter):
				fmt.Fprintf(org.stderr, "Waiting for %s, for %.0f seconds so far.\n", what, waited.Seconds())
			}
		}
	})
	f()
	close(over)
	announcer.Wait()
}

// sleep waits, but not longer than the context allows.
func (org *organization) sleep(ctx context.Context, what string, d time.Duration) {
	org.during(what, func() {
		select {
		case <-time.After(d):
		case <-ctx.Done():
		}
	})
}
