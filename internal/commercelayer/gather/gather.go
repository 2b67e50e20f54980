// Package gather lets readers that wait together share one fetch. It knows
// nothing of what is fetched: a [Gatherer] is handed a function that fetches the
// values of several keys at once.
//
// # When a group closes
//
// Readers come in waves: who has an answer soon asks the next question. So a
// group expects as many readers as were lately waiting at the same time, the
// crowd. As long as fewer are in it, it stays open until nobody has come, and
// nobody was answered, for as long as one more fetch is worth at that moment (the
// caller's Patience). Once the crowd is complete, a short linger finds out
// whether it has grown. A full group waits for nobody. After that the group's
// fetch begins, and whoever comes before the fetch closes the group, for example
// while it waits for its turn, still travels along.
package gather

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// linger is how long a group that is complete stays open for one more reader:
// longer than readers that start together need to come one after the other, and
// short beside any request.
const linger = 2 * time.Millisecond

// ErrMissing is what the readers of a key get that the fetch had no value for.
var ErrMissing = errors.New("the fetch has no value for the key")

// A PanicError is what readers get when the fetch panics: it would end the
// process, and with it every other read.
type PanicError struct {
	// Value is what was thrown. It may hold anything that was in memory, so
	// [PanicError.Error] tells its type alone.
	Value any
}

// Error implements error.
func (e *PanicError) Error() string { return fmt.Sprintf("a panic of the type %T was caught", e.Value) }

// Fetch gets the values of a group's keys. It calls closeGroup once, as late as
// it can: readers join until then. closeGroup returns the keys that somebody
// still waits for, at most Size of them and perhaps none. The context ends when
// the last reader has gone, and its cause is why that one did; its deadline is the
// latest of the readers. An error is every reader's; a key without a value has
// [ErrMissing].
type Fetch[K comparable, V, P any] func(ctx context.Context, progress P, closeGroup func() []K) (map[K]V, error)

// Config says how a [Gatherer] works.
type Config[K comparable, V, P any] struct {
	// Size is the largest number of keys of one fetch. A group of the size 1 waits
	// for nobody.
	Size int
	// Patience tells how long it is worth to wait for one more reader, as things
	// stand. Nil means never.
	Patience func() time.Duration
	// Progress makes the value in which a fetch notes how far it has come. It is
	// called once per fetch, and the value goes to each of its readers.
	Progress func() P
	// Fetch gets the values.
	Fetch Fetch[K, V, P]
}

// A Gatherer answers readers by key. Readers of one key share its value, readers
// of several keys share a fetch. Nothing is kept once they have it.
type Gatherer[K comparable, V, P any] struct {
	config Config[K, V, P]

	mu sync.Mutex
	// calls are the keys that somebody waits for.
	calls map[K]*call[K, V, P]
	// open is the group that takes new keys, or nil.
	open *group[K, V, P]
	// crowd is how many keys are expected to be waited for at the same time.
	crowd int
}

// A call is one key that readers wait for. The Gatherer's lock guards it.
type call[K comparable, V, P any] struct {
	group   *group[K, V, P]
	readers int
}

// A fetchContext is the context of a fetch. It has the values of its first reader's,
// for a log, but not its end: one reader's end must not be the others'. It ends
// when the last reader has gone, for that reader's reason. Its deadline is the
// latest of all readers.
type fetchContext struct {
	context.Context

	mu      sync.Mutex
	latest  time.Time
	endless bool
}

// Deadline implements [context.Context].
func (c *fetchContext) Deadline() (time.Time, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.latest, !c.endless
}

// serve notes the deadline of one more reader.
func (c *fetchContext) serve(reader context.Context) {
	c.mu.Lock()
	defer c.mu.Unlock()
	deadline, ok := reader.Deadline()
	c.endless = c.endless || !ok
	if deadline.After(c.latest) {
		c.latest = deadline
	}
}

// A group is the keys of one fetch.
type group[K comparable, V, P any] struct {
	ctx      *fetchContext
	cancel   context.CancelCauseFunc
	progress P
	// keys are those that have readers, in the order of their arrival. The
	// Gatherer's lock guards them.
	keys []K
	// stirred tells the waiting group that a reader came or was answered.
	stirred chan struct{}
	// done is closed when values and err may be read.
	done   chan struct{}
	values map[K]V
	err    error
}

// New returns a Gatherer.
func New[K comparable, V, P any](config Config[K, V, P]) *Gatherer[K, V, P] {
	return &Gatherer[K, V, P]{config: config, calls: map[K]*call[K, V, P]{}}
}

// Get returns the value of the key, and the progress of the fetch that it waited
// for. If the context ends first the error is the context's own.
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
		g.crowd = max(g.crowd, len(g.calls))
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

// stir wakes the group if it waits for company.
func (s *group[K, V, P]) stir() {
	select {
	case s.stirred <- struct{}{}:
	default: // it will look anyway
	}
}

// leave takes a reader away, and tells why. What nobody waits for is given up.
func (g *Gatherer[K, V, P]) leave(key K, joined *call[K, V, P], reason error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-joined.group.done: // finish has dropped it already
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

// run brings a group from its first reader to its values.
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
		return // nobody waits any more
	}
	opened.values, opened.err = g.config.Fetch(opened.ctx, opened.progress, func() []K { return g.closeGroup(opened) })
}

// await returns when the group need not wait for further readers.
func (g *Gatherer[K, V, P]) await(opened *group[K, V, P]) {
	for {
		quiet, incomplete := g.quiet(opened)
		if quiet == 0 {
			return
		}
		timer := time.NewTimer(quiet)
		select {
		case <-opened.stirred:
			timer.Stop()
			continue
		case <-timer.C:
			if incomplete {
				g.expectFewer()
			}
		case <-opened.ctx.Done():
			timer.Stop()
		}
		return
	}
}

// quiet tells after how much time without a reader the group waits no longer,
// and whether that is because somebody is missing.
func (g *Gatherer[K, V, P]) quiet(opened *group[K, V, P]) (quiet time.Duration, incomplete bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open != opened {
		return 0, false // full
	}
	if incomplete = len(opened.keys) < g.crowd; incomplete && g.config.Patience != nil {
		return max(linger, g.config.Patience()), true
	}
	return linger, incomplete
}

// expectFewer notes that not as many came as before. Half of the way each time,
// since on a busy machine they may only be late.
func (g *Gatherer[K, V, P]) expectFewer() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.crowd = (g.crowd + len(g.calls)) / 2
}

// closeGroup ends the time in which readers can join, and returns the keys that
// have readers.
func (g *Gatherer[K, V, P]) closeGroup(opened *group[K, V, P]) []K {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut(opened)
	return slices.Clone(opened.keys)
}

// shut makes sure that no further reader joins the group. The lock is held.
func (g *Gatherer[K, V, P]) shut(opened *group[K, V, P]) {
	if g.open == opened {
		g.open = nil
	}
}

// finish hands the result out. The readers that it answers are the next to ask,
// so an open group waits for them anew.
func (g *Gatherer[K, V, P]) finish(opened *group[K, V, P]) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut(opened)
	for _, key := range opened.keys {
		delete(g.calls, key)
	}
	close(opened.done)
	if g.open != nil {
		g.open.stir()
	}
}
