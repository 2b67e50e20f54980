package gather

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// A store is what the tests fetch from. The value of each key is the key in
// capitals.
type store struct {
	latency time.Duration
	// If turn is set, each fetch receives from it before it closes the group.
	turn chan struct{}

	mu      sync.Mutex
	fetches [][]string
}

func (s *store) fetch(
	ctx context.Context, progress *atomic.Int32, closeGroup func() []string,
) (map[string]string, error) {
	progress.Add(1)
	if s.turn != nil {
		select {
		case <-s.turn:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	keys := closeGroup()
	s.mu.Lock()
	s.fetches = append(s.fetches, keys)
	s.mu.Unlock()
	progress.Add(1)
	select {
	case <-time.After(s.latency):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	values := map[string]string{}
	for _, key := range keys {
		values[key] = strings.ToUpper(key)
	}
	return values, nil
}

// expect fails unless the store was asked for exactly these groups of keys.
func (s *store) expect(t *testing.T, want ...[]string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.EqualFunc(s.fetches, want, slices.Equal) {
		t.Errorf("fetched %v, want %v", s.fetches, want)
	}
}

// expectFetches fails unless there were so many fetches.
func (s *store) expectFetches(t *testing.T, want int) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.fetches) != want {
		t.Errorf("%d fetches, want %d: %v", len(s.fetches), want, s.fetches)
	}
}

type gatherer = Gatherer[string, string, *atomic.Int32]

func gathererOf(s *store, size int, price time.Duration) *gatherer {
	return fetching(s.fetch, size, price)
}

func fetching(fetch Fetch[string, string, *atomic.Int32], size int, price time.Duration) *gatherer {
	return New(Config[string, string, *atomic.Int32]{
		Size:     size,
		Price:    func() time.Duration { return price },
		Progress: func() *atomic.Int32 { return &atomic.Int32{} },
		Fetch:    fetch,
	})
}

// idle lets all readers end. It fails if the gatherer still holds a key or an
// open group.
func idle(t *testing.T, g *gatherer) {
	t.Helper()
	time.Sleep(24 * time.Hour)
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.calls) != 0 || g.open != nil {
		t.Errorf("the gatherer holds %d calls, an open group: %t", len(g.calls), g.open != nil)
	}
}

// read asks for all keys at the same time. Each key has a reader of its own.
func read(t *testing.T, g *gatherer, keys ...string) {
	t.Helper()
	var group sync.WaitGroup
	for _, key := range keys {
		group.Go(func() { readOne(t, g, key) })
	}
	group.Wait()
}

func readOne(t *testing.T, g *gatherer, key string) {
	t.Helper()
	value, _, err := g.Get(t.Context(), key)
	if want := strings.ToUpper(key); err != nil || value != want {
		t.Errorf("%s: got %q, %v", key, value, err)
	}
}

func names(n int) []string {
	keys := make([]string, n)
	for i := range keys {
		keys[i] = fmt.Sprintf("key%02d", i)
	}
	return keys
}

func TestReadersWaitNoLongerThanTheyMust(t *testing.T) {
	for name, test := range map[string]struct {
		size, before, readers int
		want                  time.Duration
	}{
		"one alone":         {25, 0, 1, linger},
		"as many as before": {25, 10, 10, linger},
		"a full group":      {3, 0, 3, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			g := gathererOf(&store{latency: time.Second}, test.size, time.Hour)
			read(t, g, names(test.before)...)
			start := time.Now()
			read(t, g, names(test.readers)...)
			if took := time.Since(start); took != time.Second+test.want {
				t.Errorf("%s: it took %s", name, took)
			}
			idle(t, g)
		})
	}
}

func TestReadersThatComeTogetherShareAFetch(t *testing.T) {
	for n, want := range map[int][]int{2: {2}, 25: {25}, 26: {1, 25}, 60: {10, 25, 25}} {
		synctest.Test(t, func(t *testing.T) {
			s := &store{latency: time.Second}
			g := gathererOf(s, 25, 0)
			read(t, g, names(n)...)
			var sizes []int
			for _, keys := range s.fetches {
				sizes = append(sizes, len(keys))
			}
			slices.Sort(sizes)
			if !slices.Equal(sizes, want) {
				t.Errorf("groups of %v, want %v", sizes, want)
			}
			idle(t, g)
		})
	}
}

