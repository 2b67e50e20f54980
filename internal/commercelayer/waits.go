package commercelayer

import (
	"context"
	"fmt"
	"sync"
	"time"
)

const (
	// announceAfter is how long fetches wait for something before the log says so,
	// and announceEvery is the time between two lines about the same.
	announceAfter = 5 * time.Second
	announceEvery = 15 * time.Second
)

// waits watches what the fetches of a client wait for. Whoever reads the log of a
// slow run should not have to guess.
type waits struct {
	announce func(context.Context, string)

	// held is the time in which fetches waited for the rate limit.
	held heldTime

	mu     sync.Mutex
	stages [stageCount]wait
}

// A wait is one stage in which fetches are.
type wait struct {
	fetches int
	since   time.Time
	timer   *time.Timer
}

// isLimited tells whether a stage is one of waiting for the rate limit.
func (s stage) isLimited() bool { return s == forWindow || s == forRefusal }

// enter counts a fetch that begins to wait. The context is the one to log with.
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

// leave counts a fetch that waits no longer.
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

// tell announces a wait, and does so again as long as it lasts.
func (w *waits) tell(ctx context.Context, s stage) {
	w.mu.Lock()
	stage := &w.stages[s]
	if stage.timer == nil {
		w.mu.Unlock()
		return // it has just ended
	}
	stage.timer.Reset(announceEvery)
	since, requests := stage.since, "1 request is"
	if stage.fetches > 1 {
		requests = fmt.Sprintf("%d requests are", stage.fetches)
	}
	w.mu.Unlock()
	w.announce(ctx, fmt.Sprintf("%s waiting for %s, for %.0f s so far.", requests, s, time.Since(since).Seconds()))
}

// String names what a stage waits for.
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
	case forPause:
		return "the next attempt, since the last one failed"
	case forCompany, stageCount:
	}
	return "other readers"
}
