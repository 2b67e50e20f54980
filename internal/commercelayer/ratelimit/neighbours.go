package ratelimit

import (
	"slices"
	"time"
)

// neighbours is the estimate of what others behind the same IP have sent.
type neighbours struct {
	// seen are the times at which their requests are taken to have been sent, in
	// order.
	seen []time.Time
	// looks counts the answers that told of them, looked is when the last came,
	// and fresh is how many requests it told of that were not known before.
	looks  int
	looked time.Time
	fresh  int
}

// maxNeighbours bounds what is believed: a window may hold a billion.
const maxNeighbours = 10_000

// within returns the requests of others that count in an interval.
func (n *neighbours) within(now time.Time, interval time.Duration) []time.Time {
	i, _ := slices.BinarySearchFunc(n.seen, now.Add(-interval), func(seen, at time.Time) int {
		if seen.After(at) {
			return 1
		}
		return -1
	})
	return n.seen[i:]
}

func (n *neighbours) prune(now time.Time, longest time.Duration) {
	n.seen = slices.Delete(n.seen, 0, len(n.seen)-len(n.within(now, longest)))
}

// observe corrects the number of requests that others have sent by how many the
// API had counted when it answered p. It did so at some moment since p was
// taken. So of our own requests those answered before are in the count, those
// sent meanwhile may be, and the others' number lies in between.
func (n *neighbours) observe(own *sent, p *Place, now time.Time, used int, limits Limits) {
	possible, certain := len(own.flying), 0
	for _, o := range own.ended {
		if p.taken.Sub(o.done) >= limits.AverageInterval+windowSlack {
			continue // had left the window by then
		}
		possible++
		answered := o == p || !o.done.After(p.taken)
		// Whether the API counts what it refuses is not documented.
		if answered && !o.refused && now.Sub(o.taken) < limits.AverageInterval {
			certain++
		}
	}
	least, most := min(max(0, used-possible), maxNeighbours), max(0, used-certain)
	n.note(now, max(0, least-len(n.seen)), limits.BurstInterval+windowSlack)
	if len(n.seen) > most {
		n.seen = slices.Delete(n.seen, 0, len(n.seen)-most)
	}
}

// note adds requests that were not known before. When they were sent is not
// said. If the last look was longer ago than the burst window is long, a part of
// them has left it: as many as if they had come evenly. The others are taken for
// sent just now, so that nothing is sent too early.
func (n *neighbours) note(now time.Time, fresh int, burst time.Duration) {
	left := 0
	if since := now.Sub(n.looked); n.looks > 0 && since > burst {
		left = int(float64(fresh) * float64(since-burst) / float64(since))
	}
	for i := range fresh {
		at := now
		if i < left {
			at = now.Add(-burst)
		}
		n.seen = append(n.seen, at)
	}
	n.looks++
	n.looked, n.fresh = now, fresh
}

// margin is how much of the burst window is left to the others. What they send
// between two answers can't be known in time, so as much is expected as they
// have sent between the last two, up to an eighth of the window. More would make
// the second of two plans in a row wait for nothing: the first one's requests are
// others' to it.
func (n *neighbours) margin(limit int) int { return min(n.fresh, limit/8) }
