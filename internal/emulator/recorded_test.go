package emulator_test

import (
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

const exposed = "x-ratelimit-interval, x-ratelimit-limit, x-ratelimit-remaining, Authorization"

// wantHeaders checks headers. The value "*" stands for any value.
func wantHeaders(t *testing.T, a answer, want map[string]string) {
	t.Helper()
	for key, value := range want {
		got := a.header.Get(key)
		if value == "*" && got != "" {
			continue
		}
		if got != value {
			t.Errorf("%s: %q, want %q", key, got, value)
		}
	}
}

func TestAnswersHaveTheRecordedHeaders(t *testing.T) {
	t.Run("200", func(t *testing.T) {
		wantHeaders(t, get(emulator.New(), "/api/customers"), map[string]string{
			"Content-Type": "application/vnd.api+json", "Accept-Ranges": "bytes", "Referrer-Policy": "*",
			"X-Download-Options": "*", "X-Permitted-Cross-Domain-Policies": "*", "X-Xss-Protection": "0",
			"X-Content-Type-Options": "nosniff", "Access-Control-Expose-Headers": exposed,
			"Vary": "Accept, Accept-Encoding, Origin", "X-Request-Id": "", "Etag": "",
		})
	})
	t.Run("404 as an object", func(t *testing.T) {
		wantHeaders(t, get(emulator.New(), "/api/customers/nObOdYnObO"), map[string]string{
			"Content-Type": "application/json; charset=utf-8", "Retry-After": "0", "Accept-Ranges": "bytes",
			"Access-Control-Expose-Headers": exposed, "X-Request-Id": "",
		})
	})
	t.Run("404 as an array", func(t *testing.T) {
		e := emulator.New(emulator.WithRefuted("not-found-form:array"))
		a := get(e, "/api/customers/nObOdYnObO")
		wantHeaders(t, a, map[string]string{
			"Content-Type": "application/vnd.api+json; charset=utf-8", "X-Request-Id": "*", "X-Kong-Request-Id": "*",
			"X-Kong-Upstream-Latency": "*", "X-Kong-Proxy-Latency": "*", "Vary": "Accept, Accept-Encoding, Origin",
			"X-Content-Type-Options": "nosniff", "Retry-After": "",
		})
		if again := get(e, "/api/customers/nObOdYnObO"); again.header.Get("X-Request-Id") == a.header.Get("X-Request-Id") {
			t.Error("two requests have one id")
		}
	})
	t.Run("404 as a page", func(t *testing.T) {
		e := emulator.New(emulator.WithRefuted("not-found-form:html"))
		wantHeaders(t, get(e, "/api/customers/nObOdYnObO"), map[string]string{
			"Content-Type": "text/html", "Server": "Varnish", "Via": "*", "X-Cache": "*", "X-Served-By": "*", "X-Timer": "*",
			"X-Ratelimit-Limit": "",
		})
	})
	t.Run("429", func(t *testing.T) {
		e := emulator.New(emulator.WithLimitsOf(emulator.Limits{Average: 1}))
		accepted(e, 1, oneCustomer)
		a := get(e, oneCustomer)
		if a.status != http.StatusTooManyRequests {
			t.Fatalf("status %d", a.status)
		}
		wantHeaders(t, a, map[string]string{"Accept-Ranges": "bytes", "Retry-After": "0", "X-Ratelimit-Remaining": "0"})
		if got := a.header.Get("Access-Control-Allow-Origin"); got != "*" {
			t.Errorf("Access-Control-Allow-Origin %q", got)
		}
	})
}

func TestEachAnswerOfTheTokenEndpointSaysWhatIsLeft(t *testing.T) {
	c := newClock()
	for name, e := range map[string]*emulator.Emulator{
		"limits":    emulator.New(emulator.WithLimits(), emulator.WithClock(c.Now)),
		"no limits": emulator.New(),
	} {
		t.Run(name, func(t *testing.T) {
			for i := range 3 {
				a := requestToken(e, "client_credentials", emulator.DefaultClientID, map[bool]string{
					true: emulator.DefaultClientSecret, false: "wrong",
				}[i != 1])
				left := 29 - i
				if name == "no limits" {
					left = 29
				}
				wantHeaders(t, a, map[string]string{
					"X-Ratelimit-Limit": "30", "X-Ratelimit-Interval": "60", "X-Ratelimit-Remaining": strconv.Itoa(left),
				})
			}
		})
	}
}

func TestABurstRefusalTellsWhatIsLeftOfTheAverageWindow(t *testing.T) {
	for option, want := range map[string]string{"": "75", emulator.AssumeBurstRemaining: "0"} {
		opts := []emulator.Option{emulator.WithLimits()}
		if option != "" {
			opts = append(opts, emulator.WithRefuted(option))
		}
		e := emulator.New(opts...)
		accepted(e, 25, oneCustomer)
		a := get(e, oneCustomer)
		if a.status != http.StatusTooManyRequests || a.header.Get("X-Ratelimit-Remaining") != want {
			t.Errorf("%q: status %d, remaining %s, want %s", option, a.status, a.header.Get("X-Ratelimit-Remaining"),
				want)
		}
	}
}

// Recorded in July 2025: requests leave the average window at full ten seconds
// of the clock, when they are 50 to 60 seconds old.
func TestWindowsCanMoveInTheRecordedSteps(t *testing.T) {
	c := newClock() // it shows a full minute
	e := emulator.New(emulator.WithLimits(), emulator.WithClock(c.Now),
		emulator.WithRefuted(emulator.AssumeWindowSteps))
	c.advance(9 * time.Second)
	accepted(e, 1, oneCustomer) // at :09
	c.advance(50*time.Second + 999*time.Millisecond)
	if a := get(e, oneCustomer); a.header.Get("X-Ratelimit-Remaining") != "98" {
		t.Errorf("just before the minute remain %s", a.header.Get("X-Ratelimit-Remaining"))
	}
	c.advance(time.Millisecond) // 51 seconds after the first
	if a := get(e, oneCustomer); a.header.Get("X-Ratelimit-Remaining") != "98" {
		t.Errorf("at the minute remain %s", a.header.Get("X-Ratelimit-Remaining"))
	}
}

func TestAnotherOrganizationsHostIsRefused(t *testing.T) {
	e := emulator.New(emulator.WithOrganization("acme", "aCmEaCmEaC"))
	for host, want := range map[string]int{
		"acme.commercelayer.io":     200,
		"ACME.commercelayer.io":     200,
		"acme.commercelayer.io.":    200,
		"acme.commercelayer.io:443": 200,
		"acme.commercelayer.co":     200,
		"globex.commercelayer.io":   401,
		"acme-2.commercelayer.io":   401,
		"auth.commercelayer.io":     401,
		"globex.commercelayer.io:1": 401,
		"127.0.0.1:8080":            200,
		"[::1]:8080":                200,
		"localhost:8080":            200,
		"acme.dev.localhost":        200,
		"example.com":               200,
	} {
		for _, path := range []string{oneCustomer, "/api/customers", "/api/organization", fullCustomer + "/tags"} {
			a := get(e, path, func(r *http.Request) { r.Host = host })
			if a.status != want || want == 401 && a.errorCode(t) != "INVALID_TOKEN" {
				t.Errorf("%s%s: %d %s, want %d", host, path, a.status, a.body, want)
			}
		}
	}
}

func TestTokensAreIssuedOnEachHost(t *testing.T) {
	e := emulator.New(emulator.WithOrganization("acme", "aCmEaCmEaC"))
	for _, host := range []string{"auth.commercelayer.io", "acme.commercelayer.io", "127.0.0.1"} {
		form := url.Values{
			"grant_type": {"client_credentials"},
			"client_id":  {emulator.DefaultClientID}, "client_secret": {emulator.DefaultClientSecret},
		}
		a := post(e, "https://"+host+"/oauth/token", formType, form.Encode())
		if a.status != http.StatusOK {
			t.Errorf("%s: %d", host, a.status)
		}
	}
}
