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
func accepted(e *emulator.Emulator, n int, change ...func(*http.Request)) int {
	count := 0
	for range n {
		if get(e, oneCustomer, change...).status != http.StatusTooManyRequests {
			count++
		}
	}
	return count
}

func from(addr string) func(*http.Request) {
	return func(r *http.Request) { r.RemoteAddr = addr }
}

func TestWindowsAreOfAnAddress(t *testing.T) {
	own := emulator.WithLimitsOf(emulator.Limits{Burst: 2})
	for name, tt := range map[string]struct {
		opts []emulator.Option
		want [3]int // accepted at once, five seconds later, and ten seconds later
	}{
		"test mode":  {nil, [3]int{25, 0, 25}},
		"live mode":  {[]emulator.Option{emulator.WithLive()}, [3]int{50, 0, 50}},
		"own limits": {[]emulator.Option{own}, [3]int{2, 0, 2}},
		"refused requests count": {[]emulator.Option{own, emulator.WithRefuted(emulator.AssumeRefusedUncounted)},
			[3]int{2, 0, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := emulator.New(append([]emulator.Option{emulator.WithLimits()}, tt.opts...)...)
				for i, want := range tt.want {
					if n := accepted(e, 60, from("10.0.0.1:1000")); n != want {
						t.Errorf("step %d: %d accepted, want %d", i, n, want)
					}
					time.Sleep(5 * time.Second)
				}
				if a := ask(e, http.MethodPost, oneCustomer, from("10.0.0.1:1000")); a.status == http.StatusTooManyRequests {
					t.Error("reads filled the windows of writes")
				}
				if n := accepted(e, 60, from("[::1]:1000")); n != tt.want[0] {
					t.Errorf("%d accepted from another address", n)
				}
				if n := accepted(e, 1, from("[::1]:2000")); n != 0 {
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
		endpoints := []string{oneCustomer, customers, fullCustomer + "/tags", "/api/orders/x"}
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

func TestTokensHaveALimitOfTheirOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := emulator.New(emulator.WithLimits())
		for i := range 31 {
			a := requestToken(e, emulator.DefaultClientID, "wrong")
			left := a.header.Get("X-Ratelimit-Remaining")
			if refused := a.status == http.StatusTooManyRequests; refused != (i == 30) || left != fmt.Sprint(max(29-i, 0)) {
				t.Fatalf("request %d: %d, and %s are left", i, a.status, left)
			}
		}
		if n := accepted(e, 1); n != 1 {
			t.Error("tokens filled the API's windows")
		}
		time.Sleep(time.Minute)
		mustToken(t, e)
	})
}
