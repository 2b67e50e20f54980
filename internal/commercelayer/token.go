package commercelayer

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/gather"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

const (
	// renewBefore is how long before its end a token is renewed. Until 15 minutes
	// before the end, the endpoint returns the same token again. The official
	// client renews 10 minutes before the end, too.
	renewBefore = 10 * time.Minute
	// renewAgain is the pause after a failed renewal while the old token is still
	// valid.
	renewAgain = time.Minute
	// renewPatience is how long reads wait for a renewal while the old token is
	// still valid.
	renewPatience = 10 * time.Second
	// tokenEvery is the shortest time between two requests for a token, whatever
	// lifetime the endpoint tells. The endpoint allows 30 requests a minute for
	// all clients behind one IP address (documented).
	tokenEvery = 30 * time.Second
)

// An accessToken is a token and what is known about it.
type accessToken struct {
	value  string
	claims Claims
	// expiresAt and renewAt are zero if they are not known: the token was given,
	// or the endpoint told no lifetime.
	expiresAt, renewAt time.Time
	// secrets are the token and the client secret.
	secrets redact.Secrets
}

// good tells whether the token is valid for at least half a minute more, or its
// end is not known.
func (t *accessToken) good() bool {
	return t != nil && (t.expiresAt.IsZero() || time.Now().Add(renewAgain/2).Before(t.expiresAt))
}

// A tokenSource holds the access token. The token was either given, or the
// first read that needs one requests it. All reads that wait for it share the
// request. A requested token is renewed before it expires, and when the API
// refuses it.
type tokenSource struct {
	// fetches requests tokens. It is nil if the token was given. It has one key
	// only, since all reads use the same token.
	fetches *gather.Gatherer[struct{}, *accessToken, *progress]
	// progress is the progress of the last request for a token.
	progress atomic.Pointer[progress]

	mu      sync.Mutex
	current *accessToken
	// refused is the last token that the API refused. keptAt is when the endpoint
	// returned that token again.
	refused string
	keptAt  time.Time
}

// givenToken returns the source of a token that can't be renewed.
func givenToken(value string) *tokenSource {
	return &tokenSource{
		current: &accessToken{value: value, claims: ParseClaims(value), secrets: redact.NewSecrets(value)},
	}
}

// fetchedToken returns the source of tokens that the endpoint issues.
func fetchedToken(endpoint *tokenEndpoint) *tokenSource {
	s := &tokenSource{}
	s.fetches = gather.New(gather.Config[struct{}, *accessToken, *progress]{
		Size: 1,
		Progress: func() *progress {
			p := newProgress(nil, nil)
			s.progress.Store(p)
			return p
		},
		Fetch: func(ctx context.Context, p *progress, closeGroup func() []struct{}) (map[struct{}]*accessToken, error) {
			closeGroup()
			t, err := endpoint.request(ctx, p)
			if err != nil {
				return nil, err
			}
			s.take(t)
			return map[struct{}]*accessToken{{}: t}, nil
		},
	})
	return s
}

// take makes a token the current one.
func (s *tokenSource) take(t *accessToken) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current = t
	if t.value == s.refused {
		s.keptAt = time.Now()
	}
}

// get returns a token that is valid as far as is known.
func (s *tokenSource) get(ctx context.Context) (*accessToken, error) {
	s.mu.Lock()
	t := s.current
	current := s.fetches == nil || t != nil && (t.renewAt.IsZero() || time.Now().Before(t.renewAt))
	s.mu.Unlock()
	if current {
		return t, nil
	}
	patient := ctx
	if t.good() {
		var cancel context.CancelFunc
		patient, cancel = context.WithTimeout(ctx, renewPatience)
		defer cancel()
	}
	fresh, _, err := s.fetches.Get(patient, struct{}{})
	if err == nil || ctx.Err() != nil {
		return fresh, err
	}
	// The renewal failed. The old token is used while it is valid.
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current.good() {
		s.current.renewAt = time.Now().Add(renewAgain)
		return s.current, nil
	}
	return nil, err
}

// renew returns a token that differs from the one that the API has just
// refused. It returns nil and no error if there is no other token: the token
// was given, or the endpoint returns the refused one again.
func (s *tokenSource) renew(ctx context.Context, refused *accessToken) (*accessToken, error) {
	if s.fetches == nil {
		return nil, nil
	}
	if t, known := s.after(refused); known {
		return t, nil
	}
	t, _, err := s.fetches.Get(ctx, struct{}{})
	if err != nil || t.value == refused.value {
		return nil, err
	}
	return t, nil
}

// after returns the token that follows the refused one, if that is known
// without a request. The token is nil if the endpoint has just returned the
// refused one again.
func (s *tokenSource) after(refused *accessToken) (t *accessToken, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.current != nil && s.current.value != refused.value:
		return s.current, true
	case s.refused != refused.value:
		s.refused, s.keptAt = refused.value, time.Time{}
	case time.Since(s.keptAt) < renewAgain:
		return nil, true
	}
	return nil, false
}
