package emulator

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Fault says which requests go wrong and how. Faults are asked in the order in
// which they were injected; a request that one of them answered is not shown to
// the ones behind it. Requests that the rate limits refuse meet no fault.
type Fault struct {
	Name       string    // shown as Request.Fault
	Method     string    // "" any
	PathPrefix string    // of the escaped path; "" everything under /api/
	After      int       // let this many matching requests through first
	Every      int       // then hit every n-th matching request (0 or 1: each)
	Times      int       // stop after this many hits (0: never)
	Until      time.Time // stop at that time of the emulator's clock (zero: never)
	// Match is an extra condition, nil for none.
	Match func(*http.Request) bool
	// Answer is the fault itself.
	Answer func(w http.ResponseWriter, r *http.Request)
	// Through answers normally (or by the next fault) after Answer, for delays.
	Through bool
}

// Inject adds a fault behind those already there.
func (e *Emulator) Inject(f Fault) {
	e.faults.mu.Lock()
	defer e.faults.mu.Unlock()
	e.faults.list = append(e.faults.list, &activeFault{Fault: f})
}

// ClearFaults takes every fault away.
func (e *Emulator) ClearFaults() {
	e.faults.mu.Lock()
	defer e.faults.mu.Unlock()
	e.faults.list = nil
}

type faults struct {
	mu   sync.Mutex
	list []*activeFault
}

// activeFault is a fault with what it has seen.
type activeFault struct {
	Fault
	seen, hits int
}

// serve runs the faults that the request meets and reports whether one of them
// answered it. No lock is held while a fault runs.
func (fs *faults) serve(w http.ResponseWriter, r *http.Request, x *exchange) bool {
	fs.mu.Lock()
	list := slices.Clone(fs.list)
	fs.mu.Unlock()
	for _, f := range list {
		if !f.matches(r) || !fs.hit(f, x.emulator.now()) {
			continue
		}
		x.emulator.log.setFault(x.entry, f.Name)
		f.Answer(w, r)
		if !f.Through {
			return true
		}
	}
	return false
}

func (f *Fault) matches(r *http.Request) bool {
	prefix := f.PathPrefix
	if prefix == "" {
		prefix = "/api/"
	}
	return (f.Method == "" || f.Method == r.Method) &&
		strings.HasPrefix(r.URL.EscapedPath(), prefix) &&
		(f.Match == nil || f.Match(r))
}

// hit counts a matching request and reports whether the fault strikes.
func (fs *faults) hit(f *activeFault, now time.Time) bool {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	f.seen++
	n := f.seen - f.After
	switch {
	case n <= 0,
		f.Every > 1 && n%f.Every != 0,
		f.Times > 0 && f.hits >= f.Times,
		!f.Until.IsZero() && !now.Before(f.Until):
		return false
	}
	f.hits++
	return true
}
