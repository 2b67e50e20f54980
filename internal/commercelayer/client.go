package commercelayer

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/ratelimit"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

const (
	// DefaultRequestTimeout is the official client's timeout. The official client
	// allows no longer timeout.
	DefaultRequestTimeout = 15 * time.Second
	// DefaultMaxRetries is how many attempts follow after the first one fails.
	DefaultMaxRetries = 4
)

// A Client reads the customers of one organization, and the resources related
// to them. Its methods may be called concurrently. They should be, because
// calls that wait at the same time share requests.
type Client struct {
	settings

	tokens  *tokenSource
	api     *sender
	waits   *waits
	lookups *lookups
	shapes  shapes
	// maxResult is [MaxResultBytes].
	maxResult int64
	// strange is set once an answer named another organization than the token.
	strange atomic.Bool
}

// An Option sets one property of a Client in [New].
type Option func(*settings)

// settings are what the options set.
type settings struct {
	domain      *url.URL // nil if the token's claims name the organization
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

// WithDomain sets the URL of the organization's host, as [ParseDomain] returns
// it. Without this option, the claims of the access token name the
// organization.
func WithDomain(u *url.URL) Option { return func(s *settings) { s.domain = u } }

// WithToken sets the access token. The client can't renew it.
func WithToken(token string) Option { return func(s *settings) { s.token = token } }

// WithClientCredentials makes the client request its access token by itself. It
// takes the place of [WithToken].
func WithClientCredentials(c ClientCredentials) Option {
	return func(s *settings) { s.credentials = &c }
}

// WithMode sets the mode, [ModeTest] or [ModeLive]. The client then refuses to
// read with a token of the other mode, and to return customers of the other
// mode.
func WithMode(mode string) Option { return func(s *settings) { s.mode = mode } }

// WithRequestTimeout bounds the duration of one HTTP attempt. The default is
// [DefaultRequestTimeout].
func WithRequestTimeout(d time.Duration) Option { return func(s *settings) { s.timeout = d } }

// WithMaxRetries sets how many attempts follow after a network error, or after
// an answer with status 408, 421, 425, or any 5xx except 501, 505 and
// 511. The default is [DefaultMaxRetries].
func WithMaxRetries(n int) Option { return func(s *settings) { s.maxRetries = n } }

// WithUserAgent sets the User-Agent header.
func WithUserAgent(userAgent string) Option { return func(s *settings) { s.userAgent = userAgent } }

// WithTransport sets what sends one HTTP request. The default is an
// [http.Transport] that verifies TLS and takes proxies from the environment.
func WithTransport(t http.RoundTripper) Option { return func(s *settings) { s.transport = t } }

// WithObserver makes the client call f after each HTTP attempt. The context is
// that of the read that caused the attempt.
func WithObserver(f func(context.Context, Event)) Option {
	return func(s *settings) { s.observe = f }
}

// WithNotice makes the client call f when it changes how it reads, for example
// after the API has refused to list customers. The sentence says what changes.
func WithNotice(f func(ctx context.Context, sentence string)) Option {
	return func(s *settings) { s.notice = f }
}

// WithAnnouncer makes the client call f when reads wait for a long time. The
// sentence says what they wait for, and for how long so far.
func WithAnnouncer(f func(ctx context.Context, sentence string)) Option {
	return func(s *settings) { s.announce = f }
}

// New returns a Client. It sends nothing. It fails if there is neither a token
// nor complete client credentials.
func New(options ...Option) (*Client, error) {
	silent := func(context.Context, string) {}
	c := &Client{lookups: newLookups(), maxResult: MaxResultBytes, settings: settings{
		timeout: DefaultRequestTimeout, maxRetries: DefaultMaxRetries, userAgent: "commercelayer-go",
		transport: NewTransport(), notice: silent, announce: silent,
	}}
	for _, option := range options {
		option(&c.settings)
	}
	c.waits = &waits{announce: c.announce}
	c.api = &sender{settings: &c.settings, limiter: ratelimit.New(LimitsOf(c.mode))}
	switch {
	case c.token == "" && c.credentials == nil:
		return nil, errors.New("neither a token nor client credentials are set")
	case c.credentials == nil:
		c.tokens = givenToken(c.token)
	case c.credentials.ID == "" || c.credentials.Endpoint == nil:
		return nil, errors.New("client credentials need a client ID and a token endpoint")
	default:
		// The token endpoint has limits of its own, so the limiter does not apply.
		c.tokens = fetchedToken(&tokenEndpoint{*c.credentials, &sender{settings: &c.settings}})
	}
	return c, nil
}

// Stats are figures of all reads of a client so far.
type Stats struct {
	// Held is the time in which at least one read waited for the rate limit.
	Held time.Duration
	// Reads counts the calls of [Client.Customer] and [Client.CustomerByEmail].
	Reads int
}

// Stats returns the figures so far.
func (c *Client) Stats() Stats {
	return Stats{Held: c.waits.limited(), Reads: int(c.lookups.reads.Load())}
}

func (c *Client) newBudget() *budget { return &budget{bound: c.maxResult} }

func (c *Client) newProgress() *progress { return newProgress(c.tokens, c.waits) }

// checkTokenMode is the first part of the mode guard. It keeps the client from
// sending a request with a token of the other mode.
func (c *Client) checkTokenMode(t *accessToken) error {
	if c.mode == "" || t.claims.Mode == "" || t.claims.Mode == c.mode {
		return nil
	}
	return &Error{
		Class: ErrWrongMode, Token: t.claims, Mode: c.mode,
		Reason: "the access token is of the mode " + t.claims.Mode,
	}
}

// noteOrganization notes once that an answer names another organization than
// the token. That is no error, because nobody has seen that both IDs are of one
// kind.
func (c *Client) noteOrganization(ctx context.Context, organization string, token Claims) {
	if organization == "" || token.OrganizationID == "" || organization == token.OrganizationID {
		return
	}
	if !c.strange.Swap(true) {
		c.notice(ctx, fmt.Sprintf("The answer is of the organization %s, and the access token of %s. "+
			"The two IDs may be of different kinds.", redact.Name(organization), token.OrganizationID))
	}
}
