package emulator

import (
	"cmp"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Limits are the sliding windows of one client address. A request is refused
// when the time just passed already holds as many accepted requests as the
// limit says. What is zero has its documented value.
type Limits struct {
	Burst           int           // requests to one endpoint in BurstInterval
	BurstInterval   time.Duration // span of the burst window
	Average         int           // requests to all endpoints in AverageInterval
	AverageInterval time.Duration // span of the average window
	Token           int           // requests for a token in TokenInterval
	TokenInterval   time.Duration // span of the token window
	// CountRefused lets refused requests fill the windows too.
	CountRefused bool
}

// DocumentedLimits are the limits for reading uncacheable resources, which
// customers are: in test mode 25 in 10 s and 100 in 60 s, in live mode 50 and
// 200, and 30 tokens in 60 s in both.
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

// or fills what is zero from other limits.
func (l Limits) or(other Limits) Limits {
	l.Burst = cmp.Or(l.Burst, other.Burst)
	l.BurstInterval = cmp.Or(l.BurstInterval, other.BurstInterval)
	l.Average = cmp.Or(l.Average, other.Average)
	l.AverageInterval = cmp.Or(l.AverageInterval, other.AverageInterval)
	l.Token = cmp.Or(l.Token, other.Token)
	l.TokenInterval = cmp.Or(l.TokenInterval, other.TokenInterval)
	return l
}

// window remembers when the last requests came, no more of them than its limit:
// that is all an exact sliding window needs.
type window struct {
	span  time.Duration
	step  time.Duration // requests leave at multiples of it, 0 for at once
	times []time.Time   // ring, oldest at next once full
	next  int
}

// used counts the remembered requests of the last span.
//
// Assumption (window-steps): a request leaves the window at exactly its span's
// age. Recorded are steps of ten seconds, which is looser.
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

// windowKey names a window: an address with a class of requests, and for
// bursts an endpoint.
type windowKey struct{ ip, class, endpoint string }

type windows struct {
	mu sync.Mutex
	m  map[windowKey]*window
}

func (ws *windows) init() { ws.m = map[windowKey]*window{} }

// get finds or makes a window; mu is held.
func (ws *windows) get(key windowKey, limit int, span time.Duration) *window {
	w := ws.m[key]
	if w == nil {
		w = &window{span: span, times: make([]time.Time, 0, limit)}
		ws.m[key] = w
	}
	return w
}

// admit counts the request, sets the rate headers and reports whether the
// request may go on. A refused one has been answered.
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

// unlimited is the average limit that an emulator announces which enforces
// none, so that clients which pace themselves by the headers do not wait.
const unlimited = 1_000_000

// admitToken counts a request for a token. Recorded: each answer says how many
// are left. Where nothing is enforced, that is as many as after the first.
//
// Simplified: it refuses in the API's form.
func (e *Emulator) admitToken(w http.ResponseWriter, ip string) bool {
	l, now := e.limits, e.now()
	if !e.enforce {
		setRateHeaders(w, l.Token, l.TokenInterval, l.Token-1)
		return true
	}
	e.windows.mu.Lock()
	win := e.windows.get(windowKey{ip: ip, class: "token"}, l.Token, l.TokenInterval)
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
		// Documented: writes have windows of their own, of the same size.
		class = "write"
	}
	l, now := e.limits, e.now()
	e.windows.mu.Lock()
	average := e.windows.get(windowKey{ip: ip, class: class}, l.Average, l.AverageInterval)
	if e.refuted.is(AssumeWindowSteps, "steps") {
		average.step = 10 * time.Second
	}
	burst := e.windows.get(windowKey{ip, class, e.endpointOf(path)}, l.Burst, l.BurstInterval)
	burstOK := burst.used(now) < l.Burst
	ok := burstOK && average.used(now) < l.Average
	if ok || l.CountRefused {
		average.add(now)
		burst.add(now)
	}
	remaining := l.Average - average.used(now)
	e.windows.mu.Unlock()

	// Recorded: the headers describe the average window only.
	//
	// Assumption (burst-remaining, refused-uncounted): also where the burst window
	// refused, and what was refused does not count.
	if !burstOK && e.refuted.is(AssumeBurstRemaining, "zero") {
		remaining = 0
	}
	e.setAPIRateHeaders(w, l.Average, l.AverageInterval, remaining)
	if !ok {
		writeThrottled(w, "0")
	}
	return ok
}

// endpointOf names what the burst window counts.
//
// Assumption (burst-endpoint): documented is "each endpoint alone"; that a list,
// its single resources and what is related to them are one endpoint is the
// stricter reading.
func (e *Emulator) endpointOf(path string) string {
	resource, rest, single := strings.Cut(strings.TrimPrefix(path, "/api/"), "/")
	if single && e.refuted.is(AssumeBurstEndpoint, "apart") {
		_, relationship, _ := strings.Cut(rest, "/")
		resource += "/:id/" + relationship
	}
	return resource
}

// setAPIRateHeaders announces the average window.
//
// Assumption (rate-headers): what remains falls with each request. Recorded are
// the headers.
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
