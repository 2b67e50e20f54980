package commercelayer

import (
	"context"
	"fmt"
	"sync"
	"time"
)

const (
	// announceAfter is how long fetches wait for something before this is
	// announced. announceEvery is the time between further announcements of it.
	announceAfter = 5 * time.Second
	announceEvery = 15 * time.Second
)

// waits watches what the fetches of a client wait for. It announces long waits,
// so that the log of a slow run explains itself.
type waits struct {
	announce func(context.Context, string)

	mu     sync.Mutex
	stages [stageCount]wait
	// held is how long the rate limit held at least one fetch, until heldUntil. Time
	// in which it held several counts once.
	held      time.Duration
	heldUntil time.Time
}

// A wait describes the fetches that are in one stage.
type wait struct {
	// since is when each of the fetches entered the stage.
	since map[*progress]time.Time
	timer *time.Timer
}

// enter notes that a fetch enters a stage. The context is for the announcement.
func (w *waits) enter(ctx context.Context, p *progress, s stage) {
	if s == idle {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.advance()
	stage := &w.stages[s]
	if len(stage.since) == 0 {
		stage.since = map[*progress]time.Time{}
		stage.timer = time.AfterFunc(announceAfter, func() { w.tell(ctx, s) })
	}
	stage.since[p] = time.Now()
}

// leave notes that a fetch leaves a stage.
func (w *waits) leave(p *progress, s stage) {
	if s == idle {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.advance()
	stage := &w.stages[s]
	delete(stage.since, p)
	if len(stage.since) == 0 {
		stage.timer.Stop()
	}
}

// advance adds the time until now, if the rate limit held a fetch.
func (w *waits) advance() {
	now := time.Now()
	if len(w.stages[forWindow].since)+len(w.stages[forRefusal].since) > 0 {
		w.held += now.Sub(w.heldUntil)
	}
	w.heldUntil = now
}

// limited returns how long the rate limit has held at least one fetch so far.
func (w *waits) limited() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.advance()
	return w.held
}

// tell announces the fetches that have been in the stage for long, and again
// after announceEvery as long as there are any.
func (w *waits) tell(ctx context.Context, s stage) {
	now := time.Now()
	w.mu.Lock()
	stage := &w.stages[s]
	fetches, longest := 0, time.Duration(0)
	for _, since := range stage.since {
		longest = max(longest, now.Sub(since))
		if now.Sub(since) >= announceAfter {
			fetches++
		}
	}
	if len(stage.since) > 0 && fetches == 0 {
		stage.timer.Reset(announceAfter - longest)
	} else if fetches > 0 {
		stage.timer.Reset(announceEvery)
	}
	w.mu.Unlock()
	switch seconds := longest.Seconds(); fetches {
	case 0: // the fetches that the timer was set for have gone on
	case 1:
		w.announce(ctx, fmt.Sprintf("A request has been waiting for %.0f s. It waits for %s.", seconds, s))
	default:
		w.announce(ctx, fmt.Sprintf("%d requests have been waiting for up to %.0f s. They wait for %s.", fetches, seconds, s))
	}
}

// String names what fetches in the stage wait for.
func (s stage) String() string {
	switch s {
	case forToken:
		return "the access token"
	case forFirstAnswer:
		return "the first answer of this run, which tells the limits"
	case forWindow:
		return "the rate limit: as many requests as it allows were sent from this IP address"
	case forRefusal:
		return "the rate limit: the API has refused a request"
	case forAnswer:
		return "an answer of the API"
	case forProbe:
		return "an attempt of another read, since all of the last ones failed"
	case forPause:
		return "the next attempt, since the last one failed"
	case idle, stageCount:
	}
	return "nothing"
}
