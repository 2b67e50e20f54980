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

	// held measures how long the rate limit held fetches.
	held heldTime

	mu     sync.Mutex
	stages [stageCount]wait
}

// A wait describes the fetches that are in one stage.
type wait struct {
	fetches int
	// since is when the stage was entered while no other fetch was in it.
	since time.Time
	timer *time.Timer
}

// isLimited tells whether fetches in the stage wait for the rate limit.
func (s stage) isLimited() bool { return s == forWindow || s == forRefusal }

// enter counts a fetch that enters a stage. The context is for the
// announcement.
func (w *waits) enter(ctx context.Context, s stage) {
	if s == forCompany {
		return
	}
	w.held.enter(s)
	w.mu.Lock()
	defer w.mu.Unlock()
	stage := &w.stages[s]
	if stage.fetches++; stage.fetches == 1 {
		stage.since = time.Now()
		stage.timer = time.AfterFunc(announceAfter, func() { w.tell(ctx, s) })
	}
}

// leave counts a fetch that leaves a stage.
func (w *waits) leave(s stage) {
	if s == forCompany {
		return
	}
	w.held.leave(s)
	w.mu.Lock()
	defer w.mu.Unlock()
	stage := &w.stages[s]
	if stage.fetches--; stage.fetches == 0 {
		stage.timer.Stop()
		stage.timer = nil
	}
}

// tell announces a wait, and again after announceEvery as long as it lasts.
func (w *waits) tell(ctx context.Context, s stage) {
	w.mu.Lock()
	stage := &w.stages[s]
	if stage.timer == nil {
		w.mu.Unlock()
		return // the wait has just ended
	}
	stage.timer.Reset(announceEvery)
	since, requests := stage.since, "1 request is"
	if stage.fetches > 1 {
		requests = fmt.Sprintf("%d requests are", stage.fetches)
	}
	w.mu.Unlock()
	w.announce(ctx, fmt.Sprintf("%s waiting for %s, for %.0f s so far.", requests, s, time.Since(since).Seconds()))
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
	case forCompany, stageCount:
	}
	return "other readers"
}