func TestReadersOfOneKeyShareAFetchUntilItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &store{latency: time.Second}
		g := gathererOf(s, 25, 0)
		go readOne(t, g, "a")
		time.Sleep(500 * time.Millisecond)
		read(t, g, "a", "a")
		s.expect(t, []string{"a"})
		readOne(t, g, "a")
		s.expect(t, []string{"a"}, []string{"a"})
		idle(t, g)
	})
}

// The CLI's first wave comes all at the same time. Of the second one each
// reader follows an answer.
func TestAGroupWaitsForTheCrowdAsLongAsAFetchIsWorth(t *testing.T) {
	for gap, want := range map[time.Duration]int{30 * time.Millisecond: 2, 70 * time.Millisecond: 11} {
		synctest.Test(t, func(t *testing.T) {
			s := &store{latency: 10 * time.Millisecond}
			g := gathererOf(s, 25, 50*time.Millisecond)
			read(t, g, names(10)...)
			for _, key := range names(10) {
				go readOne(t, g, key)
				time.Sleep(gap)
			}
			idle(t, g)
			s.expectFetches(t, want)
		})
	}
}

func TestAGroupWaitsAnewForReadersThatWereJustAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &store{latency: 80 * time.Millisecond}
		g := gathererOf(s, 25, 100*time.Millisecond)
		var group sync.WaitGroup
		for _, key := range []string{"a", "b"} {
			group.Go(func() {
				readOne(t, g, key)
				time.Sleep(90 * time.Millisecond)
				readOne(t, g, key+"2")
			})
		}
		time.Sleep(10 * time.Millisecond) // the fetch for a and b has begun
		group.Go(func() { readOne(t, g, "c") })
		group.Wait()
		s.expectFetches(t, 2)
	})
}

func TestFewerReadersThanBeforeAreWaitedForLessAndLess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gathererOf(&store{}, 25, 100*time.Millisecond)
		read(t, g, names(20)...)
		start := time.Now()
		for range 20 {
			readOne(t, g, "a")
		}
		// The expected number shrinks from 20 to 10, 5, 3 and 2. After five fetches no
		// other reader is expected.
		if took, most := time.Since(start), 5*100*time.Millisecond+20*linger; took > most {
			t.Errorf("20 lone readers waited for %s, want %s at most", took, most)
		}
	})
}

// Readers may only be late, so a crowd that was incomplete once is still waited
// for.
func TestMostOfACrowdIsExpectedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &store{}
		g := gathererOf(s, 25, 20*time.Millisecond)
		read(t, g, names(10)...)
		read(t, g, names(8)...)
		for _, key := range names(9) {
			go readOne(t, g, key)
			time.Sleep(2 * linger)
		}
		idle(t, g)
		s.expectFetches(t, 3)
	})
}

func TestReadersThatGiveUpLeaveTheOthersAlone(t *testing.T) {
	for _, when := range []time.Duration{0, time.Millisecond, 500 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			s := &store{latency: time.Second}
			g := gathererOf(s, 25, 0)
			ctx, cancel := context.WithCancel(t.Context())
			for _, key := range []string{"a", "a", "quitter"} {
				go func() {
					if _, _, err := g.Get(ctx, key); !errors.Is(err, context.Canceled) {
						t.Errorf("the error is %v", err)
					}
				}()
			}
			time.AfterFunc(when, cancel)
			start := time.Now()
			read(t, g, "a", "b")
			if took := time.Since(start); took != time.Second+linger {
				t.Errorf("after %s: it took %s", when, took)
			}
			s.expectFetches(t, 1)
			idle(t, g)
		})
	}
}

func TestReadersJoinAndLeaveUntilTheFetchClosesTheGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &store{turn: make(chan struct{})}
		g := gathererOf(s, 25, 0)
		ctx, cancel := context.WithCancel(t.Context())
		go readOne(t, g, "a")
		go func() { _, _, _ = g.Get(ctx, "b") }()
		time.Sleep(time.Minute)
		cancel()
		for _, key := range []string{"c", "b"} {
			time.Sleep(time.Minute)
			go readOne(t, g, key)
		}
		time.AfterFunc(time.Minute, func() { close(s.turn) })
		idle(t, g)
		s.expect(t, []string{"a", "c", "b"})
	})
}

