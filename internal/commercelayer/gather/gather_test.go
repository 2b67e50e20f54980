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
	// If fail is set, it is the error of each fetch.
	fail error

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
		if key != "missing" {
			values[key] = strings.ToUpper(key)
		}
	}
	return values, s.fail
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

type gatherer = Gatherer[string, string, *atomic.Int32]

func gathererOf(s *store, size int, price time.Duration) *gatherer {
	return New(Config[string, string, *atomic.Int32]{
		Size:     size,
		Price:    func() time.Duration { return price },
		Progress: func() *atomic.Int32 { return &atomic.Int32{} },
		Fetch:    s.fetch,
	})
}

// idle fails if the gatherer still holds a key or an open group.
func idle(t *testing.T, g *gatherer) {
	t.Helper()
	synctest.Wait()
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

func TestLoneReaderWaitsForTheLingerAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &store{latency: time.Second}
		g := gathererOf(s, 25, time.Hour)
		start := time.Now()
		readOne(t, g, "a")
		if took := time.Since(start); took != time.Second+linger {
			t.Errorf("it took %s", took)
		}
		s.expect(t, []string{"a"})
		idle(t, g)
	})
}

func TestReadersThatComeTogetherShareAFetch(t *testing.T) {
	for n, want := range map[int][]int{2: {2}, 25: {25}, 26: {25, 1}, 60: {25, 25, 10}} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &store{latency: time.Second}
				g := gathererOf(s, 25, 0)
				read(t, g, names(n)...)
				var sizes []int
				for _, keys := range s.fetches {
					sizes = append(sizes, len(keys))
				}
				slices.SortFunc(sizes, func(a, b int) int { return b - a })
				if !slices.Equal(sizes, want) {
					t.Errorf("groups of %v, want %v", sizes, want)
				}
				idle(t, g)
			})
		})
	}
}

func TestAFullGroupWaitsForNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &store{}
		g := gathererOf(s, 3, time.Hour)
		start := time.Now()
		read(t, g, names(3)...)
		if took := time.Since(start); took != 0 {
			t.Errorf("a full group waited for %s", took)
		}
	})
}

func TestReadersOfOneKeyShareItsValueAlsoWhileItIsFetched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &store{latency: time.Second}
		g := gathererOf(s, 25, 0)
		go readOne(t, g, "a")
		time.Sleep(500 * time.Millisecond)
		read(t, g, "a", "a")
		s.expect(t, []string{"a"})
		idle(t, g)
	})
}

func TestNothingIsKeptOnceTheReadersHaveIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &store{}
		g := gathererOf(s, 25, 0)
		readOne(t, g, "a")
		readOne(t, g, "a")
		s.expect(t, []string{"a"}, []string{"a"})
	})
}

func TestReadersJoinUntilTheFetchClosesTheGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &store{turn: make(chan struct{})}
		g := gathererOf(s, 25, 0)
		var group sync.WaitGroup
		for _, key := range names(4) {
			group.Go(func() { readOne(t, g, key) })
			time.Sleep(time.Minute)
		}
		close(s.turn)
		group.Wait()
		s.expect(t, names(4))
	})
}

// wave reads a first wave of keys all at the same time. Then it reads a second
// wave with a gap between the readers, as the CLI does.
func wave(t *testing.T, g *gatherer, readers int, gap time.Duration) {
	t.Helper()
	read(t, g, names(readers)...)
	var group sync.WaitGroup
	for _, key := range names(readers) {
		group.Go(func() { readOne(t, g, "second"+key) })
		time.Sleep(gap)
	}
	group.Wait()
}

func TestAGroupWaitsForTheCrowdAsLongAsAFetchIsWorth(t *testing.T) {
	for gap, want := range map[time.Duration]int{30 * time.Millisecond: 2, 70 * time.Millisecond: 11} {
		t.Run(gap.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &store{latency: 10 * time.Millisecond}
				wave(t, gathererOf(s, 25, 50*time.Millisecond), 10, gap)
				if len(s.fetches) != want {
					t.Errorf("%d fetches, want %d: %v", len(s.fetches), want, s.fetches)
				}
			})
		})
	}
}

func TestACompleteCrowdIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gathererOf(&store{}, 25, time.Hour)
		read(t, g, names(10)...)
		start := time.Now()
		read(t, g, names(10)...)
		if took := time.Since(start); took != linger {
			t.Errorf("the second wave waited for %s", took)
		}
	})
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
		if len(s.fetches) != 2 {
			t.Errorf("%d fetches, want 2: %v", len(s.fetches), s.fetches)
		}
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
		var group sync.WaitGroup
		for _, key := range names(9) {
			group.Go(func() { readOne(t, g, key) })
			time.Sleep(2 * linger)
		}
		group.Wait()
		if len(s.fetches) != 3 {
			t.Errorf("%d fetches, want 3: %v", len(s.fetches), s.fetches)
		}
	})
}

