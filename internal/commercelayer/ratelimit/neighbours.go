package ratelimit

import (
	"slices"
	"sort"
	"time"
)

// neighbours estimates the requests that other programs have sent from the same
// IP address. The API tells only how many requests it has counted in all.
type neighbours struct {
	// seen holds the estimated time of each request, in order.
	seen []time.Time
	// looked is when the last estimate was made, and fresh is how many requests
	// were new in it.
	looked time.Time
	fresh  int
}

// maxNeighbours bounds the memory of the estimate, since a header may tell of
// up to maxLimit requests.
const maxNeighbours = 10_000

// within returns the requests that were sent less than an interval ago.
func (n *neighbours) within(now time.Time, interval time.Duration) []time.Time {
	before := now.Add(-interval)
	return n.seen[sort.Search(len(n.seen), func(i int) bool { return n.seen[i].After(before) }):]
}

func (n *neighbours) prune(now time.Time, longest time.Duration) {
	n.seen = slices.Delete(n.seen, 0, len(n.seen)-len(n.within(now, longest)))
}

// observe corrects the estimate with the answer to p. The API had counted used
// requests in the average window at some moment after p was taken. Requests of
// this process that had been answered before are surely among them (certain).
// Requests that were under way meanwhile may be among them (possible counts
// both). So the neighbours have sent at least used-possible and at most
// used-certain.
func (n *neighbours) observe(own *sent, p *Reservation, now time.Time, used int, limits Limits) {
	ended := own.endedWithin(p.taken, limits.AverageInterval) // the others had left the window before p was sent
	possible, certain := len(own.flying)+len(ended), 0
	for _, o := range ended {
		answered := o == p || !o.done.After(p.taken)
		// Whether the API counts a request that it refuses is not documented.
		if answered && !o.refused && now.Sub(o.taken) < limits.AverageInterval {
			certain++
		}
	}
	least, most := min(max(0, used-possible), maxNeighbours), max(0, used-certain)
	n.note(now, max(0, least-len(n.seen)), limits.BurstInterval+windowSlack)
	n.seen = slices.Delete(n.seen, 0, max(0, len(n.seen)-most))
}

// note adds requests that were not known before. The API does not say when they
// were sent. If the last estimate is older than the burst window is long, a
// part of them has left the burst window already. That part is calculated as if
// the requests had been sent at even distances. For the rest the time is now,
// which is the latest possible, so that this process sends nothing too early.
func (n *neighbours) note(now time.Time, fresh int, burst time.Duration) {
	left := 0
	if since := now.Sub(n.looked); !n.looked.IsZero() && since > burst {
		left = int(float64(fresh) * float64(since-burst) / float64(since))
	}
	for i := range fresh {
		at := now
		if i < left {
			at = now.Add(-burst)
		}
		n.seen = append(n.seen, at)
	}
	n.looked, n.fresh = now, fresh
}

// margin is the part of the burst window's limit that is left to the
// neighbours. Nobody can know in time what they send between two answers. So
// they are expected to send as many as between the last two answers, but at
// most an eighth of the limit. A larger margin would slow down two plans in a
// row: the first plan's requests are a neighbour's to the second plan, although
// no more of them follow.
func (n *neighbours) margin(limit int) int { return min(n.fresh, limit/8) }
