package commercelayer

import (
	"context"
	"sync"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/ratelimit"
)

// A stage is a part of a fetch's road, named after what is waited for there.
type stage uint8

const (
	// forCompany: other readers may come and share the request. A fetch that waits
	// for nothing is here too.
	forCompany stage = iota
	// forToken: the access token is being requested.
	forToken
	// forFirstAnswer: the first answer of all tells the limits, and is not there yet.
	forFirstAnswer
	// forWindow: a window of the rate limit is full.
	forWindow
	// forRefusal: the API has refused a request for the rate limit.
	forRefusal
	// forAnswer: an attempt is under way.
	forAnswer
	// forPause: an attempt failed, and the next one is a moment away.
	forPause

	stageCount
)

// A progress is how far one fetch has come. Only the fetch writes it; every reader
// that waits for the fetch may look.
type progress struct {
	// token is where the fetch gets its access token. Nil for a token's own fetch.
	token *tokenSource
	// waits watches all fetches of the client. Nil for a token's own fetch: the
	// fetches that need the token are watched.
	waits *waits
	// held counts the fetch among those of its list. Nil for a fetch of no list.
	held *heldTime

	mu  sync.Mutex
	now standing
}

// A standing is a progress at one moment.
type standing struct {
	stage stage
	since time.Time
	// spent is the time of each stage, the present one included.
	spent [stageCount]time.Duration
	// sent is the request that was made up, or nil.
	sent *request
	host string
	// scrub removes what was sent along from the texts of errors.
	scrub *scrubber
	// attempts counts the requests sent, failure is why the last one failed.
	attempts int
	failure  *Error
	// claims are those of the access token that was sent.
	claims Claims
	// token is how far the token's fetch has come, if there ever was one.
	token *standing
}

func newProgress(token *tokenSource, w *waits) *progress {
	return &progress{token: token, waits: w, now: standing{since: time.Now(), scrub: plain}}
}

// enter notes what the fetch waits for from now on. The context is the one to log
// with, should it take long.
func (p *progress) enter(ctx context.Context, s stage) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now.advance(time.Now())
	if p.waits != nil {
		p.waits.leave(p.now.stage)
		p.waits.enter(ctx, s)
	}
	if p.held != nil {
		p.held.leave(p.now.stage)
		p.held.enter(s)
	}
	p.now.stage = s
}

// end tells that the fetch waits for nothing any more.
func (p *progress) end(ctx context.Context) { p.enter(ctx, forCompany) }

// waitFor returns what does so for a place within the limits.
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

// sign notes at which host the fetch asks, with what claims, and what removes the
// rest of what it sends along from texts.
func (p *progress) sign(claims Claims, host string, scrub *scrubber) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now.claims, p.now.host, p.now.scrub = claims, host, scrub
}

// madeUp notes the request, which has not been sent yet.
func (p *progress) madeUp(r *request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now.sent, p.now.attempts, p.now.failure = r, 0, nil
}

// attempt counts an attempt, which begins now, and returns its number, from 1.
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

// standing returns how far the fetch has come.
func (p *progress) standing() standing {
	p.mu.Lock()
	now := p.now
	p.mu.Unlock()
	now.advance(time.Now())
	if p.token != nil {
		if token := p.token.progress.Load(); token != nil {
			fetched := token.standing()
			now.token = &fetched
		}
	}
	return now
}

// advance counts the time since the last change to the present stage.
func (s *standing) advance(now time.Time) {
	s.spent[s.stage] += now.Sub(s.since)
	s.since = now
}

// limited is the time spent waiting for the rate limit.
func (s *standing) limited() time.Duration { return s.spent[forWindow] + s.spent[forRefusal] }

// answering is the time spent waiting for answers of the API.
func (s *standing) answering() time.Duration {
	return s.spent[forFirstAnswer] + s.spent[forAnswer] + s.spent[forPause]
}
