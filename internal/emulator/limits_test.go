package emulator_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// accepted sends n requests and returns how many are not answered with 429.
func accepted(e *emulator.Emulator, n int, target string, change ...func(*http.Request)) int {
	count := 0
	for range n {
		if get(e, target, change...).status != http.StatusTooManyRequests {
			count++
		}
	}
	return count
}

func from(addr string) func(*http.Request) {
	return func(r *http.Request) { r.RemoteAddr = addr }
}

// step sends requests after a pause, and tells how many of them are accepted.
type step struct {
	pause    time.Duration
	sent     int
	target   string
	accepted int
}

func TestWindowsSlide(t *testing.T) {
	tests := []struct {
		name  string
		opts  []emulator.Option
		steps []step
	}{
		{"burst", nil, []step{
			{0, 10, oneCustomer, 10},
			{4 * time.Second, 20, customers, 15},
			{6*time.Second - time.Nanosecond, 1, fullCustomer + "/tags", 0},
			{time.Nanosecond, 20, oneCustomer, 10}, // the first ten have left the window
			{4 * time.Second, 20, oneCustomer, 15}, // and now the fifteen
		}},
		{"average, for all endpoints", nil, []step{
			{0, 25, oneCustomer, 25}, {10 * time.Second, 25, oneCustomer, 25}, {10 * time.Second, 25, oneCustomer, 25},
			{10 * time.Second, 25, "/api/orders", 25}, {10 * time.Second, 1, oneCustomer, 0},
			{20 * time.Second, 40, oneCustomer, 25},
		}},
		{"live mode", []emulator.Option{emulator.WithLive()}, []step{{0, 60, oneCustomer, 50}}},
		{"own limits", []emulator.Option{emulator.WithLimitsOf(emulator.Limits{Burst: 2})}, []step{
			{0, 3, oneCustomer, 2},
			{5 * time.Second, 2, oneCustomer, 0},
			{5 * time.Second, 3, oneCustomer, 2}, // the refused ones do not count
		}},
		{"refused requests count", []emulator.Option{emulator.WithLimitsOf(emulator.Limits{Burst: 2}),
			emulator.WithRefuted(emulator.AssumeRefusedUncounted)}, []step{
			{0, 3, oneCustomer, 2}, {5 * time.Second, 2, oneCustomer, 0}, {5 * time.Second, 2, oneCustomer, 0},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := emulator.New(append([]emulator.Option{emulator.WithLimits()}, tt.opts...)...)
				for i, s := range tt.steps {
					time.Sleep(s.pause)
					if n := accepted(e, s.sent, s.target, from("10.0.0.1:1000")); n != s.accepted {
						t.Errorf("step %d: %d of %d accepted, want %d", i, n, s.sent, s.accepted)
					}
				}
				first := tt.steps[0]
				if n := accepted(e, first.sent, first.target, from("[::1]:1000")); n != first.accepted {
					t.Errorf("%d accepted from another address", n)
				}
				if n := accepted(e, 1, first.target, from("[::1]:2000")); n != 0 && first.accepted < first.sent {
					t.Error("another port is another client")
				}
			})
		})
	}
}

// The emulator forgets the times of requests. This test keeps all of them and
// counts those in each window.
func TestTheWindowsAgreeWithCountingByHand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := emulator.New(emulator.WithLimits())
		random := rand.New(rand.NewPCG(1, 2))
		endpoints := []string{oneCustomer, customers, "/api/orders/x"}
		type accepted struct {
			at       time.Time
			endpoint string
		}
		var log []accepted
		within := func(span time.Duration, endpoint string) int {
			n := 0
			for _, a := range log {
				if time.Since(a.at) < span && (endpoint == "" || a.endpoint == endpoint) {
					n++
				}
			}
			return n
		}
		refused := 0
		for i := range 2000 {
			target := endpoints[random.IntN(len(endpoints))]
			endpoint, _, _ := strings.Cut(strings.TrimPrefix(target, "/api/"), "/")
			want := within(time.Minute, "") < 100 && within(10*time.Second, endpoint) < 25
			a := get(e, target)
			if got := a.status != http.StatusTooManyRequests; got != want {
				t.Fatalf("request %d: accepted %t, want %t", i, got, want)
			}
			if want {
				log = append(log, accepted{time.Now(), endpoint})
			} else {
				refused++
			}
			if left := fmt.Sprint(100 - within(time.Minute, "")); a.header.Get("X-Ratelimit-Remaining") != left {
				t.Fatalf("request %d: %s remain, want %s", i, a.header.Get("X-Ratelimit-Remaining"), left)
			}
			time.Sleep(time.Duration(random.IntN(800)) * time.Millisecond)
		}
		if refused == 0 || len(log) == 0 {
			t.Errorf("%d accepted, %d refused: nothing was tested", len(log), refused)
		}
	})
}

func TestWithoutLimitsNoneAreAnnounced(t *testing.T) {
	e := emulator.New()
	for i := range 120 {
		got := get(e, oneCustomer)
		limit := got.header.Get("X-Ratelimit-Limit")
		if got.status != 200 || got.header.Get("X-Ratelimit-Remaining") != limit || len(limit) < 6 {
			t.Fatalf("request %d: %d, headers %v", i, got.status, got.header)
		}
	}
}

// Recorded in July 2025: requests leave the average window at full ten seconds
// of the clock, when they are 50 to 60 seconds old.
func TestWindowsCanMoveInTheRecordedSteps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the clock of synctest begins at a full minute
		e := emulator.New(emulator.WithLimits(), emulator.WithRefuted(emulator.AssumeWindowSteps))
		time.Sleep(9 * time.Second)
		get(e, oneCustomer) // at :09
		time.Sleep(50*time.Second + 999*time.Millisecond)
		wantHeaders(t, get(e, oneCustomer), map[string]string{"X-Ratelimit-Remaining": "98"})
		time.Sleep(time.Millisecond) // 51 seconds after the first
		wantHeaders(t, get(e, oneCustomer), map[string]string{"X-Ratelimit-Remaining": "98"})
	})
}

func TestTokensHaveALimitOfTheirOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := emulator.New(emulator.WithLimits())
		for i := range 31 {
			a := requestToken(e, emulator.DefaultClientID, "wrong")
			if refused := a.status == http.StatusTooManyRequests; refused != (i == 30) {
				t.Fatalf("request %d: %d", i, a.status)
			}
			wantHeaders(t, a, map[string]string{
				"X-Ratelimit-Limit": "30", "X-Ratelimit-Interval": "60", "X-Ratelimit-Remaining": fmt.Sprint(max(29-i, 0)),
			})
		}
		if n := accepted(e, 1, oneCustomer); n != 1 {
			t.Error("tokens filled the API's windows")
		}
		time.Sleep(time.Minute)
		mustToken(t, e)
	})
	without := emulator.New()
	for range 2 {
		wantHeaders(t, requestToken(without, emulator.DefaultClientID, "wrong"),
			map[string]string{"X-Ratelimit-Limit": "30", "X-Ratelimit-Remaining": "29"})
	}
}
