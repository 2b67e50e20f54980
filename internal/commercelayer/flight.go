package commercelayer

import (
	"context"
	"fmt"
	"sync"
)

// A flight is one piece of work that several readers wait for. Its context
// keeps the values of the reader that started it, but ends only when the last
// reader has gone: one reader's cancellation does not touch the others.
type flight[T any] struct {
	ctx    context.Context
	cancel context.CancelFunc
	done   chan struct{}
	// value and err may be read once done is closed.
	value T
	err   error

	mu      sync.Mutex
	readers int
}

// newFlight returns a flight that one reader has joined. The caller runs it.
func newFlight[T any](ctx context.Context) *flight[T] {
	f := &flight[T]{done: make(chan struct{}), readers: 1}
	f.ctx, f.cancel = context.WithCancel(context.WithoutCancel(ctx)) //nolint:gosec // run and leave call it
	return f
}

// run does the work and hands its result to everybody who waits. A panic
// becomes an error: it would end the process, and with it every other read.
func (f *flight[T]) run(work func(context.Context) (T, error)) {
	defer close(f.done)
	defer f.cancel()
	defer func() {
		if p := recover(); p != nil {
			f.err = panicError(p)
		}
	}()
	f.value, f.err = work(f.ctx)
}

// join adds a reader, unless everybody had left before.
func (f *flight[T]) join() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.readers == 0 {
		return false
	}
	f.readers++
	return true
}

// leave takes a reader away. The last one ends the work.
func (f *flight[T]) leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.readers--; f.readers == 0 {
		f.cancel()
	}
}

// wait returns the result, or the context's error if that ends first.
func (f *flight[T]) wait(ctx context.Context) (T, error) {
	select {
	case <-f.done:
		return f.value, f.err
	default:
	}
	select {
	case <-f.done:
		return f.value, f.err
	case <-ctx.Done():
		f.leave()
		var none T
		return none, ctx.Err()
	}
}

// panicError keeps the type of what was thrown but not its text, which may hold
// anything that was in memory.
func panicError(p any) *Error {
	return &Error{Kind: ErrInternal, Reason: fmt.Sprintf("a panic of the type %T was caught", p)}
}
