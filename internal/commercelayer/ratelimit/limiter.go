// Package ratelimit sends a request only when the API has room for it, so that
// requests wait instead of being refused.
//
// The API limits how many requests it accepts from one IP address. It counts
// them in two sliding windows: a short one, the burst, and a long one, the
// average. A [Limiter] makes reservations in the windows: [Limiter.Reserve]
// waits for a [Reservation] for one request, and the Reservation is told how
// the request ended. Other programs may send requests from the same IP address.
// They are called neighbours here. Each file can be read by itself:
//   - windows.go: the exact count of what this process sends
//   - neighbours.go: the estimate of what the neighbours send
//   - refusal.go: the pause after the API has refused a request with 429
//   - futile.go: when further waiting makes no sense
//   - answer.go: the rate limit headers of an answer
//   - queue.go: which callers wait, and what they wait for
//   - limiter.go: puts the parts together
package ratelimit

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"sync"
	"time"
)

// A Limiter makes reservations in the API's two windows, in the order in which
// callers ask for them. An answer, a timer or new limits may make room. Each of
// these events calls dispatch. It grants all reservations for which there is
// room and tells the remaining callers what they wait for.
type Limiter struct {
	mu     sync.Mutex
	limits Limits
	// learned is set once an answer has told the limits. Assume changes nothing
	// after that.
	learned bool

	own        sent
	neighbours neighbours
	refusal    refusal
	givenUp    givenUp
	queue      queue

	// scouted is set once a request was answered or lost. Until then only a few are
	// sent, because the first answer tells the limits.
	scouted bool

	// timer calls dispatch when the obstacle should be over.
	timer *time.Timer
	// jitter returns a random fraction in [0, 1).
	jitter func() float64
}

// New returns a Limiter with the given limits.
func New(limits Limits) *Limiter {
	return &Limiter{limits: limits, jitter: rand.Float64}
}

// Assume replaces the limits, unless an answer has already told them.
func (l *Limiter) Assume(limits Limits) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.learned {
		l.limits = limits
		l.dispatch(time.Now())
	}
}

// Price estimates how much one more request would delay the requests after it.
// It is at most the time in which the average window makes room for one
// request. It is hardly more than 0 while the windows are half empty, since a
// run then most likely ends before they are full. A group of readers can save a
// request if it waits for another reader. It should not wait longer than Price.
func (l *Limiter) Price() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	each := float64(l.limits.AverageInterval) / float64(l.limits.Average)
	return time.Duration(each * math.Pow(max(l.burst(now).share(), l.average(now).share()), 3))
}

// Reserve waits until there is room and reserves it. Callers are served in the
// order in which they came.
//
// If there is no room at once, Reserve calls waiting (which may be nil) with
// what it waits for, and again with each change. The limiter is locked during
// the call: waiting must be quick and must not use the limiter.
//
// The error is the context's cause, or [ErrFutile].
func (l *Limiter) Reserve(ctx context.Context, waiting func(Reason)) (*Reservation, error) {
	if err := ctx.Err(); err != nil {
		return nil, context.Cause(ctx)
	}
	w := l.join(ctx, waiting)
	select {
	case <-w.decided:
	case <-ctx.Done():
		l.leave(w, context.Cause(ctx))
	}
	return w.reservation, w.err
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

// leave ends a wait with the context's error. A reservation that was granted at
// the same moment is canceled, because nobody will use it.
func (l *Limiter) leave(w *waiter, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if l.queue.remove(w) {
		if errors.Is(err, context.DeadlineExceeded) {
			l.givenUp.note(w, now)
		}
	} else if w.reservation != nil {
		l.giveBack(w.reservation)
		w.reservation = nil
	}
	w.err = err
	l.dispatch(now)
}

// dispatch grants reservations until the queue is empty or there is an
// obstacle. Then it tells all waiters the obstacle of the first one: they wait
// for the same.
func (l *Limiter) dispatch(now time.Time) {
	l.own.prune(now, l.limits.longest()+windowSlack)
	l.neighbours.prune(now, l.limits.longest()+windowSlack)
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

// obstacle tells why no request may be sent now. Its reason is 0 if one may be
// sent.
func (l *Limiter) obstacle(now time.Time) obstacle {
	switch {
	case !l.scouted && len(l.own.flying) >= l.scouts():
		return obstacle{reason: FirstAnswer}
	case l.refusal.probe != nil:
		return obstacle{reason: Refusal}
	}
	until, known := l.roomAt(now)
	o := obstacle{reason: Window, until: until}
	if l.refusal.rounds > 0 {
		// All waiting comes from the refusal until a probe is accepted.
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

// roomAt returns the time at which both windows have room for one more request,
// which is now or later. It returns false if that depends on answers that have
// not come yet.
func (l *Limiter) roomAt(now time.Time) (time.Time, bool) {
	burst, known1 := l.burst(now).roomAt(now)
	average, known2 := l.average(now).roomAt(now)
	if average.After(burst) {
		burst = average
	}
	return burst, known1 && known2 && !l.crowded(now)
}

// burst returns the burst window. If it holds requests of neighbours, its limit
// is lowered by a margin, since the neighbours may send more before an answer
// tells of it.
func (l *Limiter) burst(now time.Time) window {
	w := l.window(now, l.limits.Burst, l.limits.BurstInterval)
	if len(w.neighbours) > 0 {
		w.limit = max(1, w.limit-l.neighbours.margin(w.limit))
	}
	return w
}

// crowded tells whether to wait for answers before more is sent. While
// neighbours use the burst window too, the requests under way must stay below a
// quarter of the room that is left. Their answers tell what the neighbours have
// sent meanwhile.
func (l *Limiter) crowded(now time.Time) bool {
	w := l.window(now, l.limits.Burst, l.limits.BurstInterval)
	return len(w.neighbours) > 0 && w.flying > 0 && w.flying >= (w.limit-w.used())/4
}

func (l *Limiter) average(now time.Time) window {
	return l.window(now, l.limits.Average, l.limits.AverageInterval)
}

func (l *Limiter) window(now time.Time, limit int, interval time.Duration) window {
	interval += windowSlack
	return window{
		limit:      limit,
		interval:   interval,
		flying:     len(l.own.flying),
		own:        l.own.endedWithin(now, interval),
		neighbours: l.neighbours.within(now, interval),
	}
}

// scouts is how many requests may be sent before the first answer tells how
// much of the limits is used. So few would hardly be missed.
func (l *Limiter) scouts() int { return max(1, l.limits.Burst/8) }

// take makes a reservation. The first request after a refusal goes alone. It
// tells whether more may follow.
func (l *Limiter) take(now time.Time) *Reservation {
	p := &Reservation{limiter: l, taken: now}
	if l.refusal.rounds > 0 {
		l.refusal.probe = p
	}
	l.own.begin(p)
	return p
}

// lookAgain sets the timer to the time at. A zero time stops the timer.
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

func (l *Limiter) giveBack(p *Reservation) {
	if l.own.cancel(p) {
		l.unblock(p)
	}
}

// unblock lets other requests go again if they waited for the answer to p.
func (l *Limiter) unblock(p *Reservation) {
	if l.refusal.probe == p {
		l.refusal.probe = nil
	}
}

// learn takes the limits from an answer, and what the neighbours have sent.
func (l *Limiter) learn(p *Reservation, a Answer, now time.Time) {
	if a.Limit == 0 {
		return
	}
	l.limits = l.limits.withAverage(a.Limit, a.Interval)
	l.learned = true
	if a.Remaining >= 0 {
		l.neighbours.observe(&l.own, p, now, a.Limit-a.Remaining, l.limits)
	}
}
