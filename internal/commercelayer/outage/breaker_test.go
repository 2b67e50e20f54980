package outage

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// down returns a breaker that knows an outage. It began a minute ago.
func down(t *testing.T) *Breaker[string] {
	t.Helper()
	b := &Breaker[string]{}
	began := time.Now()
	time.Sleep(time.Minute)
	b.UsedUp(began, "the first failure")
	return b
}

// A fetch is a call of Enter in a goroutine of its own.
type fetch struct {
	attempt *Attempt[string]
	err     error
	waited  bool
	ended   bool
}

// enter begins a fetch, and lets everything happen that is due.
func enter(ctx context.Context, b *Breaker[string]) *fetch {
	f := &fetch{}
	go func() {
		f.attempt, f.err = b.Enter(ctx, func() { f.waited = true })
		f.ended = true
	}()
	synctest.Wait()
	return f
}

// probe begins a fetch that must be allowed an attempt at once.
func probe(t *testing.T, b *Breaker[string]) *Attempt[string] {
	t.Helper()
	f := enter(t.Context(), b)
	if f.attempt == nil || f.waited {
		t.Fatalf("no attempt at once: %+v", f)
	}
	return f.attempt
}

func expectOutage(t *testing.T, what string, f *fetch, since time.Duration, seen string) {
	t.Helper()
	var known *Outage[string]
	if !f.ended || !errors.As(f.err, &known) || time.Since(known.Since) != since || known.Seen != seen {
		t.Errorf("%s: got %+v (%+v), want an outage for %s with %q", what, f, known, since, seen)
	}
}

func TestNoOutageIfAnybodyWasAnsweredMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &Breaker[string]{}
		began := time.Now()
		other := probe(t, b)
		time.Sleep(time.Second)
		other.Answered()
		time.Sleep(time.Second)
		b.UsedUp(began, "a bad record")
		for range 2 {
			if known := probe(t, b).Failed("a failure"); known != nil {
				t.Fatalf("an outage: %v", known)
			}
		}

		b.UsedUp(began.Add(1500*time.Millisecond), "an outage")
		probe(t, b)
		if f := enter(t.Context(), b); !f.waited {
			t.Errorf("nobody waits after an outage that began after the last answer: %+v", f)
		}
	})
}

func TestOthersWaitForTheProbeAndFailWithIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := down(t)
		first := probe(t, b)
		waiting := []*fetch{enter(t.Context(), b), enter(t.Context(), b)}
		time.Sleep(time.Second)
		synctest.Wait()
		for _, f := range waiting {
			if !f.waited || f.ended {
				t.Fatalf("a fetch does not wait for the probe: %+v", f)
			}
		}
		known := first.Failed("what the probe saw")
		synctest.Wait()
		if known == nil || known.Seen != "what the probe saw" || time.Since(known.Since) != time.Minute+time.Second {
			t.Errorf("the probe got %+v", known)
		}
		b.UsedUp(time.Now(), "another failure, which changes nothing")
		for _, f := range append(waiting, enter(t.Context(), b)) {
			expectOutage(t, "who waited, or came later", f, time.Minute+time.Second, "what the probe saw")
		}
	})
}

func TestProbesBecomeRarer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := down(t)
		for _, seconds := range []int{5, 10, 20, 40, 60, 60} {
			_ = probe(t, b).Failed("still nothing")
			time.Sleep(time.Duration(seconds)*time.Second - time.Nanosecond)
			if f := enter(t.Context(), b); f.err == nil {
				t.Fatalf("another probe before %d s", seconds)
			}
			time.Sleep(time.Nanosecond)
		}
		probe(t, b).Answered()
		b.UsedUp(time.Now(), "down again")
		_ = probe(t, b).Failed("still nothing")
		time.Sleep(firstPause)
		probe(t, b)
	})
}

func TestAnyAnswerEndsTheOutage(t *testing.T) {
	answers := map[string]func(late, probe *Attempt[string]){
		"to the probe":              func(_, probe *Attempt[string]) { probe.Answered() },
		"to an attempt from before": func(late, _ *Attempt[string]) { late.Answered() },
		"although the probe is lost as well": func(late, probe *Attempt[string]) {
			late.Answered()
			_ = probe.Failed("too late")
		},
	}
	for name, answer := range answers {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &Breaker[string]{}
				late := probe(t, b)
				b.UsedUp(time.Now(), "a failure")
				first := probe(t, b)
				waiting := enter(t.Context(), b)
				answer(late, first)
				synctest.Wait()
				if waiting.attempt == nil {
					t.Errorf("who waited got %+v", waiting)
				}
				probe(t, b)
				probe(t, b)
			})
		})
	}
}

// Attempts that were under way when the outage became known fail, too. They are
// no probes.
func TestAttemptsFromBeforeAreTheLastOfTheirFetches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &Breaker[string]{}
		late, other := probe(t, b), probe(t, b)
		b.UsedUp(time.Now(), "a failure")
		first := probe(t, b)
		waiting := enter(t.Context(), b)
		other.Dropped()
		if known := late.Failed("what it saw"); known == nil || known.Seen != "what it saw" {
			t.Errorf("the fetch may go on: %+v", known)
		}
		synctest.Wait()
		if waiting.ended {
			t.Errorf("who waits for the probe got %+v", waiting)
		}
		_ = first.Failed("what the probe saw")
		synctest.Wait()
		expectOutage(t, "who waits for the probe", waiting, 0, "what the probe saw")
	})
}

func TestProbeThatIsNotMadeIsMadeByAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := down(t)
		first := probe(t, b)
		second, third := enter(t.Context(), b), enter(t.Context(), b)
		first.Dropped()
		synctest.Wait()
		if second.ended == third.ended || second.err != nil || third.err != nil {
			t.Fatalf("not exactly one of those who wait may go: %+v, %+v", second, third)
		}
		_ = first.Failed("a second end")
		first.Answered()
		if f := enter(t.Context(), b); f.ended {
			t.Errorf("an attempt that has ended counts again: %+v", f)
		}
	})
}

func TestContextEndsTheWaitForTheProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := down(t)
		probe(t, b)
		ctx, cancel := context.WithCancelCause(t.Context())
		waiting := enter(ctx, b)
		reason := errors.New("the reader has gone")
		cancel(reason)
		synctest.Wait()
		if !errors.Is(waiting.err, reason) {
			t.Errorf("got %+v", waiting)
		}
	})
}
