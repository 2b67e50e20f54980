package ratelimit

import (
	"slices"
	"time"
)

// neighbours is the estimate of what others behind the same IP have sent.
type neighbours struct {
	// seen are the times at which their requests were noticed, in order.
	seen []time.Time
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
func (n *neighbours) observe(own *sent, p *Place, now time.Time, used int, interval time.Duration) {
	possible, certain := len(own.flying), 0
	for _, o := range own.ended {
		if p.taken.Sub(o.done) >= interval+windowSlack {
			continue // had left the window by then
		}
		possible++
		answered := o == p || !o.done.After(p.taken)
		// Whether the API counts what it refuses is not documented.
		if answered && !o.refused && now.Sub(o.taken) < interval {
			certain++
		}
	}
	least, most := min(max(0, used-possible), maxNeighbours), max(0, used-certain)
	for len(n.seen) < least {
		// When they were sent is not said: at the latest now.
		n.seen = append(n.seen, now)
	}
	if len(n.seen) > most {
		n.seen = slices.Delete(n.seen, 0, len(n.seen)-most)
	}
}
