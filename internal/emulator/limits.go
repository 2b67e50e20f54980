package emulator

import (
	"cmp"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Limits are the sliding windows of one client address. A request is refused if
// the interval before it already has as many accepted requests as the limit. A
// field that is zero has its documented value.
type Limits struct {
	Burst           int           // requests to one endpoint in BurstInterval
	BurstInterval   time.Duration // length of the burst window
	Average         int           // requests to all endpoints in AverageInterval
	AverageInterval time.Duration // length of the average window
}

// DocumentedLimits returns the documented limits for reading uncacheable
// resources, such as customers. In test mode these are 25 requests in 10 s and
// 100 requests in 60 s. In live mode they are 50 and 200.
func DocumentedLimits(live bool) Limits {
	l := Limits{Burst: 25, BurstInterval: 10 * time.Second, Average: 100, AverageInterval: time.Minute}
	if live {
		l.Burst, l.Average = 50, 200
	}
	return l
}

// or returns the limits with each field that is zero replaced by other's field.
func (l Limits) or(other Limits) Limits {
	l.Burst = cmp.Or(l.Burst, other.Burst)
	l.BurstInterval = cmp.Or(l.BurstInterval, other.BurstInterval)
	l.Average = cmp.Or(l.Average, other.Average)
	l.AverageInterval = cmp.Or(l.AverageInterval, other.AverageInterval)
	return l
}

// The limit of the token endpoint in both modes (recorded).
const (
	tokenLimit    = 30
	tokenInterval = time.Minute
)

// windows has the times of the requests in each sliding window.
type windows struct {
	mu    sync.Mutex
	times map[window][]time.Time
}

// window is a sliding window of one client address. class is read, write or
// token. endpoint is set for burst windows only.
type window struct {
	ip, class, endpoint string
	limit               int
	span                time.Duration
	step                time.Duration // if set, requests leave only at multiples of it
}

// has tells whether the window still has a request of that time.
//
// Assumption (window-steps): a request leaves the window exactly when it is as
// old as the window is long. Recordings show steps of ten seconds, which let a
// request leave earlier.
func (w window) has(at, now time.Time) bool {
	if w.step > 0 {
		at, now = at.Truncate(w.step), now.Truncate(w.step)
	}
	return now.Sub(at) < w.span
}

// take reserves a place in each of the windows, if all of them have one. It
// returns how many requests each window has left, which is 0 for one that
// refuses.
//
// Assumption (refused-uncounted): a refused request does not count.
func (e *Emulator) take(asked ...window) (left []int, ok bool) {
	ws := &e.windows
	ws.mu.Lock()
	defer ws.mu.Unlock()
	now := time.Now()
	// Any path can have a window. An empty one is forgotten.
	for w, times := range ws.times {
		times = slices.DeleteFunc(times, func(at time.Time) bool { return !w.has(at, now) })
		if ws.times[w] = times; len(times) == 0 {
			delete(ws.times, w)
		}
	}
	ok = !slices.ContainsFunc(asked, func(w window) bool { return len(ws.times[w]) >= w.limit })
	for _, w := range asked {
		if ok || e.refuted.is(AssumeRefusedUncounted, "counted") {
			ws.times[w] = append(ws.times[w], now)
		}
		left = append(left, max(0, w.limit-len(ws.times[w])))
	}
	return left, ok
}

// admit counts the request, sets the rate headers, and reports whether the
// request is accepted. If not, it has answered the request.
func (e *Emulator) admit(w http.ResponseWriter, r *http.Request) bool {
	path := r.URL.EscapedPath()
	ip, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		ip = r.RemoteAddr
	}
	switch {
	case path == "/oauth/token":
		return e.admitToken(w, ip)
	case strings.HasPrefix(path, "/api/"):
		return e.admitAPI(w, r.Method, ip, path)
	default:
		return true
	}
}

// unlimited is the limit in the rate headers of an emulator that enforces no
// limits. It is so high that a client which follows the headers never waits.
const unlimited = 1_000_000

// admitToken counts a request for a token. Each answer says how many requests
// are left (recorded). If no limits are enforced, that number does not fall.
//
// Simplified: a refusal has the same form as one of the API.
func (e *Emulator) admitToken(w http.ResponseWriter, ip string) bool {
	left, ok := []int{tokenLimit - 1}, true
	if e.enforce {
		left, ok = e.take(window{ip: ip, class: "token", limit: tokenLimit, span: tokenInterval})
	}
	setRateHeaders(w, tokenLimit, tokenInterval, left[0])
	if !ok {
		writeThrottled(w, "0")
	}
	return ok
}

func (e *Emulator) admitAPI(w http.ResponseWriter, method, ip, path string) bool {
	if !e.enforce {
		e.setAPIRateHeaders(w, unlimited, time.Minute, unlimited)
		return true
	}
	class := "read"
	if method != http.MethodGet && method != http.MethodHead {
		// Documented: writes have their own windows of the same size.
		class = "write"
	}
	l := e.limits
	average := window{ip: ip, class: class, limit: l.Average, span: l.AverageInterval}
	if e.refuted.is(AssumeWindowSteps, "steps") {
		average.step = 10 * time.Second
	}
	left, ok := e.take(average,
		window{ip: ip, class: class, endpoint: e.endpointOf(path), limit: l.Burst, span: l.BurstInterval})
	// Recorded: the headers describe the average window.
	//
	// Assumption (burst-remaining): they do so even if the burst window refused
	// the request.
	remaining := left[0]
	if !ok && left[1] == 0 && e.refuted.is(AssumeBurstRemaining, "zero") {
		remaining = 0
	}
	e.setAPIRateHeaders(w, l.Average, l.AverageInterval, remaining)
	if !ok {
		writeThrottled(w, "0")
	}
	return ok
}

// endpointOf returns the endpoint whose burst window counts the request.
//
// Assumption (burst-endpoint): the documentation says "each endpoint alone".
// The emulator takes the stricter reading: a list, its single resources and
// their relationships are one endpoint.
func (e *Emulator) endpointOf(path string) string {
	resource, rest, single := strings.Cut(strings.TrimPrefix(path, "/api/"), "/")
	if single && e.refuted.is(AssumeBurstEndpoint, "apart") {
		_, relationship, _ := strings.Cut(rest, "/")
		resource += "/:id/" + relationship
	}
	return resource
}

// setAPIRateHeaders sets the rate headers of an answer of the API.
//
// Assumption (rate-headers): X-Ratelimit-Remaining falls with each request. The
// headers themselves are recorded.
func (e *Emulator) setAPIRateHeaders(w http.ResponseWriter, limit int, interval time.Duration, remaining int) {
	switch {
	case e.refuted.is(AssumeRateHeaders, wayMissing):
		return
	case e.refuted.is(AssumeRateHeaders, "constant"):
		remaining = limit
	}
	setRateHeaders(w, limit, interval, remaining)
}

func setRateHeaders(w http.ResponseWriter, limit int, interval time.Duration, remaining int) {
	h := w.Header()
	h.Set("X-Ratelimit-Limit", strconv.Itoa(limit))
	h.Set("X-Ratelimit-Interval", strconv.Itoa(int(interval/time.Second)))
	h.Set("X-Ratelimit-Remaining", strconv.Itoa(remaining))
}
