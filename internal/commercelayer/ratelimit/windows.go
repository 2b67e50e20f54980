package ratelimit

import (
	"slices"
	"sort"
	"time"
)

// This file keeps the exact count of what this process sends. The API counts a
// request at some moment after it was sent and before its answer arrives. This
// process can't know that moment. So a request keeps its room in a window from
// the moment it is sent until one interval after its answer.
//
// Then no span of one interval holds more requests than the limit, however long
// each request takes. The reason: take any limit+1 requests. When the last of
// them was sent, at least one of the earlier ones had left the window. That
// request had been answered a whole interval before, so the API had counted it
// even earlier.

// windowSlack makes each window a little longer than the API's. The API's clock
// and this machine's may drift apart by that much within a minute.
const windowSlack = 10 * time.Millisecond

// sent holds the requests of this process that may still count in a window.
type sent struct {
	// flying are the requests that have a reservation and have not ended.
	flying []*Reservation
	// ended are the answered and the lost requests, in the order of their ends.
	ended []*Reservation
}

func (s *sent) begin(p *Reservation) { s.flying = append(s.flying, p) }

// end moves a request from flying to ended. It returns false if the request had
// ended before.
func (s *sent) end(p *Reservation, now time.Time) bool {
	if !s.cancel(p) {
		return false
	}
	p.done = now
	s.ended = append(s.ended, p)
	return true
}

// cancel removes a request that was never sent. It returns false if the request
// is not flying.
func (s *sent) cancel(p *Reservation) bool {
	i := slices.Index(s.flying, p)
	if i < 0 {
		return false
	}
	s.flying = slices.Delete(s.flying, i, i+1)
	return true
}

// endedWithin returns the requests that ended less than an interval ago.
func (s *sent) endedWithin(now time.Time, interval time.Duration) []*Reservation {
	before := now.Add(-interval)
	return s.ended[sort.Search(len(s.ended), func(i int) bool { return s.ended[i].done.After(before) }):]
}

// prune removes the requests that have left both windows. A request stays a
// little longer if it was in a window when a flying request was taken: the
// answer to the flying request may count it, and observe compares the two.
func (s *sent) prune(now time.Time, longest time.Duration) {
	oldest := now
	for _, p := range s.flying {
		if p.taken.Before(oldest) {
			oldest = p.taken
		}
	}
	gone := len(s.ended) - len(s.endedWithin(oldest, longest))
	s.ended = slices.Delete(s.ended, 0, gone)
}

// A window is the state of one of the API's two windows at one moment.
type window struct {
	limit    int
	interval time.Duration
	// flying and own are requests of this process: under way, and ended within the
	// interval.
	flying int
	own    []*Reservation
	// neighbours are the estimated times of the neighbours' requests.
	neighbours []time.Time
}

func (w window) used() int { return w.flying + len(w.own) + len(w.neighbours) }

// share is the used part of the window, between 0 and 1.
func (w window) share() float64 { return min(1, float64(w.used())/float64(w.limit)) }

// roomAt returns the time at which the window has room for one more request,
// which is now or later. It returns false if that depends on answers that have
// not come yet.
func (w window) roomAt(now time.Time) (time.Time, bool) {
	own, neighbours, at := w.own, w.neighbours, now
	for range w.used() - w.limit + 1 {
		// Both lists are in the order of time. The earliest entry of the two leaves
		// first.
		switch {
		case len(own) > 0 && (len(neighbours) == 0 || own[0].done.Before(neighbours[0])):
			at, own = own[0].done.Add(w.interval), own[1:]
		case len(neighbours) > 0:
			at, neighbours = neighbours[0].Add(w.interval), neighbours[1:]
		default:
			return time.Time{}, false
		}
	}
	return at, true
}
