package gather

import "time"

// maxWait is the longest time that the pace makes a group wait. A reader that
// comes later than that belongs to another wave.
const maxWait = 100 * time.Millisecond

// A pace is how soon readers follow each other. On a busy machine it is slower.
type pace struct {
	// stirred is when a reader came or was answered the last time.
	stirred time.Time
	// gap is the longest time lately until the next reader came.
	gap time.Duration
	// fetch is how long the last fetch took.
	fetch time.Duration
}

// came notes that a reader comes.
func (p *pace) came(now time.Time) {
	if !p.stirred.IsZero() {
		p.gap = max(p.gap, now.Sub(p.stirred))
	}
	p.stirred = now
}

// began notes that a fetch begins. The readers so far count for less then.
func (p *pace) began() { p.gap /= 2 }

// answered notes that readers are answered, by a fetch that began at that time.
func (p *pace) answered(began, now time.Time) { p.fetch, p.stirred = now.Sub(began), now }

// wait returns how long the next reader of a wave may take: three times as long
// as the ones before it, or half of what a fetch takes. A reader whose fetch
// began a little later comes back a little later, too.
func (p *pace) wait() time.Duration { return min(max(3*p.gap, p.fetch/2), maxWait) }
