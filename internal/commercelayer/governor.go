package commercelayer

import (
	"context"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// The documented limits for reads of uncacheable resources, customers among
// them, per source IP and as sliding windows.
var (
	testLimits = Limits{Burst: 25, BurstInterval: 10 * time.Second, Average: 100, AverageInterval: time.Minute}
	liveLimits = Limits{Burst: 50, BurstInterval: 10 * time.Second, Average: 200, AverageInterval: time.Minute}
)

// Limits are two sliding windows: within any span of an interval the API
// accepts so many requests.
type Limits struct {
	Burst           int
	BurstInterval   time.Duration
	Average         int
	AverageInterval time.Duration
}

// limitsOf returns the limits of a mode; without one the stricter, test's.
func limitsOf(mode string) Limits {
	if mode == ModeLive {
		return liveLimits
	}
	return testLimits
}

const (
	// windowSlack widens each window by what the API's clock may differ in a
	// minute from ours.
	windowSlack = 10 * time.Millisecond
	// maxHold bounds how long one refusal holds the readers: the longer window.
	maxHold = time.Minute
	// maxLimit and maxForeign bound what is believed of the headers.
	maxLimit   = 1_000_000_000
	maxForeign = 10_000
	// minHold is the first hold after a refusal if nothing better is known.
	minHold = time.Second
)

// A Governor gives out places in both of the API's sliding windows, so that a
// request is sent only when there is room for it, and waits instead of being
// refused. It is exact for what this process sends: a place is taken before the
// request goes out and kept until an interval after its answer came, since the
// API has counted it at some moment between the two. What others behind the
// same IP send is learned from the headers of the answers. The first request
// goes alone for that: its answer tells the limits and how much of them is used.
type Governor struct {
	// turn is held by the one reader that waits for a place; the others queue
	// behind it in the order of their arrival.
	turn chan struct{}

	mu     sync.Mutex
	limits Limits
	// learned is set once an answer has told the limits: they beat the mode's.
	learned bool
	own     []*place
	// foreign are the times at which requests of others were seen, in order.
	foreign []time.Time
	// holdUntil keeps everybody waiting after a refusal. refusals counts the
	// rounds of refusals without a success in between, refusedAt is when the
	// last round began.
	holdUntil time.Time
	refusals  int
	refusedAt time.Time
	// probe is a request whose answer everybody waits for: the first one of
	// all, and the first one after a refusal.
	probe *place
	// scouted is set once the first request of all has come to its end.
	scouted bool
	// changed is closed and replaced when waiting may have become shorter.
	changed chan struct{}
	// longest is the longest time that a request has waited.
	longest time.Duration
	// jitter returns a random fraction in [0, 1).
	jitter func() float64
}

// A place in the windows belongs to one HTTP request.
type place struct {
	governor *Governor
	taken    time.Time
	// done is when the answer came; zero while it is awaited.
	done time.Time
	// refused is set if the answer was 429. Whether the API counts such
	// requests is not documented.
	refused bool
}

// NewGovernor returns a Governor with the given limits.
func NewGovernor(l Limits) *Governor {
	return &Governor{
		turn:    make(chan struct{}, 1),
		limits:  l,
		changed: make(chan struct{}),
		jitter:  rand.Float64,
	}
}

// SetLimits replaces the limits, unless answers have told better.
func (g *Governor) SetLimits(l Limits) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.learned && g.limits != l {
		g.limits = l
		g.notify()
	}
}

// reserve waits for a place and takes it. It returns how long it waited, and
// the context's error if that ended first. The place must be given back by
// settle or cancel.
func (g *Governor) reserve(ctx context.Context) (*place, time.Duration, error) {
	start := time.Now()
	defer func() { g.waited(time.Since(start)) }()
	select {
	case g.turn <- struct{}{}:
	default:
		select {
		case g.turn <- struct{}{}:
		case <-ctx.Done():
			return nil, time.Since(start), ctx.Err()
		}
	}
	defer func() { <-g.turn }()

	for {
		if err := ctx.Err(); err != nil {
			return nil, time.Since(start), err
		}
		p, wait, changed := g.take(time.Now())
		if p != nil {
			return p, time.Since(start), nil
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-changed:
			timer.Stop()
		case <-ctx.Done():
			timer.Stop()
		}
	}
}

func (g *Governor) waited(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.longest = max(g.longest, d)
}

func (g *Governor) longestWait() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.longest
}

// take takes a place if there is room now, or else tells how long to wait and
// what to listen to meanwhile.
func (g *Governor) take(now time.Time) (*place, time.Duration, <-chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.prune(now)
	if wait := g.waitTime(now); wait > 0 {
		return nil, wait, g.changed
	}
	p := &place{governor: g, taken: now}
	if g.refusals > 0 || !g.scouted {
		g.probe = p
	}
	g.own = append(g.own, p)
	return p, 0, nil
}

