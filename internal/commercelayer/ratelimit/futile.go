package ratelimit

import (
	"errors"
	"time"
)

// ErrFutile is the error of a request for which waiting makes no sense. An
// earlier one has waited until its deadline, for the same refusal or for the
// same window, and the API has accepted nothing since.
var ErrFutile = errors.New("the API's rate limit leaves no room: a read has waited for it until its deadline already")

// givenUp remembers what a request has waited for until its deadline. The next
// accepted answer clears it. Without this memory, hundreds of reads would each
// wait for their whole deadline while the API refuses everything.
type givenUp struct {
	refusal, window bool
}

// note remembers that a waiter's deadline has passed. It counts only if the
// waiter spent at least seven eighths of its time on its last reason.
func (g *givenUp) note(w *waiter, now time.Time) {
	if before := w.since.Sub(w.came); before > now.Sub(w.came)/8 {
		return
	}
	switch w.reason {
	case Refusal:
		g.refusal = true
	case Window:
		g.window = true
	case FirstAnswer: // proves nothing: the first requests end soon by themselves
	}
}

func (g *givenUp) any() bool { return g.refusal || g.window }

// futile tells whether a waiter has no chance, if it came after another one
// gave up. A waiter that may still have a chance must not fail:
//   - While a request is under way, its answer may change everything.
//   - If the cool-down ends, or the window has room, before the waiter's
//     deadline, the waiter waits for it.
//   - From the second refusal in a row, the end of the cool-down promises
//     nothing any more. Then the waiter needs more time until its deadline than
//     the API has been refusing for, by an eighth.
//   - After the cool-down there is no obstacle. A waiter that comes then is the
//     probe.
func (l *Limiter) futile(w *waiter, o obstacle, now time.Time) bool {
	deadline, bounded := w.ctx.Deadline()
	if !w.late || !bounded || o.until.IsZero() || len(l.own.flying) > 0 {
		return false
	}
	tooLate := !o.until.Before(deadline)
	switch o.reason {
	case Window:
		return l.givenUp.window && tooLate
	case Refusal:
		refusing := now.Sub(l.refusal.began)
		again := l.refusal.rounds > 1 && deadline.Sub(now) <= refusing+refusing/8
		return l.givenUp.refusal && (tooLate || again)
	case FirstAnswer:
	}
	return false
}
