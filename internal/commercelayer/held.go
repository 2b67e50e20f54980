package commercelayer

import (
	"sync"
	"time"
)

// A heldTime measures the time in which the rate limit held at least one of
// several fetches. Time in which several fetches wait counts once.
type heldTime struct {
	mu      sync.Mutex
	held    time.Duration
	fetches int
	since   time.Time
}

// enter counts a fetch that enters a stage.
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

// leave counts a fetch that leaves a stage.
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

// total returns the measured time so far.
func (h *heldTime) total() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.fetches > 0 {
		return h.held + time.Since(h.since)
	}
	return h.held
}