// waitTime is zero if a request may be sent now.
func (g *Governor) waitTime(now time.Time) time.Duration {
	if g.probe != nil || g.crowded(now) {
		return maxHold // until an answer notifies
	}
	return max(
		g.holdUntil.Sub(now),
		g.windowWait(now, g.burstLimit(now), g.limits.BurstInterval),
		g.windowWait(now, g.limits.Average, g.limits.AverageInterval),
		0,
	)
}

// burstLimit leaves a little of the burst to others once they have been seen:
// what they send between two answers can't be known in time.
func (g *Governor) burstLimit(now time.Time) int {
	if g.contended(now) {
		return max(1, g.limits.Burst-g.limits.Burst/8-1)
	}
	return g.limits.Burst
}

// contended tells whether others have been seen in the burst window.
func (g *Governor) contended(now time.Time) bool {
	return slices.ContainsFunc(g.foreign, func(at time.Time) bool { return now.Sub(at) < g.limits.BurstInterval })
}

// crowded tells whether to let answers come in before sending more. As long as
// others use the burst window too, no more than a quarter of what is left of it
// is in flight at a time: the answers tell what the others have sent meanwhile.
func (g *Governor) crowded(now time.Time) bool {
	if !g.contended(now) {
		return false
	}
	inFlight, used := 0, 0
	for _, p := range g.own {
		switch {
		case p.done.IsZero():
			inFlight++
			used++
		case now.Sub(p.done) < g.limits.BurstInterval:
			used++
		}
	}
	for _, at := range g.foreign {
		if now.Sub(at) < g.limits.BurstInterval {
			used++
		}
	}
	return inFlight > 0 && inFlight >= (g.limits.Burst-used)/4
}

// scarcity is the used part of the average window, from 0 to 1.
func (g *Governor) scarcity(now time.Time) float64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	used := 0
	for _, p := range g.own {
		if p.done.IsZero() || now.Sub(p.done) < g.limits.AverageInterval {
			used++
		}
	}
	for _, at := range g.foreign {
		if now.Sub(at) < g.limits.AverageInterval {
			used++
		}
	}
	return min(1, float64(used)/float64(g.limits.Average))
}

// windowWait tells when the window has room for one more.
func (g *Governor) windowWait(now time.Time, limit int, interval time.Duration) time.Duration {
	if len(g.own)+len(g.foreign) < limit {
		return 0
	}
	interval += windowSlack
	var ends []time.Time // when each counted request leaves the window
	for _, p := range g.own {
		switch {
		case p.done.IsZero():
			ends = append(ends, now.Add(interval)) // at the earliest
		case now.Sub(p.done) < interval:
			ends = append(ends, p.done.Add(interval))
		}
	}
	for _, at := range g.foreign {
		if now.Sub(at) < interval {
			ends = append(ends, at.Add(interval))
		}
	}
	if len(ends) < limit {
		return 0
	}
	slices.SortFunc(ends, time.Time.Compare)
	return ends[len(ends)-limit].Sub(now)
}

// prune forgets what has left both windows. What an answer that is still to
// come may have counted is kept.
func (g *Governor) prune(now time.Time) {
	longest := max(g.limits.AverageInterval, g.limits.BurstInterval) + windowSlack
	oldest := now
	for _, p := range g.own {
		if p.done.IsZero() && p.taken.Before(oldest) {
			oldest = p.taken
		}
	}
	g.own = slices.DeleteFunc(g.own, func(p *place) bool {
		return !p.done.IsZero() && oldest.Sub(p.done) >= longest
	})
	g.foreign = slices.DeleteFunc(g.foreign, func(at time.Time) bool {
		return now.Sub(at) >= longest
	})
}

// notify wakes the reader that waits for a place.
func (g *Governor) notify() {
	close(g.changed)
	g.changed = make(chan struct{})
}

// cancel gives back a place whose request was never sent.
func (p *place) cancel() {
	g := p.governor
	g.mu.Lock()
	defer g.mu.Unlock()
	g.own = slices.DeleteFunc(g.own, func(o *place) bool { return o == p })
	g.release(p)
}

// settle tells that the request was answered, or failed: header is nil and
// status 0 if no answer came, in which case the API may have counted it.
func (p *place) settle(status int, header http.Header) {
	g := p.governor
	now := time.Now()
	g.mu.Lock()
	defer g.mu.Unlock()
	p.refused = status == http.StatusTooManyRequests
	if status != 0 {
		g.learn(p, now, header)
	}
	p.done = now
	g.scouted = true
	switch {
	case p.refused:
		g.refused(p, now, header)
	case status != 0 && !p.taken.Before(g.refusedAt):
		// An answer to a request that was sent before the refusal says nothing.
		g.refusals, g.holdUntil = 0, time.Time{}
	}
	g.release(p)
}

