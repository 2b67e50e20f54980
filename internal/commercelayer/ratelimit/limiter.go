// Package ratelimit sends a request only when the API has room for it, so that
// requests wait instead of being refused.
//
// The API accepts so many requests per source IP within two sliding windows. A
// [Limiter] gives out places in them: [Limiter.Reserve] waits for one, and the
// request's end is told to the [Place]. The parts can be read one at a time:
//   - windows.go: what this process sends, which is exact
//   - neighbours.go: the estimate of what others behind the same IP send
//   - refusal.go: what follows when the API refuses nevertheless
//   - futile.go: when waiting has no sense any more
//   - answer.go: what is read of an answer's headers
//   - queue.go: who waits, and what for
//   - limiter.go: puts them together
package ratelimit

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"
)

// A Limiter gives out places in the API's two windows, in the order in which
// they are asked for. Whatever may make room (an answer, a timer, other limits)
// leads to dispatch, which gives out as many places as there are and tells the
// rest what they wait for.
type Limiter struct {
	mu      sync.Mutex
	limits  Limits
	learned bool // answers have told the limits, which beats what was assumed

	own     sent
	others  neighbours
	refusal refusal
	givenUp givenUp
	queue   queue

	// scout is the first request of all while it is under way; scouted is set
	// once it has come to its end.
	scout   *Place
	scouted bool

	// timer looks again when the obstacle is to be over.
	timer *time.Timer
	// jitter returns a random fraction in [0, 1).
	jitter func() float64
}

// New returns a Limiter with the given limits.
func New(limits Limits) *Limiter {
	return &Limiter{limits: limits, jitter: rand.Float64}
}

// Assume replaces the limits, unless answers have told better.
func (l *Limiter) Assume(limits Limits) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.learned {
		l.limits = limits
		l.dispatch(time.Now())
	}
}

// Price is what one more request costs now: the time in which the average
// window makes room for one, times the used share of the fuller window. It is 0
// while the windows are empty. A group of readers that waits for company
// should not wait longer than this.
func (l *Limiter) Price() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	each := float64(l.limits.AverageInterval) / float64(l.limits.Average)
	return time.Duration(each * max(l.burst(now).share(), l.average(now).share()))
}

// Reserve waits for a place and takes it. Who comes first is served first.
//
// While it waits, it tells waiting (which may be nil) what for, at first and
// with each change; never if there is a place at once. The call comes while the
// limiter is locked: it must be quick and must not use the limiter.
//
// The error is the context's, or ErrFutile.
func (l *Limiter) Reserve(ctx context.Context, waiting func(Reason)) (*Place, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	w := l.join(ctx, waiting)
	select {
	case <-w.decided:
	case <-ctx.Done():
		l.leave(w, context.Cause(ctx))
	}
	return w.place, w.err
}

func (l *Limiter) join(ctx context.Context, waiting func(Reason)) *waiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	w := newWaiter(ctx, waiting, now)
	w.late = l.givenUp.any()
	l.queue = append(l.queue, w)
	l.dispatch(now)
	return w
}

// leave ends a wait with the context's error, also if a place has just been
// given out: nobody would use it.
func (l *Limiter) leave(w *waiter, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if l.queue.remove(w) {
		if errors.Is(err, context.DeadlineExceeded) {
			l.givenUp.note(w, now)
		}
	} else if w.place != nil {
		l.giveBack(w.place)
		w.place = nil
	}
	w.err = err
	l.dispatch(now)
}

// dispatch gives out places until the queue is empty or there is an obstacle.
// Those who stay are told what it is, the ones behind the first too: they wait
// for the same.
func (l *Limiter) dispatch(now time.Time) {
	l.own.prune(now, l.limits.longest()+windowSlack)
	l.others.prune(now, l.limits.longest()+windowSlack)
	var o obstacle
	for len(l.queue) > 0 {
		if o = l.obstacle(now); o.reason != 0 {
			break
		}
		l.queue.pop().grant(l.take(now))
	}
	var stay queue
	for _, w := range l.queue {
		if l.futile(w, o, now) {
			w.fail(ErrFutile)
			continue
		}
		w.waitFor(o.reason, now)
		stay = append(stay, w)
	}
	l.queue = stay
	l.lookAgain(now, o.until)
}

