package provider

import (
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// readFrom returns a configuration that reads the documented customer from a
// domain.
func readFrom(domain string) string {
	return providerBlock(fmt.Sprintf("domain = %q", domain), withToken(emulator.DefaultToken), impatient) + john
}

func TestAccProxyOfTheEnvironmentIsUsed(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 10)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.Method + " " + r.Host
		w.WriteHeader(http.StatusForbidden)
	}))
	defer proxy.Close()
	newProcessCLI(t, readFrom("https://acme.invalid"), "HTTPS_PROXY="+proxy.URL).plan().wantError("Proxy failed",
		"acme.invalid", "the proxy "+strings.TrimPrefix(proxy.URL, "http://")+" refuses to connect", "403 Forbidden")
	select {
	case got := <-asked:
		if got != "CONNECT acme.invalid:443" {
			t.Errorf("the proxy was asked for %s", got)
		}
	default:
		t.Error("the proxy was not asked")
	}
}

func TestAccCertificatesAreVerified(t *testing.T) {
	t.Parallel()
	api := serveAPI(t, (*httptest.Server).StartTLS)
	newCLI(t, readFrom(api.url)).plan().wantError("TLS connection failed", "x509:", "the access token was not sent",
		"SSL_CERT_FILE")
	api.wantRequests(t)
	if runtime.GOOS != "linux" {
		t.Skip("Go reads SSL_CERT_FILE on Linux and BSD only.")
	}
	file := filepath.Join(t.TempDir(), "authority.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: api.server.Certificate().Raw})
	noError(t, os.WriteFile(file, certificate, 0o600))
	newProcessCLI(t, readFrom(api.url), "SSL_CERT_FILE="+file).apply().wantOutput("email", `"john@example.com"`)
	api.wantRequests(t, "GET /api/customers/xYZkjABcde")
}