// release ends p's part as a probe and wakes who waits.
func (g *Governor) release(p *place) {
	if g.probe == p {
		g.probe = nil
	}
	g.notify()
}

// learn corrects limits and use by what the answer to p says of the average
// window; the headers do not speak of the burst.
func (g *Governor) learn(p *place, now time.Time, header http.Header) {
	limit, ok1 := headerInt(header, "X-Ratelimit-Limit", 1, maxLimit)
	seconds, ok2 := headerInt(header, "X-Ratelimit-Interval", 1, 3600)
	remaining, ok3 := headerInt(header, "X-Ratelimit-Remaining", 0, maxLimit)
	if !ok1 || !ok2 {
		return
	}
	if interval := time.Duration(seconds) * time.Second; limit != g.limits.Average || interval != g.limits.AverageInterval {
		g.limits.Average, g.limits.AverageInterval = limit, interval
		g.limits.Burst = burstOf(g.limits)
	}
	g.learned = true
	if ok3 && remaining <= limit {
		g.observe(p, now, limit-remaining)
	}
}

// burstOf derives the burst limit from the average one. In every class and mode
// the burst may be half as fast again (documented: 25 in 10 s and 100 in 60 s,
// 50 and 200, 125 and 500).
func burstOf(l Limits) int {
	return max(1, int(1.5*float64(l.Average)*l.BurstInterval.Seconds()/l.AverageInterval.Seconds()))
}

// observe corrects the number of requests that others have sent by how many the
// API had counted when it answered p. It did so at some moment since p was
// taken, so that of our own requests those answered before are in the count,
// those sent meanwhile may be, and the others' number lies in between.
func (g *Governor) observe(p *place, now time.Time, used int) {
	g.prune(now)
	interval := g.limits.AverageInterval
	possible, certain := 0, 0
	for _, o := range g.own {
		if !o.done.IsZero() && p.taken.Sub(o.done) >= interval+windowSlack {
			continue // had left the window by then
		}
		possible++
		answered := o == p || !o.done.IsZero() && !o.done.After(p.taken)
		if answered && !o.refused && now.Sub(o.taken) < interval {
			certain++
		}
	}
	least, most := min(max(0, used-possible), maxForeign), max(0, used-certain)
	for len(g.foreign) < least {
		// When they were sent is not said: at the latest now.
		g.foreign = append(g.foreign, now)
	}
	if len(g.foreign) > most {
		g.foreign = g.foreign[len(g.foreign)-most:]
	}
}

// refused holds everybody until a window is expected to have room. The API does
// not say which window was full nor when it frees: it sends Retry-After: 0. If
// requests of our own are in the burst window, there is room when the first of
// them leaves it, at the latest if it was the burst; further refusals double
// the hold up to the longer window. A longer Retry-After is honoured, up to the
// same bound.
func (g *Governor) refused(p *place, now time.Time, header http.Header) {
	if g.refusals > 0 && p.taken.Before(g.refusedAt) {
		return // sent along with the one that began the hold: nothing new
	}
	hold := minHold
	if wait := g.oldestOwnLeaves(now); g.refusals == 0 && wait > 0 {
		hold = wait
	}
	for range min(g.refusals, 10) {
		hold *= 2
	}
	g.refusals++
	g.refusedAt = now
	hold += time.Duration(g.jitter() * float64(hold) / 4)
	if asked, ok := retryAfter(header, now); ok {
		hold = max(hold, asked)
	}
	if until := now.Add(min(hold, maxHold)); until.After(g.holdUntil) {
		g.holdUntil = until
	}
}

// oldestOwnLeaves tells when the first of the requests in the burst window,
// other than the refused one, leaves it; 0 if there is none.
func (g *Governor) oldestOwnLeaves(now time.Time) time.Duration {
	var oldest time.Duration
	for _, p := range g.own {
		if age := now.Sub(p.done); !p.done.IsZero() && age < g.limits.BurstInterval {
			oldest = max(oldest, age)
		}
	}
	if oldest == 0 {
		return 0
	}
	return g.limits.BurstInterval - oldest
}

func headerInt(header http.Header, name string, least, most int) (int, bool) {
	n, err := strconv.Atoi(header.Get(name))
	return n, err == nil && n >= least && n <= most
}

// retryAfter reads the Retry-After header in both of its forms (RFC 9110).
func retryAfter(header http.Header, now time.Time) (time.Duration, bool) {
	value := header.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil {
		return min(time.Duration(max(0, min(seconds, 1_000_000)))*time.Second, maxHold), true
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(0, at.Sub(now)), maxHold), true
	}
	return 0, false
}
