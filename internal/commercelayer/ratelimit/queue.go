package ratelimit

import (
	"context"
	"slices"
	"time"
)

// Reason is what a request waits for before it has its place.
type Reason uint8

const (
	// FirstAnswer is the answer to the first request of all, which goes alone:
	// it tells the limits and how much of them is used.
	FirstAnswer Reason = iota + 1
	// Window is room in a window that is full of requests, this process's or
	// its neighbours'.
	Window
	// Refusal is the end of what follows a refusal: a pause, and then the answer
	// to the first request after it.
	Refusal
)

// An obstacle is why no request may be sent now.
type obstacle struct {
	reason Reason // 0 if there is none
	// until is when to look again; zero if only an answer can change anything.
	until time.Time
}

// A waiter is a call of Reserve that has no place yet.
type waiter struct {
	tell func(Reason)
	// ctx is that of Reserve. Its deadline may move, if it is that of several readers.
	ctx  context.Context //nolint:containedctx // a waiter lives as long as the call
	came time.Time
	// reason is what it was told to wait for, since when.
	reason Reason
	since  time.Time
	// late is set if a reader had given up before this one came.
	late bool
	// decided is closed once place or err is set.
	decided chan struct{}
	place   *Place
	err     error
}

func newWaiter(ctx context.Context, tell func(Reason), now time.Time) *waiter {
	return &waiter{tell: tell, ctx: ctx, came: now, decided: make(chan struct{})}
}

func (w *waiter) grant(p *Place) {
	w.place = p
	close(w.decided)
}

func (w *waiter) fail(err error) {
	w.err = err
	close(w.decided)
}

// waitFor tells the waiter what it waits for, if that is new.
func (w *waiter) waitFor(reason Reason, now time.Time) {
	if w.reason == reason {
		return
	}
	w.reason, w.since = reason, now
	if w.tell != nil {
		w.tell(reason)
	}
}

// A queue holds the waiters in the order of their arrival.
type queue []*waiter

func (q *queue) pop() *waiter {
	first := (*q)[0]
	*q = slices.Delete(*q, 0, 1)
	return first
}

// remove takes a waiter out. It is false if the waiter was not in the queue.
func (q *queue) remove(w *waiter) bool {
	i := slices.Index(*q, w)
	if i < 0 {
		return false
	}
	*q = slices.Delete(*q, i, i+1)
	return true
}
