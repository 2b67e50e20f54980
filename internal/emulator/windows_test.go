package emulator

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
)

// Any path below /api has a window of its own, and refused requests have them,
// too. They must not add up.
func TestManyPathsKeepFewWindows(t *testing.T) {
	e := New(WithLimits())
	for i := range 3 * maxWindows {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("/api/path%d", i), http.NoBody)
		e.ServeHTTP(httptest.NewRecorder(), r)
	}
	if n := len(e.windows.m); n > maxWindows {
		t.Errorf("%d windows are kept", n)
	}
}
