package ratelimit

import (
	"slices"
	"time"
)

// The windows are exact for what this process sends. The API counts a request
// at some moment between its sending and its answer, and nobody knows which. So
// a request has its place in a window from the moment at which it is sent until
// an interval after its answer came. Then no span of an interval can hold more
// requests than the limit, however long each of them takes: of any limit+1
// requests, the one that was sent last was sent when at least one other had
// been answered for an interval or longer.

// windowSlack widens each window by what the API's clock may differ in a minute
// from ours.
const windowSlack = 10 * time.Millisecond

// sent is what this process has sent and what still has a place in a window.
type sent struct {
	// flying are the requests under way.
	flying []*Place
	// ended are those that have come to their end, in the order of their ends.
	ended []*Place
}

func (s *sent) begin(p *Place) { s.flying = append(s.flying, p) }

// end moves a request from those under way to those that have ended. It is
// false if the request had ended before.
func (s *sent) end(p *Place, now time.Time) bool {
	if !s.cancel(p) {
		return false
	}
	p.done = now
	s.ended = append(s.ended, p)
	return true
}

// cancel forgets a request that was never sent.
func (s *sent) cancel(p *Place) bool {
	i := slices.Index(s.flying, p)
	if i < 0 {
		return false
	}
	s.flying = slices.Delete(s.flying, i, i+1)
	return true
}

// leaving returns the ends of the requests that have ended within the interval.
func (s *sent) leaving(now time.Time, interval time.Duration) []*Place {
	i, _ := slices.BinarySearchFunc(s.ended, now.Add(-interval), func(p *Place, at time.Time) int {
		if p.done.After(at) {
			return 1
		}
		return -1
	})
	return s.ended[i:]
}

// prune forgets the requests that have left both windows. Those are kept that a
// request under way may have been counted with: its answer speaks of them.
func (s *sent) prune(now time.Time, longest time.Duration) {
	oldest := now
	for _, p := range s.flying {
		if p.taken.Before(oldest) {
			oldest = p.taken
		}
	}
	gone := len(s.ended) - len(s.leaving(oldest, longest))
	s.ended = slices.Delete(s.ended, 0, gone)
}

// A window is one of the API's two, with everything that counts in it now.
type window struct {
	limit    int
	interval time.Duration
	flying   int
	own      []*Place
	others   []time.Time
}

func (w window) used() int { return w.flying + len(w.own) + len(w.others) }

// share is the used part of the window, from 0 to 1.
func (w window) share() float64 { return min(1, float64(w.used())/float64(w.limit)) }

// roomAt tells when the window has room for one more: now, or later. It is
// false if that depends on answers that are still to come.
func (w window) roomAt(now time.Time) (time.Time, bool) {
	own, others, at := w.own, w.others, now
	for range w.used() - w.limit + 1 {
		// Both lists are in the order of time: the older first one leaves next.
		switch {
		case len(own) > 0 && (len(others) == 0 || own[0].done.Before(others[0])):
			at, own = own[0].done.Add(w.interval), own[1:]
		case len(others) > 0:
			at, others = others[0].Add(w.interval), others[1:]
		default:
			return time.Time{}, false
		}
	}
	return at, true
}