// obstacle tells why no request may be sent now.
func (l *Limiter) obstacle(now time.Time) obstacle {
	switch {
	case l.scout != nil:
		return obstacle{reason: FirstAnswer}
	case l.refusal.probe != nil:
		return obstacle{reason: Refusal}
	}
	until, known := l.roomAt(now)
	o := obstacle{reason: Window, until: until}
	if l.refusal.rounds > 0 {
		// Until a probe is accepted, all waiting comes from the refusal.
		o.reason = Refusal
		if l.refusal.until.After(until) {
			o.until = l.refusal.until
		}
	}
	switch {
	case !known:
		o.until = time.Time{}
	case !o.until.After(now):
		return obstacle{}
	}
	return o
}

// roomAt tells when both windows have room for one more: now, or later. It is
// false if that depends on answers that are still to come.
func (l *Limiter) roomAt(now time.Time) (time.Time, bool) {
	burst, known1 := l.burst(now).roomAt(now)
	average, known2 := l.average(now).roomAt(now)
	if average.After(burst) {
		burst = average
	}
	return burst, known1 && known2 && !l.crowded(now)
}

// burst leaves a margin to others as long as they are seen in the window.
func (l *Limiter) burst(now time.Time) window {
	w := l.window(now, l.limits.Burst, l.limits.BurstInterval)
	if len(w.others) > 0 {
		w.limit = max(1, w.limit-l.others.margin(w.limit))
	}
	return w
}

// crowded tells whether to let answers come in before sending more. As long as
// others use the burst window too, no more than a quarter of what is left of it
// is under way at a time: the answers tell what the others have sent meanwhile.
func (l *Limiter) crowded(now time.Time) bool {
	w := l.window(now, l.limits.Burst, l.limits.BurstInterval)
	return len(w.others) > 0 && w.flying > 0 && w.flying >= (w.limit-w.used())/4
}

func (l *Limiter) average(now time.Time) window {
	return l.window(now, l.limits.Average, l.limits.AverageInterval)
}

func (l *Limiter) window(now time.Time, limit int, interval time.Duration) window {
	interval += windowSlack
	return window{
		limit:    limit,
		interval: interval,
		flying:   len(l.own.flying),
		own:      l.own.leaving(now, interval),
		others:   l.others.within(now, interval),
	}
}

// take takes a place. The first request of all goes alone, and so does the
// first one after a refusal.
func (l *Limiter) take(now time.Time) *Place {
	p := &Place{limiter: l, taken: now}
	switch {
	case !l.scouted:
		l.scout = p
	case l.refusal.rounds > 0:
		l.refusal.probe = p
	}
	l.own.begin(p)
	return p
}

// lookAgain sets the timer; a zero time stops it.
func (l *Limiter) lookAgain(now, at time.Time) {
	switch {
	case len(l.queue) == 0 || at.IsZero():
		if l.timer != nil {
			l.timer.Stop()
		}
	case l.timer == nil:
		l.timer = time.AfterFunc(at.Sub(now), l.wake)
	default:
		l.timer.Reset(at.Sub(now))
	}
}

func (l *Limiter) wake() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dispatch(time.Now())
}

func (l *Limiter) release(p *Place) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.giveBack(p)
	l.dispatch(time.Now())
}

func (l *Limiter) giveBack(p *Place) {
	if l.own.cancel(p) {
		l.followed(p)
	}
}

// followed ends p's part as the one that others wait for.
func (l *Limiter) followed(p *Place) {
	if l.scout == p {
		l.scout = nil
	}
	if l.refusal.probe == p {
		l.refusal.probe = nil
	}
}

func (l *Limiter) lost(p *Place) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if !l.own.end(p, now) {
		return
	}
	l.scouted = true
	l.followed(p)
	l.dispatch(now)
}

func (l *Limiter) answered(p *Place, a Answer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if !l.own.end(p, now) {
		return
	}
	p.refused = a.Refused
	l.scouted = true
	l.followed(p)
	l.learn(p, a, now)
	if a.Refused {
		l.refuse(p, a, now)
	} else {
		l.refusal.accepted(p)
		l.givenUp = givenUp{}
	}
	l.dispatch(now)
}

// learn corrects the limits, and what others have sent, by an answer.
func (l *Limiter) learn(p *Place, a Answer, now time.Time) {
	if a.Limit < 1 || a.Interval <= 0 {
		return
	}
	l.limits = l.limits.withAverage(a.Limit, a.Interval)
	l.learned = true
	if a.Remaining >= 0 && a.Remaining <= a.Limit {
		l.others.observe(&l.own, p, now, a.Limit-a.Remaining, l.limits)
	}
}
