// Package gather lets readers that wait at the same time share one fetch. It
// does not know what is fetched: a [Gatherer] is given a function that fetches
// the values of several keys at once. The keys of one fetch are a group.
//
// # When a group closes
//
// The CLI reads in waves: a reader that gets its answer is soon followed by the
// next reader. So a group expects as many keys as were lately waited for at the
// same time. While the group has fewer keys, it waits for more. Each new reader
// and each answered reader starts this wait again. It ends when the next reader
// takes three times as long as the ones before it lately took. It lasts half of
// the time of a fetch at least, so that readers of two fetches come together
// again, and 100 ms at most. If the caller's Price is higher, it counts
// instead: what one fetch less is worth at that moment. Once so many have come,
// a short linger finds out whether more come. A group that is full does not
// wait. Then the fetch begins. It may have to wait for its turn before it
// closes the group, and readers that come until then still join.
package gather

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// linger is how long a complete group waits for one more reader. It is longer
// than the time between readers that start together, and short compared with
// any request.
const linger = 2 * time.Millisecond

// ErrMissing is the error of a key for which the fetch returned no value.
var ErrMissing = errors.New("the fetch has no value for the key")

// A PanicError is the error of all readers of a fetch that panicked. Without it
// the panic would end the process and all other reads.
type PanicError struct {
	// Value is what recover returned. It may hold anything that was in memory, so
	// [PanicError.Error] does not show it.
	Value any
}

// Error implements error.
func (e *PanicError) Error() string { return "a panic was caught" }

// A Fetch gets the values of a group's keys. It calls closeGroup once, as late
// as it can, because readers can join until then. closeGroup returns the keys
// that readers still wait for: at most Size, and perhaps none.
//
// The context's deadline is the latest deadline of all readers. The context
// ends when the last reader has given up, and its cause is that reader's error.
//
// If Fetch returns an error, all readers get it. A reader whose key has no
// value gets [ErrMissing].
type Fetch[K comparable, V, P any] func(ctx context.Context, progress P, closeGroup func() []K) (map[K]V, error)

// A Config says how a [Gatherer] works.
type Config[K comparable, V, P any] struct {
	// Size is the largest number of keys in one fetch. With a Size of 1 a group
	// never waits, and needs no Price.
	Size int
	// Price returns how long it is worth to wait for one more reader, as things
	// stand now.
	Price func() time.Duration
	// Progress makes the value in which a fetch notes how far it has come. It is
	// called once per fetch. Each reader of the fetch gets the value from
	// [Gatherer.Get].
	Progress func() P
	// Fetch gets the values.
	Fetch Fetch[K, V, P]
}

// A Gatherer answers readers by key. Readers of the same key share its value.
// Readers of different keys share a fetch. A value is not kept after its
// readers have it.
type Gatherer[K comparable, V, P any] struct {
	config Config[K, V, P]

	mu sync.Mutex
	// calls holds each key that readers wait for.
	calls map[K]*call[K, V, P]
	// open is the group that new keys join. It is nil if there is none.
	open *group[K, V, P]
	// expected is how many keys are expected to be waited for at the same time.
	expected int
	pace     pace
}

// A call is one key and its readers. The Gatherer's lock guards it.
type call[K comparable, V, P any] struct {
	group   *group[K, V, P]
	readers int
}

// A fetchContext is the context of a fetch. It has the values of the first
// reader's context, for the log. It does not end with that context, because the
// other readers go on. It ends when the last reader has given up, and its cause
// is that reader's error. Its deadline is the latest of all readers.
type fetchContext struct {
	context.Context

	mu sync.Mutex
	// latest is the latest deadline of the readers so far.
	latest time.Time
	// endless is set if a reader has no deadline.
	endless bool
}

// Deadline implements [context.Context].
func (c *fetchContext) Deadline() (time.Time, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.latest, !c.endless
}

// serve takes the deadline of one more reader into account.
func (c *fetchContext) serve(reader context.Context) {
	c.mu.Lock()
	defer c.mu.Unlock()
	deadline, ok := reader.Deadline()
	c.endless = c.endless || !ok
	if deadline.After(c.latest) {
		c.latest = deadline
	}
}

// A group holds the keys of one fetch.
type group[K comparable, V, P any] struct {
	ctx      *fetchContext
	cancel   context.CancelCauseFunc
	progress P
	// keys holds the keys that have readers, in the order in which they came. The
	// Gatherer's lock guards it.
	keys []K
	// began is when the group was closed.
	began time.Time
	// stirred tells the waiting group that a reader came or was answered.
	stirred chan struct{}
	// done is closed once values and err may be read.
	done   chan struct{}
	values map[K]V
	err    error
}

// New returns a Gatherer.
func New[K comparable, V, P any](config Config[K, V, P]) *Gatherer[K, V, P] {
	return &Gatherer[K, V, P]{config: config, calls: map[K]*call[K, V, P]{}}
}