func TestAFetchHasTheTimeOfItsLastReader(t *testing.T) {
	const never = time.Hour // such a reader has no deadline, and leaves then
	for _, timeouts := range [][]time.Duration{
		{time.Second, time.Minute}, {time.Minute, time.Second}, {time.Second, never}, {never, time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			last, reason := slices.Max(timeouts), context.DeadlineExceeded
			if last == never {
				reason = context.Canceled
			}
			fetch := func(ctx context.Context, _ *atomic.Int32, closeGroup func() []string) (map[string]string, error) {
				closeGroup()
				start := time.Now().Add(-linger)
				deadline, ok := ctx.Deadline()
				if ok != (last < never) || ok && deadline.Sub(start) != last {
					t.Errorf("with %v: the deadline is %t, %s", timeouts, ok, deadline.Sub(start))
				}
				<-ctx.Done()
				if took := time.Since(start); took != last || !errors.Is(context.Cause(ctx), reason) {
					t.Errorf("with %v: the fetch ended after %s with %v", timeouts, took, context.Cause(ctx))
				}
				return nil, ctx.Err()
			}
			g := fetching(fetch, 25, 0)
			for i, timeout := range timeouts {
				ctx, cancel := context.WithCancel(t.Context())
				if timeout < never {
					ctx, cancel = context.WithTimeout(ctx, timeout)
				}
				time.AfterFunc(never, cancel)
				go func() { _, _, _ = g.Get(ctx, names(2)[i]) }()
				synctest.Wait()
			}
			idle(t, g)
		})
	}
}

func TestGroupThatWasGivenUpBeforeItsFetchFetchesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &store{}
		g := gathererOf(s, 25, 0)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, _, err := g.Get(ctx, "a"); !errors.Is(err, context.Canceled) {
			t.Errorf("the error is %v", err)
		}
		readOne(t, g, "a")
		s.expect(t, []string{"a"})
		idle(t, g)
	})
}

func TestReadersGetTheProgressOfTheirOwnFetch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &store{turn: make(chan struct{})}
		g := gathererOf(s, 2, 0)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		progresses := make([]*atomic.Int32, 3)
		var group sync.WaitGroup
		for i, key := range names(3) {
			group.Go(func() { _, progresses[i], _ = g.Get(ctx, key) })
			synctest.Wait()
		}
		s.turn <- struct{}{} // lets only the first group go on
		group.Wait()
		if progresses[0] != progresses[1] || progresses[0] == progresses[2] {
			t.Error("progress is not shared by group")
		}
		if first, second := progresses[0].Load(), progresses[2].Load(); first != 2 || second != 1 {
			t.Errorf("the fetches have come to %d and %d, want 2 and 1", first, second)
		}
	})
}

func TestErrorOfAFetchIsEveryReaders(t *testing.T) {
	broken := errors.New("broken")
	for name, test := range map[string]struct {
		fetch func() (map[string]string, error)
		want  func(error) bool
	}{
		"it fails": {
			func() (map[string]string, error) { return map[string]string{"a": "A"}, broken },
			func(err error) bool { return errors.Is(err, broken) },
		},
		"a value is missing": {
			func() (map[string]string, error) { return map[string]string{"c": "C"}, nil },
			func(err error) bool { return errors.Is(err, ErrMissing) },
		},
		"it panics": {
			func() (map[string]string, error) { panic("a secret") },
			func(err error) bool {
				thrown, ok := errors.AsType[*PanicError](err)
				return ok && thrown.Value == "a secret" && !strings.Contains(err.Error(), "secret")
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fetch := func(context.Context, *atomic.Int32, func() []string) (map[string]string, error) {
					return test.fetch()
				}
				g := fetching(fetch, 25, 0)
				for _, key := range []string{"a", "b"} {
					go func() {
						if value, _, err := g.Get(t.Context(), key); value != "" || !test.want(err) {
							t.Errorf("%s: got %q, %v", key, value, err)
						}
					}()
				}
				idle(t, g)
			})
		})
	}
}
