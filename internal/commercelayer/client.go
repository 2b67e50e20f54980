package commercelayer

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"
)

const (
	// DefaultRequestTimeout is the official client's timeout and upper bound.
	DefaultRequestTimeout = 15 * time.Second
	// DefaultMaxRetries is how many further attempts a failed request gets.
	DefaultMaxRetries = 4
	// idleConnections covers a plan with a high -parallelism.
	idleConnections = 32
	// maxHeaderBytes bounds the header of an answer.
	maxHeaderBytes = 256 << 10
)

// A Client reads the customers of one organization. Its methods may be called
// concurrently, and should be: calls that wait together share requests.
type Client struct {
	domain    *url.URL // nil: the token tells
	mode      string
	tokens    *tokenSource
	transport http.RoundTripper
	sender    *sender
	governor  *Governor
	batcher   *batcher
	header    http.Header
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

// WithMaxRetries sets how many further attempts follow a network error or a
// 5xx; [DefaultMaxRetries] otherwise.
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

// New returns a Client. It sends nothing.
func New(options ...Option) (*Client, error) {
	s := &settings{timeout: DefaultRequestTimeout, maxRetries: DefaultMaxRetries, userAgent: "commercelayer-go"}
	s.notice = func(context.Context, string) {}
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
		transport: s.transport,
		governor:  NewGovernor(limitsOf(s.mode)),
		header: http.Header{
			"Accept":     {jsonAPIMediaType},
			"User-Agent": {s.userAgent},
		},
	}
	c.sender = newSender(&attempt{base: s.transport, governor: c.governor, timeout: s.timeout, observe: s.observe}, s.maxRetries)
	if s.credentials != nil {
		// The token endpoint has a limit of its own, so it has no governor.
		tokens := newSender(&attempt{base: s.transport, timeout: s.timeout, observe: s.observe}, s.maxRetries)
		c.tokens = fetchedToken(*s.credentials, tokens, s.userAgent)
	} else {
		c.tokens = givenToken(s.token)
	}
	c.batcher = newBatcher(c, s.notice)
	return c, nil
}

func newTransport() *http.Transport {
	// The standard one verifies TLS and asks the environment for proxies.
	t := http.DefaultTransport.(*http.Transport).Clone() //nolint:errcheck,forcetypeassert // documented to be one
	t.MaxIdleConnsPerHost = idleConnections
	t.MaxResponseHeaderBytes = maxHeaderBytes
	// The request is the documented one, without headers added by the library.
	t.DisableCompression = true
	return t
}

// Close closes the connections that are idle.
func (c *Client) Close() {
	if t, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// Stats tell how reading went so far.
type Stats struct {
	// LongestWait is the longest time that the rate limit kept a request waiting.
	LongestWait time.Duration
	// Reads counts the customers asked for by ID.
	Reads int
}

// Stats returns the figures so far.
func (c *Client) Stats() Stats {
	return Stats{LongestWait: c.governor.longestWait(), Reads: c.batcher.count()}
}

// get sends one GET to a path below the host of the organization, and returns
// the body if it can be a JSON:API document. A token that is no longer accepted
// is renewed once.
func (c *Client) get(ctx context.Context, x *exchange, path string, query url.Values) ([]byte, error) {
	token, base, err := c.authorize(ctx)
	if err != nil {
		return nil, err
	}
	target := base.String() + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	for renewed := false; ; renewed = true {
		x.mu.Lock()
		x.token, x.host, x.secret = token.claims, base.Host, token.value
		x.mu.Unlock()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, http.NoBody)
		if err != nil {
			return nil, x.describe(&Error{Kind: ErrInternal, Cause: cause{err}})
		}
		req.Header = c.header.Clone()
		req.Header.Set("Authorization", "Bearer "+token.value)
		a, err := c.sender.do(ctx, x, req)
		if err == nil {
			if failure := checkMediaType(a.header, a.body); failure != nil {
				failure.Status = a.status
				return nil, x.describe(failure)
			}
			return a.body, nil
		}
		var failure *Error
		if renewed || !errors.As(err, &failure) || !errors.Is(failure, ErrInvalidToken) || failure.Code() != codeInvalidToken {
			return nil, err
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

// authorize returns the token and the host to use it with.
func (c *Client) authorize(ctx context.Context) (*accessToken, *url.URL, error) {
	token, err := c.tokens.get(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := c.checkTokenMode(token); err != nil {
		return nil, nil, err
	}
	c.governor.SetLimits(limitsOf(cmp.Or(token.claims.Mode, c.mode)))
	if c.domain != nil {
		return token, c.domain, nil
	}
	if base := token.claims.Domain(); base != nil {
		return token, base, nil
	}
	return nil, nil, &Error{Kind: ErrDomainUnknown, Token: token.claims, Reason: "the access token names no organization"}
}

// checkTokenMode is the first half of the mode guard: nothing is asked with a
// token of the other mode.
func (c *Client) checkTokenMode(t *accessToken) error {
	if c.mode == "" || t.claims.Mode == "" || t.claims.Mode == c.mode {
		return nil
	}
	return &Error{Kind: ErrWrongMode, Token: t.claims, Reason: "the access token is of the mode " + t.claims.Mode}
}

// checkCustomerMode is the other half: an opaque token does not tell, but the
// answer does. What tells of neither can't be let through by a guard.
func (c *Client) checkCustomerMode(customer *Customer, token Claims) error {
	switch {
	case c.mode == "", customer.Mode != nil && *customer.Mode == c.mode:
		return nil
	case customer.Mode != nil:
		return &Error{Kind: ErrWrongMode, Token: token, Reason: "the customer is of the mode " + clean(*customer.Mode)}
	case token.Mode == c.mode:
		return nil
	}
	return &Error{Kind: ErrWrongMode, Token: token, Reason: "neither the access token nor the answer tells the mode"}
}

const customersPath = "/api/customers"

// customerPath is the path of a customer, whatever its ID holds.
func customerPath(id string) string {
	return customersPath + "/" + url.PathEscape(id)
}
