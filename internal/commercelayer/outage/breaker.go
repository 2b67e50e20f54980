// Package outage keeps the fetches of a program from learning the same outage
// one after the other. It does not know what an attempt is, or what counts as
// an answer.
package outage

import (
	"context"
	"sync"
	"time"
)

const (
	// firstPause is the pause after the first probe that failed. It doubles with
	// each further one, up to longestPause.
	firstPause   = 5 * time.Second
	longestPause = time.Minute
)

// An Outage is the error of a fetch that may make no attempt, or no further
// one. S describes how an attempt failed.
type Outage[S any] struct { //nolint:errname // named after what it tells
	// Since is when the fetch began that found the outage. Nobody was answered
	// after that.
	Since time.Time
	// Seen is how the last attempt failed that anybody was allowed to make.
	Seen S
}

// Error implements error.
func (o *Outage[S]) Error() string {
	return "the host answers nobody"
}

// A Breaker is a circuit breaker for one host. A fetch asks it before each
// attempt, and tells it how the attempt ended.
//
// An outage begins when a fetch has used up its attempts and nobody has been
// answered since that fetch began. From then on one attempt at a time is made,
// the probe, and all other fetches wait for its end. If the probe fails, they
// fail with it, and so does every fetch that comes before it is time for the
// next probe. Any answer ends the outage.
type Breaker[S any] struct {
	mu       sync.Mutex
	answered time.Time
	// outage is nil while there is none.
	outage *Outage[S]
	// probe is the probe while it is under way, and settled is closed when the
	// fetches that wait for it should look again. The next probe may begin at
	// next.
	probe   *Attempt[S]
	settled chan struct{}
	next    time.Time
	pause   time.Duration
}

// An Attempt is the permission to ask the host once. Exactly one of three
// methods ends it: [Attempt.Answered], [Attempt.Failed] or [Attempt.Dropped].
// Further calls do nothing.
type Attempt[S any] struct {
	breaker *Breaker[S]
	ended   bool
}

// Enter waits until an attempt makes sense. It calls waiting before it waits
// for a probe. The error is an [*Outage], or the context's cause.
func (b *Breaker[S]) Enter(ctx context.Context, waiting func()) (*Attempt[S], error) {
	for {
		attempt, settled, err := b.enter()
		if settled == nil {
			return attempt, err
		}
		waiting()
		select {
		case <-settled:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// enter returns an attempt, or the end of the probe to wait for, or the outage.
func (b *Breaker[S]) enter() (*Attempt[S], <-chan struct{}, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	attempt := &Attempt[S]{breaker: b}
	switch {
	case b.outage == nil:
		return attempt, nil, nil
	case b.probe != nil:
		return nil, b.settled, nil
	case time.Now().Before(b.next):
		return nil, nil, b.outage
	}
	b.probe, b.settled = attempt, make(chan struct{})
	return attempt, nil, nil
}

// settle ends the wait for the probe. The caller holds the lock.
func (b *Breaker[S]) settle() {
	if b.probe != nil {
		b.probe = nil
		close(b.settled)
	}
}

// Answered says that the host has answered.
func (a *Attempt[S]) Answered() {
	a.end(func(b *Breaker[S]) {
		b.answered, b.outage = time.Now(), nil
		b.settle()
	})
}

// Failed says that the host has not answered, and what was seen instead. If it
// returns an outage, the fetch must not try again.
func (a *Attempt[S]) Failed(seen S) (known *Outage[S]) {
	a.end(func(b *Breaker[S]) {
		if b.outage == nil {
			return
		}
		known = &Outage[S]{Since: b.outage.Since, Seen: seen}
		if b.probe == a {
			b.outage = known
			b.pause = min(max(firstPause, 2*b.pause), longestPause)
			b.next = time.Now().Add(b.pause)
			b.settle()
		}
	})
	return known
}

// Dropped says that the attempt was not made, or that its end tells nothing
// about the host. If it was the probe, the next fetch makes it.
func (a *Attempt[S]) Dropped() {
	a.end(func(b *Breaker[S]) {
		if b.probe == a {
			b.settle()
		}
	})
}

func (a *Attempt[S]) end(note func(*Breaker[S])) {
	a.breaker.mu.Lock()
	defer a.breaker.mu.Unlock()
	if !a.ended {
		a.ended = true
		note(a.breaker)
	}
}

// UsedUp says that a fetch has no attempt left, when it began, and how its last
// attempt failed.
func (b *Breaker[S]) UsedUp(began time.Time, seen S) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.outage == nil && !b.answered.After(began) {
		b.outage, b.next, b.pause = &Outage[S]{Since: began, Seen: seen}, time.Time{}, 0
	}
}
