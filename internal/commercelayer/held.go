package commercelayer

import (
	"sync"
	"time"
)

// A heldTime is the time in which the rate limit held at least one of several
// fetches. Fetches that wait at the same time count once.
type heldTime struct {
	mu      sync.Mutex
	held    time.Duration
	fetches int
	since   time.Time
}

// enter counts a fetch that begins to wait.
func (h *heldTime) enter(s stage) {
	if !s.isLimited() {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.fetches++; h.fetches == 1 {
		h.since = time.Now()
	}
}

// leave counts a fetch that waits no longer.
func (h *heldTime) leave(s stage) {
	if !s.isLimited() {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.fetches--; h.fetches == 0 {
		h.held += time.Since(h.since)
	}
}

// total returns the time so far.
func (h *heldTime) total() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.fetches > 0 {
		return h.held + time.Since(h.since)
	}
	return h.held
}
