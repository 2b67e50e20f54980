package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/ratelimit"
)

// organization is the organization that is asked.
type organization struct {
	*settings
	base   string // scheme and host of the API
	live   bool
	client *http.Client
	pace   *ratelimit.Limiter
	facts  *facts
	sent   []time.Time // when each request to the API was sent
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

type roundTripper = http.RoundTripper

// newTransport makes connections as the provider does. It takes proxies from the
// environment, and asks for no compression.
func newTransport() roundTripper {
	transport, _ := http.DefaultTransport.(*http.Transport)
	transport = transport.Clone()
	transport.DisableCompression = true
	return transport
}

// claims are what a token says about itself. The signature of the token is not
// verified, because only the API has to trust the token.
type claims struct {
	Organization struct{ ID, Slug string }
	Test         *bool
	Issuer       string `json:"iss"`
}

func readClaims(token string) claims {
	var c claims
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return c
	}
	if payload, err := base64.RawURLEncoding.DecodeString(parts[1]); err == nil {
		_ = json.Unmarshal(payload, &c)
	}
	return c
}

// limitsOf are the documented limits of a mode.
func limitsOf(live bool) ratelimit.Limits {
	l := ratelimit.Limits{Burst: 25, BurstInterval: 10 * time.Second, Average: 100, AverageInterval: time.Minute}
	if live {
		l.Burst, l.Average = 50, 200
	}
	return l
}

// connect gets a token and finds the host. It fails in live mode, unless that is
// allowed.
func connect(ctx context.Context, s *settings, o options, transport roundTripper) (*organization, error) {
	org := &organization{settings: s, pace: ratelimit.New(limitsOf(false)), client: &http.Client{
		Transport: transport, Timeout: 15 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if s.domain != nil {
		org.base = s.domain.String()
	}
	if err := org.login(ctx); err != nil {
		return nil, err
	}
	told := readClaims(org.token)
	if org.base == "" {
		if told.Organization.Slug == "" {
			return nil, errors.New("the token does not say which organization it belongs to: set COMMERCELAYER_DOMAIN")
		}
		domain := "commercelayer.io"
		if rest, ok := strings.CutPrefix(told.Issuer, "https://auth."); ok {
			domain = rest
		}
		org.base = "https://" + strings.ToLower(told.Organization.Slug) + "." + domain
	}
	org.live = told.Test != nil && !*told.Test
	if org.live && !o.live {
		return nil, errLive
	}
	return org, nil
}

var errLive = errors.New("this is an organization in live mode; use test mode, or add -live")

// login asks for a token, unless one is set.
func (org *organization) login(ctx context.Context) error {
	if org.token != "" {
		return nil
	}
	var last *answer
	for _, form := range []credentials{withBasic, withJSON} {
		a, err := org.grant(ctx, form)
		if err != nil {
			return fmt.Errorf("asking for a token: %w", err)
		}
		var body struct {
			Token string `json:"access_token"`
		}
		if a.status == http.StatusOK && json.Unmarshal(a.body, &body) == nil && body.Token != "" {
			org.token = body.Token
			return nil
		}
		last = a
	}
	return fmt.Errorf("asking for a token: the endpoint answered %d %s", last.status, last.code())
}

// tokenEndpoint is the URL that gives tokens. The API has a host of its own for
// it. An emulator on this machine has the same host for both.
func (org *organization) tokenEndpoint() string {
	if org.tokenURL != "" {
		return org.tokenURL
	}
	domain := "commercelayer.io"
	if u, err := url.Parse(org.base); err == nil && u.Host != "" {
		if isLoopback(u.Hostname()) || org.emulated {
			return org.base + "/oauth/token"
		}
		if _, rest, ok := strings.Cut(u.Host, "."); ok {
			domain = rest
		}
	}
	return "https://auth." + domain + "/oauth/token"
}
