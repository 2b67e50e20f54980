package emulator

import (
	"cmp"
	"maps"
	"net"
	"net/http"
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
	Token           int           // requests for a token in TokenInterval
	TokenInterval   time.Duration // length of the token window
	// CountRefused counts refused requests in the windows, too.
	CountRefused bool
}

// DocumentedLimits returns the documented limits for reading uncacheable
// resources, such as customers. In test mode these are 25 requests in 10 s and
// 100 requests in 60 s. In live mode they are 50 and 200. In both modes 30
// token requests in 60 s are allowed.
func DocumentedLimits(live bool) Limits {
	l := Limits{
		Burst: 25, BurstInterval: 10 * time.Second,
		Average: 100, AverageInterval: time.Minute,
		Token: 30, TokenInterval: time.Minute,
	}
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
	l.Token = cmp.Or(l.Token, other.Token)
	l.TokenInterval = cmp.Or(l.TokenInterval, other.TokenInterval)
	return l
}

// window is an exact sliding window. It remembers the times of the last
// requests, and never more times than its limit.
type window struct {
	span  time.Duration
	step  time.Duration // if set, requests leave only at multiples of it
	times []time.Time   // a ring buffer with the limit as its capacity
	next  int           // index of the oldest time, if the buffer is full
}

// used returns how many of the remembered requests are in the window.
//
// Assumption (window-steps): a request leaves the window exactly when it is as
// old as the window is long. Recordings show steps of ten seconds, which let a
// request leave earlier.
func (w *window) used(now time.Time) int {
	if w.step > 0 {
		now = now.Truncate(w.step)
	}
	n := 0
	for _, t := range w.times {
		if w.step > 0 {
			t = t.Truncate(w.step)
		}
		if now.Sub(t) < w.span {
			n++
		}
	}
	return n
}

func (w *window) add(now time.Time) {
	if len(w.times) < cap(w.times) {
		w.times = append(w.times, now)
		return
	}
	w.times[w.next] = now
	w.next = (w.next + 1) % len(w.times)
}

// windowKey identifies a window. class is read, write or token. endpoint is set
// for burst windows only.
type windowKey struct{ ip, class, endpoint string }

type windows struct {
	mu sync.Mutex
	m  map[windowKey]*window
}

func (ws *windows) init() { ws.m = map[windowKey]*window{} }

// maxWindows is the number of windows from which on empty burst windows are
// dropped.
const maxWindows = 1000

// get finds or makes a window. The caller holds mu.
func (ws *windows) get(key windowKey, limit int, span time.Duration, now time.Time) *window {
	w := ws.m[key]
	if w == nil {
		if len(ws.m) >= maxWindows {
			maps.DeleteFunc(ws.m, func(k windowKey, w *window) bool { return k.endpoint != "" && w.used(now) == 0 })
		}
		w = &window{span: span, times: make([]time.Time, 0, limit)}
		ws.m[key] = w
	}
	return w
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
	l, now := e.limits, e.now()
	if !e.enforce {
		setRateHeaders(w, l.Token, l.TokenInterval, l.Token-1)
		return true
	}
	e.windows.mu.Lock()
	win := e.windows.get(windowKey{ip: ip, class: "token"}, l.Token, l.TokenInterval, now)
	ok := win.used(now) < l.Token
	if ok || l.CountRefused {
		win.add(now)
	}
	remaining := l.Token - win.used(now)
	e.windows.mu.Unlock()
	setRateHeaders(w, l.Token, l.TokenInterval, remaining)
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
	l, now := e.limits, e.now()
	e.windows.mu.Lock()
	average := e.windows.get(windowKey{ip: ip, class: class}, l.Average, l.AverageInterval, now)
	if e.refuted.is(AssumeWindowSteps, "steps") {
		average.step = 10 * time.Second
	}
	burst := e.windows.get(windowKey{ip, class, e.endpointOf(path)}, l.Burst, l.BurstInterval, now)
	burstOK := burst.used(now) < l.Burst
	ok := burstOK && average.used(now) < l.Average
	if ok || l.CountRefused {
		average.add(now)
		burst.add(now)
	}
	remaining := l.Average - average.used(now)
	e.windows.mu.Unlock()

	// Recorded: the headers describe the average window.
	//
	// Assumption (burst-remaining, refused-uncounted): they do so even if the
	// burst window refused the request. A refused request does not count.
	if !burstOK && e.refuted.is(AssumeBurstRemaining, "zero") {
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
	h.Set("X-Ratelimit-Remaining", strconv.Itoa(max(remaining, 0)))
}
