// Package emulator is Commerce Layer's Core API in process, as far as reading
// customers goes: the customers, the token endpoint, both shapes of error
// bodies, the sliding rate limits with their headers, and faults to order. It
// keeps a log of what it was asked, so that tests can also assert on requests
// that were not made.
//
// Behaviour comes from the public documentation ("documented") and from
// recordings of the real service in other projects' tests ("recorded", with
// the year). What no source proves is an assumption: Assumptions lists them,
// comments name them as "Assumption (name)", and WithRefuted turns them round.
// "Simplified" marks what is known to be less than the service does.
package emulator

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Emulator is one emulated organization. It is an http.Handler, safe for
// concurrent use, made by New.
type Emulator struct {
	slug           string
	organizationID string
	live           bool
	now            func() time.Time
	latency        time.Duration
	notFound       NotFoundForm
	noCollection   int
	generate       int
	data           *Data

	refuted refutations

	limits  Limits
	enforce bool
	windows windows

	store  store
	tokens tokens
	log    requestLog
	faults faults

	hookMu sync.RWMutex
	hooks  []func(*http.Request)

	inFlight  atomic.Int64
	closed    chan struct{}
	closeOnce sync.Once
}

// New makes an emulator that holds the seed's customer, a customer with every
// attribute filled in, and what the options add, or the data of WithData
// instead. Without options it is in test
// mode, enforces no limits and accepts DefaultToken and the default
// application.
func New(opts ...Option) *Emulator {
	e := &Emulator{
		slug:           "yourdomain",
		organizationID: "oRgAnIzAtN",
		now:            time.Now,
		closed:         make(chan struct{}),
		refuted:        refutations{},
	}
	for _, opt := range opts {
		opt(e)
	}
	e.limits = e.limits.or(DocumentedLimits(e.live))
	e.limits.CountRefused = e.limits.CountRefused || e.refuted.is(AssumeRefusedUncounted, "counted")
	e.windows.init()
	e.store.init()
	e.tokens.init()
	e.seed()
	return e
}

// Close ends every answer that is being held back (delays, stalls, endless
// bodies), so that a test server can close. The emulator goes on answering,
// without further delays.
func (e *Emulator) Close() {
	e.closeOnce.Do(func() { close(e.closed) })
}

// InFlight counts the requests that are being answered now. A client may see
// the end of an answer a moment before the request leaves this count.
func (e *Emulator) InFlight() int { return int(e.inFlight.Load()) }

// OnRequest adds a hook that is called for each request, after it is logged
// and before it is answered. No lock of the emulator is held: a hook may
// create and delete customers, revoke tokens or cancel contexts.
func (e *Emulator) OnRequest(f func(r *http.Request)) {
	e.hookMu.Lock()
	defer e.hookMu.Unlock()
	e.hooks = append(e.hooks, f)
}

// ServeHTTP answers one request: log, hooks, rate limits, latency, faults and
// then the API itself.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.inFlight.Add(1)
	defer e.inFlight.Add(-1)

	x := &exchange{emulator: e}
	if isTokenEndpoint(r) {
		x.form = readForm(r)
	}
	x.entry = e.log.add(e.now(), r, x.form)
	ctx := context.WithValue(r.Context(), exchangeKey{}, x)
	r = r.WithContext(ctx)

	e.hookMu.RLock()
	hooks := e.hooks
	e.hookMu.RUnlock()
	for _, hook := range hooks {
		hook(r)
	}

	lw := &loggedWriter{ResponseWriter: w, log: &e.log, entry: x.entry}
	if !e.admit(lw, r) {
		return
	}
	e.hold(ctx, e.latency)
	if e.faults.serve(lw, r, x) {
		return
	}
	e.answer(lw, r)
}

// answer is the API without limits and faults.
func (e *Emulator) answer(w http.ResponseWriter, r *http.Request) {
	path := r.URL.EscapedPath()
	switch {
	case len(r.URL.RequestURI()) > shortURL && e.refuted.is(AssumeURLLength, wayRefused):
		Status(http.StatusRequestURITooLong)(w, r)
	case path == "/oauth/token":
		e.issue(w, r)
	case path == "/oauth/revoke":
		e.revoke(w, r)
	case path == "/api" || strings.HasPrefix(path, "/api/"):
		e.serveAPI(w, r, path)
	default:
		e.writeNotFound(w)
	}
}

// shortURL is how long a URL may be when the assumption about that is turned
// round.
//
// Assumption (url-length): there is no limit that 25 addresses would meet.
const shortURL = 4096

// serveAPI answers what lies below /api.
func (e *Emulator) serveAPI(w http.ResponseWriter, r *http.Request, path string) {
	if r.Method != http.MethodGet {
		writeError(w, errMethodNotAllowed)
		return
	}
	token, refusal := e.authenticate(r)
	aboutSelf := path == "/api/organization" || path == "/api/application"
	if refusal == nil && (!token.canRead && !aboutSelf || aboutSelf && e.refuted.is(AssumeSelf, wayRefused)) {
		refusal = errUnauthorized
	}
	if refusal != nil {
		e.writeUnauthorized(w, refusal)
		return
	}
	if !acceptsJSONAPI(r) && !e.refuted.is(AssumeAccept, "any") {
		writeError(w, errNotAcceptable)
		return
	}
	e.route(w, r, token, path)
}

// route finds what a path below /api names.
func (e *Emulator) route(w http.ResponseWriter, r *http.Request, token *token, path string) {
	segments := strings.Split(strings.TrimPrefix(path, "/api/"), "/")
	for i, segment := range segments {
		text, err := url.PathUnescape(segment)
		if err != nil || text == "" {
			e.writeNotFound(w)
			return
		}
		segments[i] = text
	}
	switch {
	case len(segments) == 1 && (segments[0] == "organization" || segments[0] == "application"):
		e.self(w, r, token, segments[0])
	case segments[0] != "customers":
		e.writeNotFound(w)
	case len(segments) == 1:
		e.list(w, r, token)
	case len(segments) == 2:
		e.retrieve(w, r, token, segments[1])
	case len(segments) == 3:
		e.related(w, r, token, segments[1], segments[2])
	default:
		e.writeNotFound(w)
	}
}

// acceptsJSONAPI says whether the Accept header names JSON:API's media type.
//
// Assumption (accept): documented is only that another Accept header is
// answered with 406; that a missing one and wildcards are too is the stricter
// reading.
func acceptsJSONAPI(r *http.Request) bool {
	for _, value := range r.Header.Values("Accept") {
		for part := range strings.SplitSeq(value, ",") {
			mediaType, _, _ := strings.Cut(part, ";")
			if strings.EqualFold(strings.TrimSpace(mediaType), mediaTypeJSONAPI) {
				return true
			}
		}
	}
	return false
}

// hold waits for d, or until the client leaves or the emulator is closed.
func (e *Emulator) hold(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	case <-e.closed:
	}
}

// exchange travels in the request's context from ServeHTTP to the faults.
type exchange struct {
	emulator *Emulator
	entry    *Request
	form     url.Values
}

type exchangeKey struct{}

// exchangeOf finds what ServeHTTP knows of the request, nil when the request
// did not come through an emulator.
func exchangeOf(r *http.Request) *exchange {
	x, _ := r.Context().Value(exchangeKey{}).(*exchange)
	return x
}
