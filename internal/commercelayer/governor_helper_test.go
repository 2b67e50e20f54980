package commercelayer

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"
)

// slidingWindows is the API's side of the rate limit, as a model: both windows
// slide, and a refused request fills neither.
type slidingWindows struct {
	limits Limits

	mu      sync.Mutex
	counted []time.Time
	sent    int
	refused int
}

// ask counts a request now and returns the status and the headers of its answer.
func (w *slidingWindows) ask() (int, http.Header) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	w.sent++
	status := http.StatusOK
	if w.within(now, w.limits.BurstInterval) >= w.limits.Burst || w.within(now, w.limits.AverageInterval) >= w.limits.Average {
		status = http.StatusTooManyRequests
		w.refused++
	} else {
		w.counted = append(w.counted, now)
	}
	header := rateHeaders(w.limits.Average, int(w.limits.AverageInterval/time.Second), w.limits.Average-w.within(now, w.limits.AverageInterval))
	if status == http.StatusTooManyRequests {
		header.Set("Retry-After", "0")
	}
	return status, header
}

func (w *slidingWindows) within(now time.Time, span time.Duration) int {
	n := 0
	for _, at := range w.counted {
		if now.Sub(at) < span {
			n++
		}
	}
	return n
}

func rateHeaders(limit, interval, remaining int) http.Header {
	return http.Header{
		"X-Ratelimit-Limit":     {strconv.Itoa(limit)},
		"X-Ratelimit-Interval":  {strconv.Itoa(interval)},
		"X-Ratelimit-Remaining": {strconv.Itoa(remaining)},
	}
}

// checkSpans fails if any span of the interval, wherever it begins, holds more
// than the limit.
func checkSpans(t *testing.T, counted []time.Time, limit int, interval time.Duration) {
	t.Helper()
	counted = slices.SortedFunc(slices.Values(counted), time.Time.Compare)
	for i := range counted {
		if j := i + limit; j < len(counted) && counted[j].Sub(counted[i]) < interval {
			t.Fatalf("%d requests within %s, of which the limit is %d in %s", limit+1, counted[j].Sub(counted[i]), limit, interval)
		}
	}
}

// between returns a random duration from least to most.
func between(random *rand.Rand, least, most time.Duration) time.Duration {
	return least + time.Duration(random.Int64N(int64(most-least)+1))
}

// steadyGovernor is a governor without jitter.
func steadyGovernor(l Limits) *Governor {
	g := NewGovernor(l)
	g.jitter = func() float64 { return 0 }
	return g
}

// reserve takes a place, however long that takes, and returns how long it took.
func reserve(t *testing.T, g *Governor) (*place, time.Duration) {
	t.Helper()
	start := time.Now()
	p, waited, err := g.reserve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if elapsed := time.Since(start); elapsed != waited {
		t.Fatalf("reserve says it waited %s, but it took %s", waited, elapsed)
	}
	return p, waited
}

// answered takes a place, lets the latency pass and settles it.
func answered(t *testing.T, g *Governor, latency time.Duration, status int, header http.Header) time.Duration {
	t.Helper()
	p, waited := reserve(t, g)
	time.Sleep(latency)
	p.settle(status, header)
	return waited
}

// closeTo fails if a duration is not within a tolerance of what is expected.
func closeTo(t *testing.T, what string, got, want, tolerance time.Duration) {
	t.Helper()
	if got < want-tolerance || got > want+tolerance {
		t.Errorf("%s is %s, want %s (give or take %s)", what, got, want, tolerance)
	}
}