// Get returns the value of the key, and the progress of the fetch that it
// waited for. If the context ends first, the error is the context's. Otherwise
// it is the error of the fetch, [ErrMissing] or a [*PanicError].
func (g *Gatherer[K, V, P]) Get(ctx context.Context, key K) (V, P, error) {
	var none V
	joined := g.join(ctx, key)
	shared := joined.group
	select {
	case <-shared.done:
	case <-ctx.Done():
		g.leave(key, joined, ctx.Err())
		return none, shared.progress, ctx.Err()
	}
	if shared.err != nil {
		return none, shared.progress, shared.err
	}
	value, found := shared.values[key]
	if !found {
		return none, shared.progress, ErrMissing
	}
	return value, shared.progress, nil
}

// join adds a reader to the key's call, and the call to the open group.
func (g *Gatherer[K, V, P]) join(ctx context.Context, key K) *call[K, V, P] {
	g.mu.Lock()
	defer g.mu.Unlock()
	joined := g.calls[key]
	if joined == nil {
		if g.open == nil {
			g.open = newGroup[K, V](ctx, g.config.Progress())
			go g.run(g.open) //nolint:contextcheck // the group has a context of its own, made of this one
		}
		joined = &call[K, V, P]{group: g.open}
		g.calls[key] = joined
		g.pace.came(time.Now())
		g.expected = max(g.expected, len(g.calls))
		joined.group.keys = append(joined.group.keys, key)
		joined.group.stir()
		if len(joined.group.keys) == g.config.Size {
			g.open = nil
		}
	}
	joined.readers++
	joined.group.ctx.serve(ctx)
	return joined
}

func newGroup[K comparable, V, P any](ctx context.Context, progress P) *group[K, V, P] {
	opened := &group[K, V, P]{progress: progress, stirred: make(chan struct{}, 1), done: make(chan struct{})}
	open, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	opened.ctx, opened.cancel = &fetchContext{Context: open}, cancel
	return opened
}

// stir starts the group's wait again.
func (s *group[K, V, P]) stir() {
	select {
	case s.stirred <- struct{}{}:
	default: // a signal is pending already
	}
}

// leave takes a reader away, whose error is reason. A key without readers is
// dropped, and a group without keys is canceled.
func (g *Gatherer[K, V, P]) leave(key K, joined *call[K, V, P], reason error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-joined.group.done: // finish has dropped the key already
		return
	default:
	}
	if joined.readers--; joined.readers > 0 {
		return
	}
	delete(g.calls, key)
	abandoned := joined.group
	abandoned.keys = slices.DeleteFunc(abandoned.keys, func(other K) bool { return other == key })
	if len(abandoned.keys) == 0 {
		g.shut(abandoned)
		abandoned.cancel(reason)
	}
}

// run leads a group from its first reader to its values.
func (g *Gatherer[K, V, P]) run(opened *group[K, V, P]) {
	defer opened.cancel(nil)
	defer func() {
		if thrown := recover(); thrown != nil {
			opened.values, opened.err = nil, &PanicError{Value: thrown}
		}
		g.finish(opened)
	}()
	g.await(opened)
	if opened.err = opened.ctx.Err(); opened.err != nil {
		return // all readers have given up
	}
	opened.values, opened.err = g.config.Fetch(opened.ctx, opened.progress, func() []K { return g.closeGroup(opened) })
}

// await returns when the group no longer waits for readers.
func (g *Gatherer[K, V, P]) await(opened *group[K, V, P]) {
	for {
		quiet := g.quiet(opened)
		if quiet == 0 {
			return
		}
		select {
		case <-opened.stirred:
			continue
		case <-time.After(quiet):
			g.expectFewer()
		case <-opened.ctx.Done():
		}
		return
	}
}

// quiet returns how long the group waits if nothing happens. It returns 0 if the
// group is full.
func (g *Gatherer[K, V, P]) quiet(opened *group[K, V, P]) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open != opened {
		return 0 // full
	}
	if len(opened.keys) < g.expected {
		return max(linger, g.pace.wait(), g.config.Price())
	}
	return linger
}

// expectFewer makes the expected number smaller if fewer readers came than
// expected. It goes half of the way, because on a busy machine readers may only
// be late.
func (g *Gatherer[K, V, P]) expectFewer() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.expected = (g.expected + len(g.calls)) / 2
}

// closeGroup lets no more readers join, and returns the keys that have readers.
func (g *Gatherer[K, V, P]) closeGroup(opened *group[K, V, P]) []K {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut(opened)
	g.pace.began()
	opened.began = time.Now()
	return slices.Clone(opened.keys)
}

// shut lets no more readers join the group. The caller holds the lock.
func (g *Gatherer[K, V, P]) shut(opened *group[K, V, P]) {
	if g.open == opened {
		g.open = nil
	}
}

// finish hands out the result. The answered readers may be followed by new
// ones, so the open group starts its wait again.
func (g *Gatherer[K, V, P]) finish(opened *group[K, V, P]) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut(opened)
	for _, key := range opened.keys {
		delete(g.calls, key)
	}
	close(opened.done)
	if !opened.began.IsZero() {
		g.pace.answered(opened.began, time.Now())
	}
	if g.open != nil {
		g.open.stir()
	}
}
