package commercelayer

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/ratelimit"
)

const (
	// DefaultRequestTimeout is the official client's timeout and upper bound.
	DefaultRequestTimeout = 15 * time.Second
	// DefaultMaxRetries is how many further attempts a failed request gets.
	DefaultMaxRetries = 4
)

// A Client reads the customers of one organization, and what belongs to them. Its
// methods may be called concurrently, and should be: calls that wait together
// share requests.
type Client struct {
	domain    *url.URL // nil: the token tells
	mode      string
	header    http.Header
	transport *transport
	tokens    *tokenSource
	api       *attempts
	waits     *waits
	notice    func(context.Context, string)
	lookups   lookups
	shapes    shapes
}

// An Option changes how [New] makes a Client.
type Option func(*settings)

type settings struct {
	domain      *url.URL
	token       string
	credentials *ClientCredentials
	mode        string
	timeout     time.Duration
	maxRetries  int
	userAgent   string
	transport   http.RoundTripper
	observe     func(context.Context, Event)
	notice      func(context.Context, string)
	announce    func(context.Context, string)
}

// WithDomain sets the host of the organization, as [ParseDomain] returns it.
// Without it the token's claims tell.
func WithDomain(u *url.URL) Option { return func(s *settings) { s.domain = u } }

// WithToken sets the access token.
func WithToken(token string) Option { return func(s *settings) { s.token = token } }

// WithClientCredentials makes the client fetch its access token, instead of
// [WithToken].
func WithClientCredentials(c ClientCredentials) Option {
	return func(s *settings) { s.credentials = &c }
}

// WithMode makes the client refuse to read customers of another mode than
// [ModeTest] or [ModeLive].
func WithMode(mode string) Option { return func(s *settings) { s.mode = mode } }

// WithRequestTimeout bounds one HTTP attempt; [DefaultRequestTimeout] otherwise.
func WithRequestTimeout(d time.Duration) Option { return func(s *settings) { s.timeout = d } }

// WithMaxRetries sets how many further attempts follow a failure of the network,
// or an answer with the status 408, 425, or any 5xx but 501 and 505;
// [DefaultMaxRetries] otherwise.
func WithMaxRetries(n int) Option { return func(s *settings) { s.maxRetries = n } }

// WithUserAgent sets the User-Agent header.
func WithUserAgent(userAgent string) Option { return func(s *settings) { s.userAgent = userAgent } }

// WithTransport sets what sends one request; an [http.Transport] that verifies
// TLS and takes proxies from the environment otherwise.
func WithTransport(t http.RoundTripper) Option { return func(s *settings) { s.transport = t } }

// WithObserver has f called after each HTTP attempt, with the context of the
// read that caused it.
func WithObserver(f func(context.Context, Event)) Option {
	return func(s *settings) { s.observe = f }
}

// WithNotice has f called with a sentence when the client changes its ways, such
// as when the API refuses to list customers.
func WithNotice(f func(ctx context.Context, sentence string)) Option {
	return func(s *settings) { s.notice = f }
}

// WithAnnouncer has f called with a sentence when reads wait for long: for what,
// and for how long so far.
func WithAnnouncer(f func(ctx context.Context, sentence string)) Option {
	return func(s *settings) { s.announce = f }
}

// New returns a Client. It sends nothing.
func New(options ...Option) (*Client, error) {
	silent := func(context.Context, string) {}
	s := &settings{
		timeout: DefaultRequestTimeout, maxRetries: DefaultMaxRetries, userAgent: "commercelayer-go",
		notice: silent, announce: silent,
	}
	for _, option := range options {
		option(s)
	}
	switch {
	case s.token == "" && s.credentials == nil:
		return nil, errors.New("neither a token nor client credentials are set")
	case s.credentials != nil && (s.credentials.ID == "" || s.credentials.Endpoint == nil):
		return nil, errors.New("client credentials need a client ID and a token endpoint")
	}
	if s.transport == nil {
		s.transport = newTransport()
	}
	c := &Client{
		domain:    s.domain,
		mode:      s.mode,
		header:    http.Header{"Accept": {jsonapi.MediaType}, "User-Agent": {s.userAgent}},
		transport: &transport{current: s.transport},
		waits:     &waits{announce: s.announce},
		notice:    s.notice,
		lookups:   lookups{byID: map[parts]*lookup{}, byEmail: map[parts]*lookup{}},
	}
	c.api = &attempts{
		transport: c.transport, limiter: ratelimit.New(limitsOf(s.mode)),
		timeout: s.timeout, maxRetries: s.maxRetries, observe: s.observe,
	}
	if s.credentials == nil {
		c.tokens = givenToken(s.token)
		return c, nil
	}
	// The token endpoint has a limit of its own, so it has no limiter.
	endpoint := &tokenEndpoint{credentials: *s.credentials, userAgent: s.userAgent, notice: s.notice}
	endpoint.attempts = &attempts{
		transport:  c.transport,
		timeout:    s.timeout,
		maxRetries: s.maxRetries,
		observe:    s.observe,
	}
	c.tokens = fetchedToken(endpoint)
	return c, nil
}

// Close closes the connections that are idle.
func (c *Client) Close() { c.transport.close() }

// Stats tell how reading went so far.
type Stats struct {
	// Held is the time in which the rate limit kept reads waiting.
	Held time.Duration
	// Reads counts the customers asked for one by one.
	Reads int
}

// Stats returns the figures so far.
func (c *Client) Stats() Stats {
	return Stats{Held: c.waits.held.total(), Reads: int(c.lookups.reads.Load())}
}

func (c *Client) newProgress() *progress { return newProgress(c.tokens, c.waits) }

// checkTokenMode is the first half of the mode guard: nothing is asked with a
// token of the other mode.
func (c *Client) checkTokenMode(t *accessToken) error {
	if c.mode == "" || t.claims.Mode == "" || t.claims.Mode == c.mode {
		return nil
	}
	return c.wrongMode(t.claims, "the access token is of the mode "+t.claims.Mode)
}

// checkMode is the other half: an opaque token does not tell, but the answer
// does. What tells of neither can't be let through by a guard.
func (c *Client) checkMode(mode *string, token Claims) *Error {
	switch {
	case c.mode == "", mode != nil && *mode == c.mode:
		return nil
	case mode != nil:
		return c.wrongMode(token, "the answer is of the mode "+Redact(*mode))
	case token.Mode == c.mode:
		return nil
	}
	return c.wrongMode(token, "neither the access token nor the answer tells the mode")
}

func (c *Client) wrongMode(token Claims, reason string) *Error {
	return &Error{Class: ErrWrongMode, Token: token, Mode: c.mode, Reason: reason}
}
