package emulator_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

const oneCustomer = "/api/customers/" + emulator.SeedCustomerID

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

func TestTheBurstWindowSlides(t *testing.T) {
	c := newClock()
	e := emulator.New(emulator.WithLimits(), emulator.WithClock(c.Now))
	if n := accepted(e, 10, oneCustomer); n != 10 {
		t.Fatalf("%d of the first 10", n)
	}
	c.advance(4 * time.Second)
	if n := accepted(e, 20, "/api/customers"); n != 15 {
		t.Errorf("%d of 20 with 15 places left", n)
	}
	c.advance(6*time.Second - time.Nanosecond)
	if n := accepted(e, 1, oneCustomer); n != 0 {
		t.Error("accepted before the first ten left the window")
	}
	c.advance(time.Nanosecond)
	if n := accepted(e, 20, oneCustomer); n != 10 {
		t.Errorf("%d when ten left the window", n)
	}
	c.advance(4 * time.Second)
	if n := accepted(e, 20, oneCustomer); n != 15 {
		t.Errorf("%d when fifteen left the window", n)
	}
}

func TestTheAverageWindowSpansAllEndpoints(t *testing.T) {
	c := newClock()
	e := emulator.New(emulator.WithLimits(), emulator.WithClock(c.Now))
	for range 3 {
		if n := accepted(e, 25, oneCustomer); n != 25 {
			t.Fatalf("%d of 25", n)
		}
		c.advance(10 * time.Second)
	}
	if n := accepted(e, 25, "/api/orders"); n != 25 {
		t.Fatalf("%d of 25", n)
	}
	c.advance(10 * time.Second)
	a := get(e, oneCustomer)
	if a.status != http.StatusTooManyRequests {
		t.Fatalf("status %d with 100 in the last 60 s", a.status)
	}
	if string(a.body) != `{"errors":{"title":"Too Many Requests","code":"THROTTLED","status":429}}` {
		t.Errorf("body %s", a.body)
	}
	for key, want := range map[string]string{
		"Content-Type": "application/json; charset=utf-8", "Retry-After": "0", "Cache-Control": "no-cache",
		"X-Ratelimit-Limit": "100", "X-Ratelimit-Interval": "60", "X-Ratelimit-Remaining": "0",
	} {
		if got := a.header.Get(key); got != want {
			t.Errorf("%s: %q", key, got)
		}
	}
	c.advance(20 * time.Second)
	if n := accepted(e, 40, oneCustomer); n != 25 {
		t.Errorf("%d when the first 25 left the window", n)
	}
}

// The emulator has ring buffers of the last requests. This test keeps all
// requests and counts those in each window.
func TestTheWindowsAgreeWithCountingByHand(t *testing.T) {
	c := newClock()
	e := emulator.New(emulator.WithLimits(), emulator.WithClock(c.Now))
	random := rand.New(rand.NewPCG(1, 2))
	endpoints := []string{oneCustomer, "/api/customers", "/api/orders/x"}
	type accepted struct {
		at       time.Time
		endpoint string
	}
	var log []accepted
	within := func(span time.Duration, endpoint string) int {
		n := 0
		for _, a := range log {
			if c.Now().Sub(a.at) < span && (endpoint == "" || a.endpoint == endpoint) {
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
		if got := get(e, target).status != http.StatusTooManyRequests; got != want {
			t.Fatalf("request %d at %s: accepted %t, want %t", i, c.Now(), got, want)
		}
		if want {
			log = append(log, accepted{c.Now(), endpoint})
		} else {
			refused++
		}
		c.advance(time.Duration(random.IntN(800)) * time.Millisecond)
	}
	if refused == 0 || len(log) == 0 {
		t.Errorf("%d accepted, %d refused: nothing was tested", len(log), refused)
	}
}

func TestTheHeadersCountTheAverageWindow(t *testing.T) {
	c := newClock()
	e := emulator.New(emulator.WithClock(c.Now), emulator.WithLimitsOf(emulator.Limits{Burst: 1000}))
	for i := range 100 {
		want := fmt.Sprint(99 - i)
		if got := get(e, oneCustomer); got.status != 200 || got.header.Get("X-Ratelimit-Remaining") != want {
			t.Fatalf("request %d: %d, remaining %s, want %s", i, got.status, got.header.Get("X-Ratelimit-Remaining"), want)
		}
	}
	c.advance(time.Minute)
	if got := get(e, oneCustomer).header.Get("X-Ratelimit-Remaining"); got != "99" {
		t.Errorf("remaining %s a minute later", got)
	}
}

func TestWithoutLimitsNoneAreAnnounced(t *testing.T) {
	e := emulator.New()
	for i := range 120 {
		got := get(e, oneCustomer)
		if got.status != 200 || got.header.Get("X-Ratelimit-Remaining") != got.header.Get("X-Ratelimit-Limit") || len(got.header.Get("X-Ratelimit-Limit")) < 6 {
			t.Fatalf("request %d: %d, headers %v", i, got.status, got.header)
		}
	}
}

func TestLimitsAreCountedByAddressAndMode(t *testing.T) {
	tests := []struct {
		name string
		opts []emulator.Option
		want int
	}{
		{"test", []emulator.Option{emulator.WithLimits()}, 25},
		{"live", []emulator.Option{emulator.WithLimits(), emulator.WithLive()}, 50},
		{"own", []emulator.Option{emulator.WithLimitsOf(emulator.Limits{Burst: 3})}, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newClock()
			e := emulator.New(append(tt.opts, emulator.WithClock(c.Now))...)
			if n := accepted(e, 60, oneCustomer, from("10.0.0.1:1000")); n != tt.want {
				t.Errorf("%d accepted, want %d", n, tt.want)
			}
			if n := accepted(e, 1, oneCustomer, from("10.0.0.1:2000")); n != 0 {
				t.Error("another port is another client")
			}
			if n := accepted(e, 60, oneCustomer, from("[::1]:1000")); n != tt.want {
				t.Errorf("%d accepted from another address", n)
			}
		})
	}
}

func TestRefusedRequestsCountWhenTold(t *testing.T) {
	for _, count := range []bool{false, true} {
		c := newClock()
		e := emulator.New(emulator.WithClock(c.Now), emulator.WithLimitsOf(emulator.Limits{
			Burst: 2, BurstInterval: 10 * time.Second, CountRefused: count,
		}))
		accepted(e, 2, oneCustomer)
		c.advance(5 * time.Second)
		accepted(e, 2, oneCustomer) // both are refused
		c.advance(5 * time.Second)
		want := 2
		if count {
			want = 0
		}
		if n := accepted(e, 2, oneCustomer); n != want {
			t.Errorf("counting %t: %d accepted, want %d", count, n, want)
		}
	}
}

func TestTokensHaveALimitOfTheirOwn(t *testing.T) {
	c := newClock()
	e := emulator.New(emulator.WithLimits(), emulator.WithClock(c.Now))
	for i := range 31 {
		a := requestToken(e, "client_credentials", emulator.DefaultClientID, emulator.DefaultClientSecret)
		want := http.StatusOK
		if i == 30 {
			want = http.StatusTooManyRequests
		}
		if a.status != want {
			t.Fatalf("request %d: %d", i, a.status)
		}
	}
	if n := accepted(e, 1, oneCustomer); n != 1 {
		t.Error("tokens filled the API's windows")
	}
	c.advance(time.Minute)
	if a := requestToken(e, "client_credentials", emulator.DefaultClientID, emulator.DefaultClientSecret); a.status != http.StatusOK {
		t.Errorf("a minute later: %d", a.status)
	}
}