func TestReaderThatGivesUpLeavesTheOthersAlone(t *testing.T) {
	for _, when := range []time.Duration{0, time.Millisecond, 500 * time.Millisecond} {
		t.Run(when.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &store{latency: time.Second}
				g := gathererOf(s, 25, 0)
				ctx, cancel := context.WithCancel(t.Context())
				gaveUp := make(chan error, 1)
				go func() {
					_, _, err := g.Get(ctx, "quitter")
					gaveUp <- err
				}()
				time.AfterFunc(when, cancel)
				read(t, g, "a", "b")
				if err := <-gaveUp; !errors.Is(err, context.Canceled) {
					t.Errorf("the error is %v", err)
				}
				if len(s.fetches) != 1 {
					t.Errorf("%d fetches, want 1", len(s.fetches))
				}
				idle(t, g)
			})
		})
	}
}

func TestReaderThatGivesUpLeavesAnotherOneOfTheSameKeyAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &store{latency: time.Second}
		g := gathererOf(s, 25, 0)
		ctx, cancel := context.WithCancel(t.Context())
		for range 2 {
			go func() { _, _, _ = g.Get(ctx, "a") }()
		}
		time.AfterFunc(500*time.Millisecond, cancel)
		start := time.Now()
		readOne(t, g, "a")
		if took := time.Since(start); took != time.Second+linger {
			t.Errorf("it took %s", took)
		}
		s.expect(t, []string{"a"})
		idle(t, g)
	})
}

func TestKeyThatIsAskedForAgainAfterItsReaderLeftIsFetchedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &store{turn: make(chan struct{})}
		g := gathererOf(s, 25, 0)
		ctx, cancel := context.WithCancel(t.Context())
		go readOne(t, g, "a")
		go func() { _, _, _ = g.Get(ctx, "b") }()
		time.Sleep(time.Second)
		cancel()
		synctest.Wait()
		go readOne(t, g, "b")
		synctest.Wait()
		close(s.turn)
		synctest.Wait()
		s.expect(t, []string{"a", "b"})
		idle(t, g)
	})
}

func TestLastReaderThatGivesUpEndsTheFetch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan error, 1)
		fetch := func(ctx context.Context, _ int, closeGroup func() []string) (map[string]string, error) {
			closeGroup()
			<-ctx.Done()
			ended <- ctx.Err()
			return nil, ctx.Err()
		}
		g := New(Config[string, string, int]{Size: 25, Progress: func() int { return 7 }, Fetch: fetch})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var group sync.WaitGroup
		for _, key := range []string{"a", "b"} {
			group.Go(func() {
				if _, progress, err := g.Get(ctx, key); !errors.Is(err, context.DeadlineExceeded) || progress != 7 {
					t.Errorf("got the progress %d and %v", progress, err)
				}
			})
		}
		group.Wait()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the fetch ended with %v", err)
		}
		if len(g.calls) != 0 {
			t.Errorf("%d calls are left", len(g.calls))
		}
	})
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
		idle(t, g)
		s.expect(t)
		readOne(t, g, "a")
		s.expect(t, []string{"a"})
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

func TestErrorIsEveryReaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &store{fail: errors.New("broken")}
		g := gathererOf(s, 25, 0)
		var group sync.WaitGroup
		for _, key := range names(3) {
			group.Go(func() {
				if _, _, err := g.Get(t.Context(), key); !errors.Is(err, s.fail) {
					t.Errorf("the error is %v", err)
				}
			})
		}
		group.Wait()
		idle(t, g)
	})
}

func TestKeyWithoutAValueIsMissing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gathererOf(&store{}, 25, 0)
		go readOne(t, g, "a")
		if _, _, err := g.Get(t.Context(), "missing"); !errors.Is(err, ErrMissing) {
			t.Errorf("the error is %v", err)
		}
		idle(t, g)
	})
}

func TestPanicOfAFetchIsAnErrorOfItsReaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fetch := func(_ context.Context, _ int, closeGroup func() []string) (map[string]string, error) {
			closeGroup()
			panic("a secret")
		}
		g := New(Config[string, string, int]{Size: 25, Progress: func() int { return 0 }, Fetch: fetch})
		_, _, err := g.Get(t.Context(), "a")
		var thrown *PanicError
		if !errors.As(err, &thrown) || thrown.Value != "a secret" || strings.Contains(err.Error(), "secret") {
			t.Errorf("the error is %v", err)
		}
		if len(g.calls) != 0 || g.open != nil {
			t.Error("the group was not dropped")
		}
	})
}
