package ratelimit

import (
	"errors"
	"time"
)

// ErrFutile is the error of a reader that would wait in vain: another has
// waited out its whole deadline for the same refusal, or for the same window,
// and nothing has been accepted since.
var ErrFutile = errors.New("the API's rate limit leaves no room: a read has waited for it until its deadline already")

// givenUp remembers what a reader has waited for until its deadline. The next
// accepted answer clears it. Without it a run of hundreds of reads against an
// API that refuses without end would wait for hundreds of deadlines.
type givenUp struct {
	refusal, window bool
}

// note takes down that a waiter's deadline has passed. It counts only if the
// waiter waited for nothing else to speak of: an eighth of its time.
func (g *givenUp) note(w *waiter, now time.Time) {
	if other := w.since.Sub(w.came); other > now.Sub(w.came)/8 {
		return
	}
	switch w.reason {
	case Refusal:
		g.refusal = true
	case Window:
		g.window = true
	case FirstAnswer: // comes or is lost, soon
	}
}

func (g *givenUp) any() bool { return g.refusal || g.window }

// futile tells whether a waiter that came after another gave up would wait in
// vain. It must not fail one that has a chance:
//   - While a request is under way, its answer may change everything.
//   - A pause, or a full window, that is over before the waiter's deadline is
//     waited for. But the second pause in a row is no promise any more: then
//     the waiter must have more time left, by an eighth, than the API has been
//     refusing for.
//   - Once a pause is over there is no obstacle: who comes then is the probe.
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
