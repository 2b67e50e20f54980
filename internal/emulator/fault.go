package emulator

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Fault tells which requests go wrong and how. Faults see a request in the
// order in which they were injected. If one answers it, the later ones do not
// see it. No fault sees a request that the rate limits refuse.
type Fault struct {
	Name       string // shown as Request.Fault
	PathPrefix string // of the escaped path, "" for "/api/"
	After      int    // the number of matching requests that come through first
	Every      int    // then hit every n-th matching request (0 or 1: each)
	Times      int    // stop after this many hits (0: never)
	// Match is a further condition. It may be nil.
	Match func(*http.Request) bool
	// Answer writes the wrong answer.
	Answer Answer
	// Through makes the next fault or the API answer after Answer has returned.
	// It is for delays.
	Through bool
}

// Inject adds a fault after the existing ones.
func (e *Emulator) Inject(f Fault) {
	e.faults.mu.Lock()
	defer e.faults.mu.Unlock()
	e.faults.list = append(e.faults.list, &activeFault{Fault: f})
}

// ClearFaults removes all faults.
func (e *Emulator) ClearFaults() {
	e.faults.mu.Lock()
	defer e.faults.mu.Unlock()
	e.faults.list = nil
}

type faults struct {
	mu   sync.Mutex
	list []*activeFault
}

// activeFault is a fault that was injected.
type activeFault struct {
	Fault
	seen int // matching requests
	hits int // requests that the fault hit
}

// serve runs the faults that hit the request, and reports whether one of them
// answered it. No lock is held while a fault runs.
func (fs *faults) serve(w http.ResponseWriter, r *http.Request, x *exchange) bool {
	fs.mu.Lock()
	list := slices.Clone(fs.list)
	fs.mu.Unlock()
	for _, f := range list {
		if !f.matches(r) || !fs.hit(f) {
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
	prefix := cmp.Or(f.PathPrefix, "/api/")
	return strings.HasPrefix(r.URL.EscapedPath(), prefix) && (f.Match == nil || f.Match(r))
}

// hit counts a matching request and reports whether the fault hits it.
func (fs *faults) hit(f *activeFault) bool {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	f.seen++
	n := f.seen - f.After
	switch {
	case n <= 0,
		f.Every > 1 && n%f.Every != 0,
		f.Times > 0 && f.hits >= f.Times:
		return false
	}
	f.hits++
	return true
}
