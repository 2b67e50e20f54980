// Package emulator emulates the part of Commerce Layer's Core API that reads
// customers. It runs in the process of a test or a command. It has customers, a
// token endpoint, the API's forms of errors, and the rate limits with their
// headers. Tests can inject faults. A log holds each request, so tests can also
// check that a request was not sent.
//
// Comments say where the behaviour comes from:
//
//   - "documented": the public documentation.
//   - "recorded" and a year: recordings of the real API in the tests of other
//     projects.
//   - "Assumption (name)": no source proves it. Assumptions lists all of them,
//     and WithRefuted refutes them.
//   - "Simplified": the real API is known to do more.
package emulator

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Emulator is one emulated organization. It is an http.Handler and safe for
// concurrent use. New makes it.
type Emulator struct {
	slug           string
	organizationID string
	live           bool
	latency        time.Duration
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

// New makes an emulator. Its customers are the example of the API's
// documentation (SeedCustomerID), a customer without a null attribute
// (FullCustomerID), and those that the options add. With WithData it has only
// the customers of the data.
//
// It accepts DefaultToken and the default application. Without options it is in
// test mode and enforces no limits.
func New(opts ...Option) *Emulator {
	e := &Emulator{
		slug:           "yourdomain",
		organizationID: "oRgAnIzAtN",
		closed:         make(chan struct{}),
		refuted:        refutations{},
		windows:        windows{times: map[window][]time.Time{}},
		tokens: tokens{
			byValue:      map[string]*token{},
			applications: map[string]*Application{},
			current:      map[grantKey]*token{},
		},
	}
	for _, opt := range opts {
		opt(e)
	}
	e.limits = e.limits.or(DocumentedLimits(e.live))
	e.store.init()
	e.seed()
	return e
}

// Close ends all answers that are delayed, stalled or endless. A test server
// would otherwise wait for them when it closes. The emulator still answers
// requests afterwards, but without delays.
func (e *Emulator) Close() {
	e.closeOnce.Do(func() { close(e.closed) })
}

// InFlight returns the number of requests that are being answered now. A client
// can see the end of an answer a moment before the number falls.
func (e *Emulator) InFlight() int { return int(e.inFlight.Load()) }

// OnRequest adds a hook. It is called for each request, after the request is
// logged and before it is answered. No lock is held then, so a hook may create
// and delete customers, revoke tokens or cancel contexts.
func (e *Emulator) OnRequest(f func(r *http.Request)) {
	e.hookMu.Lock()
	defer e.hookMu.Unlock()
	e.hooks = append(e.hooks, f)
}

// ServeHTTP answers one request. The request passes the log, the hooks, the
// rate limits, the latency and the faults, in this order, before the API
// answers it.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.inFlight.Add(1)
	defer e.inFlight.Add(-1)

	x := &exchange{emulator: e, entry: e.log.add(r)}
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

// answer answers a request as the API does, without limits and faults.
func (e *Emulator) answer(w http.ResponseWriter, r *http.Request) {
	path := r.URL.EscapedPath()
	switch {
	case len(r.URL.RequestURI()) > shortURL && e.refuted.is(AssumeURLLength, wayRefused):
		Status(http.StatusRequestURITooLong)(w, r)
	case path == "/oauth/token" && r.Method == http.MethodPost:
		e.issue(w, r)
	case path == "/oauth/revoke" && r.Method == http.MethodPost:
		e.revoke(w, r)
	case path == "/api" || strings.HasPrefix(path, "/api/"):
		e.serveAPI(w, r, path)
	default:
		e.writeNotFound(w)
	}
}

// shortURL is the length that a URL may have if the assumption is refuted.
//
// Assumption (url-length): a URL with 25 e-mail addresses is not too long.
const shortURL = 4096

// serveAPI answers requests for paths below /api.
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
	e.store.mu.RLock()
	body, refusal := e.read(r, token, path)
	e.store.mu.RUnlock()
	switch {
	case refusal != nil:
		writeError(w, refusal)
	case body == nil:
		e.writeNotFound(w)
	default:
		e.writeDocument(w, body)
	}
}

// read makes the document of a path below /api. It is nil if nothing has this
// path. The caller holds the store's mutex.
func (e *Emulator) read(r *http.Request, token *token, path string) (json.RawMessage, *apiError) {
	segments := strings.Split(strings.TrimPrefix(path, "/api/"), "/")
	for i, segment := range segments {
		text, err := url.PathUnescape(segment)
		if err != nil || text == "" {
			return nil, nil
		}
		segments[i] = text
	}
	switch {
	case len(segments) == 1 && (segments[0] == "organization" || segments[0] == "application"):
		return e.self(r, token, segments[0])
	case segments[0] != "customers":
		return nil, nil
	case len(segments) == 1:
		return e.list(r, token.live, e.store.customers[token.live])
	case len(segments) == 2:
		return e.retrieve(r, token.live, segments[1])
	case len(segments) == 3:
		return e.related(r, token.live, segments[1], segments[2])
	default:
		return nil, nil
	}
}

// acceptsJSONAPI tells whether the Accept header names the media type of
// JSON:API.
//
// Assumption (accept): a request without an Accept header, or with a wildcard,
// is answered with 406. The documentation says this of another media type only.
// The emulator takes the stricter reading.
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

// hold waits for d. It ends early if the client closes the connection or the
// emulator is closed.
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

// exchange holds what ServeHTTP knows about a request. It is in the context of
// the request, where the faults find it.
type exchange struct {
	emulator *Emulator
	entry    *Request
}

type exchangeKey struct{}

// exchangeOf returns the exchange of a request. It is nil if the request did
// not come through ServeHTTP.
func exchangeOf(r *http.Request) *exchange {
	x, _ := r.Context().Value(exchangeKey{}).(*exchange)
	return x
}
