package commercelayer

import (
	"context"
	"sync"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/ratelimit"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

// A stage is a part of a fetch's way. It is named after what the fetch waits
// for.
type stage uint8

const (
	// idle: nothing is under way. Either the fetch has not begun, because other
	// readers may still join it, or it has ended.
	idle stage = iota
	// forToken: the access token is being requested.
	forToken
	// forFirstAnswer: the first requests of all are under way. An answer tells the
	// limits.
	forFirstAnswer
	// forWindow: a window of the rate limit is full.
	forWindow
	// forRefusal: the API has refused a request because of the rate limit.
	forRefusal
	// forAnswer: an attempt is under way.
	forAnswer
	// forProbe: the host answers nobody, and another read finds out whether it does
	// again.
	forProbe
	// forPause: an attempt has failed, and the pause before the next one runs.
	forPause

	stageCount
)

// A progress notes how far one fetch has come. Only the fetch writes it. Every
// reader that waits for the fetch may read it.
type progress struct {
	// token is where the fetch gets its access token. It is nil for the fetch of a
	// token itself.
	token *tokenSource
	// waits watches all fetches of the client. It is nil for the fetch of a token,
	// because the fetches that wait for the token are watched already.
	waits *waits

	mu  sync.Mutex
	now snapshot
}

// A snapshot is the state of a progress at one moment.
type snapshot struct {
	// stage is the present stage, and since is when spent was last updated.
	stage stage
	since time.Time
	// spent is the time in each stage so far.
	spent [stageCount]time.Duration
	// sent is the request, once it is known.
	sent *request
	host string
	// secrets are the token and the secret, which no error may show.
	secrets redact.Secrets
	// attempts counts the attempts to send the request. failure is why the last
	// one failed.
	attempts int
	failure  *Error
	// status and requestID are those of the answer, once it has come and nothing else
	// is under way. An error about what it holds tells them.
	status    int
	requestID string
	// claims are the claims of the access token.
	claims Claims
	// token is the state of the last fetch of a token, if there was one.
	token *snapshot
}

func newProgress(token *tokenSource, w *waits) *progress {
	return &progress{token: token, waits: w, now: snapshot{since: time.Now()}}
}

// enter notes that the fetch enters a stage. The context is for the log, in
// case the stage takes long.
func (p *progress) enter(ctx context.Context, s stage) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now.advance(time.Now())
	if p.waits != nil {
		p.waits.leave(p, p.now.stage)
		p.waits.enter(ctx, p, s)
	}
	p.now.stage = s
	if s != idle {
		p.now.status, p.now.requestID = 0, ""
	}
}

// end notes that the fetch has ended and no longer waits.
func (p *progress) end(ctx context.Context) { p.enter(ctx, idle) }

// waitFor returns the function that notes what Reserve waits for.
func (p *progress) waitFor(ctx context.Context) func(ratelimit.Reason) {
	return func(reason ratelimit.Reason) {
		switch reason {
		case ratelimit.FirstAnswer:
			p.enter(ctx, forFirstAnswer)
		case ratelimit.Window:
			p.enter(ctx, forWindow)
		case ratelimit.Refusal:
			p.enter(ctx, forRefusal)
		}
	}
}

// sign notes which host the fetch asks, the claims of its token, and what
// removes the secrets of the request from texts.
func (p *progress) sign(claims Claims, host string, secrets redact.Secrets) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now.claims, p.now.host, p.now.secrets = claims, host, secrets
}

// built notes the request. No attempt to send it was made yet.
func (p *progress) built(r *request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now.sent, p.now.attempts, p.now.failure = r, 0, nil
}

// attempt counts an attempt that begins now, and returns its number, from 1.
func (p *progress) attempt(ctx context.Context) int {
	p.enter(ctx, forAnswer)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now.attempts++
	return p.now.attempts
}

// fail notes why the last attempt failed.
func (p *progress) fail(failure *Error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now.failure = failure
}

// answered notes the answer to the request.
func (p *progress) answered(status int, requestID string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now.status, p.now.requestID = status, requestID
}

// snapshot returns the present state.
func (p *progress) snapshot() snapshot {
	p.mu.Lock()
	now := p.now
	p.mu.Unlock()
	now.advance(time.Now())
	if p.token != nil {
		if token := p.token.progress.Load(); token != nil {
			fetched := token.snapshot()
			now.token = &fetched
		}
	}
	return now
}

// advance adds the time since the last update to the present stage.
func (s *snapshot) advance(now time.Time) {
	s.spent[s.stage] += now.Sub(s.since)
	s.since = now
}

// limited returns the time spent waiting for the rate limit.
func (s *snapshot) limited() time.Duration { return s.spent[forWindow] + s.spent[forRefusal] }

// answering returns the time spent waiting for answers of the API, pauses
// between attempts included.
func (s *snapshot) answering() time.Duration {
	return s.spent[forFirstAnswer] + s.spent[forAnswer] + s.spent[forProbe] + s.spent[forPause]
}
