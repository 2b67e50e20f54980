package ratelimit

import (
	"context"
	"slices"
	"time"
)

// A Reason is what a request waits for until it has a reservation.
type Reason uint8

const (
	// FirstAnswer is the first answer of all. Only a few requests go before it,
	// because it tells the limits and how much of them is used.
	FirstAnswer Reason = iota + 1
	// Window is room in a window. It is full of requests of this process or of its
	// neighbours.
	Window
	// Refusal is the end of a refusal: first a pause, then the answer to the first
	// request after it.
	Refusal
)

// An obstacle tells why no request may be sent now.
type obstacle struct {
	reason Reason // 0 if there is none
	// until is when to look again. It is zero if only an answer can help.
	until time.Time
}

// A waiter is a call of Reserve that has no reservation yet.
type waiter struct {
	tell func(Reason)
	// ctx is the context of Reserve. Its deadline may move if it belongs to
	// several readers.
	ctx context.Context //nolint:containedctx // a waiter lives as long as the call
	// came is when Reserve was called.
	came time.Time
	// reason is what the waiter waits for, and since is when that began.
	reason Reason
	since  time.Time
	// late is set if another waiter had given up before this one came.
	late        bool
	decided     chan struct{}
	reservation *Reservation
	err         error
}

func newWaiter(ctx context.Context, tell func(Reason), now time.Time) *waiter {
	return &waiter{tell: tell, ctx: ctx, came: now, decided: make(chan struct{})}
}

func (w *waiter) grant(p *Reservation) {
	w.reservation = p
	close(w.decided)
}

func (w *waiter) fail(err error) {
	w.err = err
	close(w.decided)
}

// waitFor tells the waiter what it waits for, if it was not told before.
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

// remove takes a waiter out. It returns false if the waiter is not in the
// queue.
func (q *queue) remove(w *waiter) bool {
	i := slices.Index(*q, w)
	if i < 0 {
		return false
	}
	*q = slices.Delete(*q, i, i+1)
	return true
}
