package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestEachOrganizationIsServedOnItsHost(t *testing.T) {
	s := newServer(8443)
	for host, want := range map[string]int{
		"yourdomain.example.com:8443": http.StatusOK,
		"globex.example.com:8443":     http.StatusUnauthorized,
		"auth.example.com:8443":       http.StatusUnauthorized,
		"broken.example.com:8443":     http.StatusServiceUnavailable,
		"nobody.example.com:8443":     http.StatusNotFound,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+host+"/api/customers", http.NoBody)
		r.Header.Set("Accept", "application/vnd.api+json")
		r.Header.Set("Authorization", "Bearer "+s.settings.Tokens["yourdomain"])
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s: %d, want %d", host, w.Code, want)
		}
	}
}
