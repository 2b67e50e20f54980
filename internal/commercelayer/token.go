package commercelayer

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

const (
	// renewBefore is how long before its end a token is renewed. The endpoint
	// hands out the same token until 15 minutes before; the official client
	// renews at 10.
	renewBefore = 10 * time.Minute
	// renewAgain is the pause after a renewal that failed while the token was
	// still good.
	renewAgain = time.Minute
	// renewPatience is how long readers wait for a renewal while the token is
	// still good.
	renewPatience = 10 * time.Second
)

// ClientCredentials are what an application gets access tokens with (OAuth2
// client credentials grant).
type ClientCredentials struct {
	ID string
	// Secret is empty for public clients, such as sales channels.
	Secret string
	// Scope may hold several, separated by spaces. Empty leaves it to the API.
	Scope string
	// Endpoint is the URL of the token endpoint.
	Endpoint *url.URL
}

// accessToken is a token in use.
type accessToken struct {
	value  string
	claims Claims
	// expiresAt and renewAt are zero for a token that the endpoint did not give.
	expiresAt, renewAt time.Time
}

// good tells whether the token can be used for a while.
func (t *accessToken) good() bool {
	return t != nil && time.Now().Add(renewAgain/2).Before(t.expiresAt)
}

// tokenSource holds the access token: one that was given, or one that is
// fetched when the first read needs it, shared by all that wait, and renewed in
// time or when the API no longer accepts it.
type tokenSource struct {
	// fetch is nil if the token was given.
	fetch func(context.Context, *exchange) (*accessToken, error)
	// endpoint is set if fetch is.
	endpoint *url.URL

	mu      sync.Mutex
	current *accessToken
	pending *flight[*accessToken]
	// request is the exchange of pending.
	request *exchange
	// refused is the token that the API refused last, and keptAt when the
	// endpoint handed it out once more all the same.
	refused string
	keptAt  time.Time
}

// givenToken returns the source of a token that can't be renewed.
func givenToken(value string) *tokenSource {
	return &tokenSource{current: &accessToken{value: value, claims: ParseClaims(value)}}
}

// get returns a token that is good as far as is known.
func (s *tokenSource) get(ctx context.Context) (*accessToken, error) {
	s.mu.Lock()
	t := s.current
	if s.fetch == nil || t != nil && (t.renewAt.IsZero() || time.Now().Before(t.renewAt)) {
		s.mu.Unlock()
		return t, nil
	}
	wait := ctx
	if t.good() {
		var cancel context.CancelFunc
		wait, cancel = context.WithTimeout(ctx, renewPatience)
		defer cancel()
	}
	t, err := s.requestShared(wait)
	if err == nil || ctx.Err() != nil {
		return t, err
	}
	// The endpoint failed. As long as the old token is good, nothing is lost.
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := time.Now(); s.current.good() {
		s.current.renewAt = now.Add(renewAgain)
		return s.current, nil
	}
	return nil, err
}

// renew returns another token than the one that the API has just refused. It
// returns nil without an error if there is none to be had: the token was given,
// or the endpoint holds on to it.
func (s *tokenSource) renew(ctx context.Context, refused *accessToken) (*accessToken, error) {
	if s.fetch == nil {
		return nil, nil
	}
	s.mu.Lock()
	switch {
	case s.current != nil && s.current.value != refused.value:
		defer s.mu.Unlock()
		return s.current, nil // another reader was faster
	case s.refused != refused.value:
		s.refused, s.keptAt = refused.value, time.Time{}
	case time.Since(s.keptAt) < renewAgain:
		s.mu.Unlock()
		return nil, nil // another reader has asked
	}
	t, err := s.requestShared(ctx)
	if err != nil || t.value == refused.value {
		return nil, err
	}
	return t, nil
}

// requestShared sends one request for all that wait for it. It is called with the
// lock held and releases it.
func (s *tokenSource) requestShared(ctx context.Context) (*accessToken, error) {
	if s.pending == nil || !s.pending.join() {
		f, x := newFlight[*accessToken](ctx), newExchange(http.MethodPost, s.endpoint)
		x.tokenRequest = true
		s.pending, s.request = f, x
		go f.run(func(ctx context.Context) (*accessToken, error) {
			defer func() {
				s.mu.Lock()
				defer s.mu.Unlock()
				if s.pending == f {
					s.pending, s.request = nil, nil
				}
			}()
			t, err := s.fetch(ctx, x)
			if err != nil {
				return nil, err
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			s.current = t
			if t.value == s.refused {
				s.keptAt = time.Now()
			}
			return t, nil
		})
	}
	f, x := s.pending, s.request
	s.mu.Unlock()
	t, err := f.wait(ctx)
	if err != nil && ctx.Err() != nil {
		return nil, x.interrupted(ctx)
	}
	return t, err
}

// fetchedToken returns a source that asks the token endpoint.
func fetchedToken(credentials ClientCredentials, s *sender, userAgent string) *tokenSource {
	config := clientcredentials.Config{
		ClientID:     credentials.ID,
		ClientSecret: credentials.Secret,
		TokenURL:     credentials.Endpoint.String(),
		Scopes:       strings.Fields(credentials.Scope),
		// Named, since the library would otherwise try one after the other. HTTP
		// Basic is what recorded exchanges used; a client without a secret has
		// nothing to authenticate with and only says who it is.
		AuthStyle: oauth2.AuthStyleInHeader,
	}
	if credentials.Secret == "" {
		config.AuthStyle = oauth2.AuthStyleInParams
	}
	return &tokenSource{endpoint: credentials.Endpoint, fetch: func(ctx context.Context, x *exchange) (*accessToken, error) {
		x.secret = credentials.Secret
		client := &http.Client{
			Transport:     &tokenTransport{sender: s, exchange: x, userAgent: userAgent},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
		t, err := config.Token(context.WithValue(ctx, oauth2.HTTPClient, client))
		if err != nil {
			if failure, ok := errors.AsType[*Error](err); ok {
				return nil, failure
			}
			// The library's error may quote the answer.
			return nil, x.describe(malformed("the answer of the token endpoint holds no access token"))
		}
		return newAccessToken(t, time.Now()), nil
	}}
}

func newAccessToken(t *oauth2.Token, now time.Time) *accessToken {
	a := &accessToken{value: t.AccessToken, claims: ParseClaims(t.AccessToken), expiresAt: t.Expiry}
	if !t.Expiry.IsZero() {
		// A token that has little time left from the start is renewed halfway,
		// lest each read asked for another.
		a.renewAt = t.Expiry.Add(-min(renewBefore, max(0, t.Expiry.Sub(now)/2)))
	}
	return a
}

// tokenTransport sends the library's request in our way, and turns every answer
// that holds no token into an [*Error]: the authentication service's errors are
// not those of RFC 6749, and the library's own would hold the body.
type tokenTransport struct {
	sender    *sender
	exchange  *exchange
	userAgent string
}

// RoundTrip implements [http.RoundTripper].
func (t *tokenTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	req = req.Clone(ctx)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", t.userAgent)
	a, err := t.sender.do(ctx, t.exchange, req)
	if err != nil {
		var failure *Error
		if errors.As(err, &failure) && failure.Status >= 400 && failure.Status < 500 && failure.Status != http.StatusTooManyRequests {
			switch failure.Status {
			case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden:
				failure.Kind = ErrCredentials
			default:
				failure.Kind = ErrBadRequest
			}
		}
		return nil, err
	}
	if failure := checkMediaType(a.header, a.body); failure != nil {
		return nil, t.exchange.describe(failure)
	}
	return a.response(req), nil
}
