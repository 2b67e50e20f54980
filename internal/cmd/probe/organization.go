package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/ratelimit"
)

// organization is the organization that is asked.
type organization struct {
	settings
	claims commercelayer.Claims // of the token
	live   bool
	client *http.Client
	pace   *ratelimit.Limiter
	facts  *facts
	sent   []time.Time // when each request to the API was sent
	stderr io.Writer
}

// sentSince counts the requests to the API that were sent at or after a time.
func (org *organization) sentSince(then time.Time) int {
	n := 0
	for _, at := range org.sent {
		if !at.Before(then) {
			n++
		}
	}
	return n
}

// limits are the documented limits of the organization's mode.
func (org *organization) limits() ratelimit.Limits {
	if org.live {
		return commercelayer.LimitsOf(commercelayer.ModeLive)
	}
	return commercelayer.LimitsOf(commercelayer.ModeTest)
}

// connect gets a token and finds the host. It fails in live mode, unless that is
// allowed, and in another mode than the settings say.
func connect(
	ctx context.Context, s *settings, o options, transport http.RoundTripper, stderr io.Writer,
) (*organization, error) {
	org := &organization{settings: *s, stderr: stderr, client: &http.Client{
		Transport: transport, Timeout: commercelayer.DefaultRequestTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	org.pace = ratelimit.New(org.limits())
	if org.endpoint == nil {
		// Only probes about the endpoint need it when there is a token.
		org.endpoint, _ = commercelayer.DefaultAuthEndpoint(s.domain)
	}
	if err := org.login(ctx); err != nil {
		return nil, fmt.Errorf("asking for a token: %w", err)
	}
	org.claims = commercelayer.ParseClaims(org.token)
	if org.domain == nil {
		if org.domain = org.claims.Domain(); org.domain == nil {
			return nil, errors.New("the token does not say which organization it belongs to: set COMMERCELAYER_DOMAIN")
		}
	}
	return org, org.enter(org.claims.Mode, o)
}

var errLive = errors.New("this is an organization in live mode; use test mode, or add -live")

// enter notes the mode that a token or a customer tells.
func (org *organization) enter(mode string, o options) error {
	org.live = org.live || mode == commercelayer.ModeLive
	switch {
	case org.mode != "" && mode != "" && mode != org.mode:
		return fmt.Errorf("this is an organization in %s mode, but COMMERCELAYER_MODE is %s", mode, org.mode)
	case org.live && !o.live:
		return errLive
	}
	return nil
}

// login asks for a token, unless one is set.
func (org *organization) login(ctx context.Context) error {
	var refusals []error
	for _, form := range []credentials{withBasic, withJSON} {
		if org.token != "" {
			return nil
		}
		a, err := org.grant(ctx, form)
		if err := cmp.Or(err, a.err); err != nil {
			return err
		}
		var body struct {
			Token string `json:"access_token"`
		}
		_ = json.Unmarshal(a.body, &body)
		org.token = body.Token
		refusals = append(refusals, fmt.Errorf("with %s, the endpoint answered %s", form, a.summary()))
	}
	if org.token == "" {
		return errors.Join(refusals...)
	}
	return nil
}

// announceAfter is how long something takes before the command says what it
// waits for.
const announceAfter = 5 * time.Second

// during calls f, and says what the command waits for when that takes long.
func (org *organization) during(what string, f func()) {
	started, over, said := time.Now(), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(said)
		ticker := time.NewTicker(announceAfter)
		defer ticker.Stop()
		for {
			select {
			case <-over:
				return
			case <-ticker.C:
				fmt.Fprintf(org.stderr, "Waiting for %s, for %.0f seconds so far.\n", what, time.Since(started).Seconds())
			}
		}
	}()
	f()
	close(over)
	<-said
}

// sleep waits, or fails with the context.
func (org *organization) sleep(ctx context.Context, what string, d time.Duration) (err error) {
	org.during(what, func() {
		select {
		case <-time.After(d):
		case <-ctx.Done():
			err = context.Cause(ctx)
		}
	})
	return err
}
