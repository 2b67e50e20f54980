package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestEachOrganizationIsServedOnItsHost(t *testing.T) {
	s := newServer(8443)
	defer s.close()
	for host, want := range map[string]int{
		"yourdomain.emulator.test:8443": http.StatusOK,
		"globex.emulator.test:8443":     http.StatusUnauthorized,
		"auth.emulator.test:8443":       http.StatusUnauthorized,
		"broken.emulator.test:8443":     http.StatusServiceUnavailable,
		"nobody.emulator.test:8443":     http.StatusNotFound,
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

func TestTheSettingsNameWhatTheTestsUse(t *testing.T) {
	s := newServer(8443)
	defer s.close()
	text, err := json.Marshal(s.settings)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"domain":"emulator.test:8443"`, `"clientId":"`, `"full":"` + emulator.FullCustomerID + `"`, `"buyer":"`,
		`"expired":"`, `"powerless":"`, `"revocable":"`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the settings lack %s", want)
		}
	}
}

func TestTheCertificateIsGoodForEveryHost(t *testing.T) {
	config, pem, err := newCertificate(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.TLS = config
	server.StartTLS()
	defer server.Close()
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(pem)
	for _, host := range []string{"yourdomain.emulator.test", "auth.emulator.test"} {
		dialer := &tls.Dialer{NetDialer: &net.Dialer{}, Config: &tls.Config{
			RootCAs: trusted, ServerName: host, MinVersion: tls.VersionTLS12,
		}}
		conn, err := dialer.DialContext(t.Context(), "tcp", server.Listener.Addr().String())
		if err != nil {
			t.Errorf("%s: %v", host, err)
			continue
		}
		_ = conn.Close()
	}
}

func TestWhatIsMissingIsSaid(t *testing.T) {
	if err := run(t.Context(), t.TempDir(), "no-such-node"); err == nil || !strings.Contains(err.Error(), "Node") {
		t.Errorf("without Node: %v", err)
	}
	// Any binary will do, because it is not run.
	if err := run(t.Context(), t.TempDir(), "go"); err == nil || !strings.Contains(err.Error(), "make interop") {
		t.Errorf("without packages: %v", err)
	}
}
