package provider

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// readFrom returns a configuration that reads the documented customer from a
// domain.
func readFrom(domain string) string {
	return providerBlock(fmt.Sprintf("domain = %q", domain), withToken(emulator.DefaultToken), impatient) + john
}

func TestAccClosedPortIsAConnectionThatFailed(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // a port that is free
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	newCLI(t, readFrom("http://"+address)).plan().wantError("Connection failed", address, "refused", "Attempts:   2", "HTTPS_PROXY")
}

func TestAccHostThatDoesNotExistIsNamed(t *testing.T) {
	t.Parallel()
	newCLI(t, readFrom("https://acme.invalid")).plan().wantError("Host not found", "The host name acme.invalid", "`domain`")
}

func TestAccProxyOfTheEnvironmentIsUsed(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 10)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.Method + " " + r.Host
		w.WriteHeader(http.StatusForbidden)
	}))
	defer proxy.Close()
	newProcessCLI(t, readFrom("https://acme.invalid"), "HTTPS_PROXY="+proxy.URL).plan().wantError("Proxy failed", "acme.invalid", "the proxy "+strings.TrimPrefix(proxy.URL, "http://")+" refuses to connect", "403 Forbidden")
	select {
	case got := <-asked:
		if got != "CONNECT acme.invalid:443" {
			t.Errorf("the proxy was asked for %s", got)
		}
	default:
		t.Error("the proxy was not asked")
	}
}

// certified returns a function that starts a server with a self-signed
// certificate, and a file with that certificate. The test may change the
// certificate.
func certified(t *testing.T, change func(*x509.Certificate)) (start func(*httptest.Server), file string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true, IsCA: true,
	}
	change(template)
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "authority.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return func(server *httptest.Server) {
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
		server.StartTLS()
	}, file
}

func TestAccCertificatesAreVerified(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*x509.Certificate)
		words  string
	}{
		"unknown authority": {func(*x509.Certificate) {}, "x509:"},
		"expired": {func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = time.Now().Add(-48*time.Hour), time.Now().Add(-24*time.Hour)
		}, "expired"},
		"wrong host": {func(c *x509.Certificate) { c.IPAddresses, c.DNSNames = nil, []string{"other.example.com"} }, "127.0.0.1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start, _ := certified(t, tt.change)
			api := serveAPI(t, start)
			newCLI(t, readFrom(api.url)).plan().wantError("TLS connection failed", tt.words, "the access token was not sent", "Attempts:   1", "SSL_CERT_FILE")
			api.wantRequests(t)
		})
	}
	t.Run("no TLS at all", func(t *testing.T) {
		t.Parallel()
		api := startAPI(t)
		newCLI(t, readFrom(strings.Replace(api.url, "http://", "https://", 1))).plan().wantError("TLS connection failed", "the access token was not sent")
		api.wantRequests(t)
	})
	t.Run("known authority", func(t *testing.T) {
		t.Parallel()
		if runtime.GOOS != "linux" {
			t.Skip("Go reads SSL_CERT_FILE on Linux and BSD only.")
		}
		start, file := certified(t, func(*x509.Certificate) {})
		api := serveAPI(t, start)
		newProcessCLI(t, readFrom(api.url), "SSL_CERT_FILE="+file).apply().wantOutput("email", `"john@example.com"`)
		api.wantRequests(t, "GET /api/customers/xYZkjABcde")
	})
}

func TestAccRedirectsAreNeverFollowed(t *testing.T) {
	t.Parallel()
	for name, location := range map[string]func(api, other *api) string{
		"to another host":        func(_, other *api) string { return other.url + "/api/customers/xYZkjABcde" },
		"to http":                func(*api, *api) string { return "http://acme.commercelayer.io/api/customers/xYZkjABcde" },
		"in a circle":            func(api, _ *api) string { return api.url + "/api/customers/xYZkjABcde" },
		"without a host":         func(*api, *api) string { return "/login?next=/api/customers/xYZkjABcde" },
		"with the path of a key": func(_, other *api) string { return other.url + "/?token=" + emulator.DefaultToken },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api, other := startAPI(t), startAPI(t)
			api.Inject(emulator.Fault{Answer: emulator.Redirect(http.StatusTemporaryRedirect, location(api, other))})
			d := newCLI(t, api.config(john, impatient)).plan().wantError("Redirect refused", "307 Temporary Redirect", "`domain`")
			if strings.Contains(d.Detail, "next=") || strings.Contains(d.Detail, emulator.DefaultToken) {
				t.Errorf("more than the host is quoted: %s", d)
			}
			api.wantRequests(t, "GET /api/customers/xYZkjABcde")
			other.wantRequests(t)
		})
	}
}
