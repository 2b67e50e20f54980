package commercelayer

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/gather"
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
	// tokenEvery is how often a token is asked for at most, whatever lifetime the
	// endpoint tells: it allows 30 requests a minute for everything behind the
	// same IP (documented).
	tokenEvery = 30 * time.Second
)

// accessToken is a token in use.
type accessToken struct {
	value  string
	claims Claims
	// expiresAt and renewAt are zero for a token that the endpoint did not give.
	expiresAt, renewAt time.Time
	// scrub removes the token, and what it was requested with, from texts.
	scrub *scrubber
}

// good tells whether the token can be used for a while.
func (t *accessToken) good() bool {
	return t != nil && (t.expiresAt.IsZero() || time.Now().Add(renewAgain/2).Before(t.expiresAt))
}

// tokenSource holds the access token: one that was given, or one that is fetched
// when the first read needs it, shared by all that wait, and renewed in time or
// when the API no longer accepts it.
type tokenSource struct {
	// fetches is nil if the token was given. Its one key is that of the token.
	fetches *gather.Gatherer[struct{}, *accessToken, *progress]
	// progress is that of the last fetch.
	progress atomic.Pointer[progress]

	mu      sync.Mutex
	current *accessToken
	// refused is the token that the API refused last, and keptAt when the
	// endpoint handed it out once more all the same.
	refused string
	keptAt  time.Time
}

// givenToken returns the source of a token that can't be renewed.
func givenToken(value string) *tokenSource {
	return &tokenSource{current: &accessToken{value: value, claims: ParseClaims(value), scrub: newScrubber(value)}}
}

// fetchedToken returns the source of tokens that the endpoint gives.
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

// get returns a token that is good as far as is known.
func (s *tokenSource) get(ctx context.Context) (*accessToken, error) {
	s.mu.Lock()
	t := s.current
	s.mu.Unlock()
	if s.fetches == nil || t != nil && (t.renewAt.IsZero() || time.Now().Before(t.renewAt)) {
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
	// The endpoint failed. As long as the old token is good, nothing is lost.
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current.good() {
		s.current.renewAt = time.Now().Add(renewAgain)
		return s.current, nil
	}
	return nil, err
}

// renew returns another token than the one that the API has just refused. It
// returns nil without an error if there is none to be had: the token was given,
// or the endpoint holds on to it.
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

// after tells without a request which token follows the refused one, if another
// reader has asked already: perhaps none.
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
