package commercelayer

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// A document holds a customer that can be handed on, or the error says why not
// and shows nothing that must be redacted.
func FuzzDecodeCustomer(f *testing.F) {
	for _, body := range []string{
		string(emulator.SeedDocument()), string(fullDocument(f, "?include=customer_group,tags")),
		"", "null", "[]", `{"data":null}`, `{"data":[]}`, `{"data":{"id":"a","type":"orders"}}`,
		withAttributes(`"total_orders_count":6e0,"metadata":{"n":9007199254740993,"a":[{}]}`),
		withAttributes(`"created_at":"x@y","email":7`),
		`{"data":{"id":"a","type":"customers","relationships":{"r":{"data":[{"type":"t","id":"1"}]}}},` +
			`"included":[{"type":"t","id":"1","attributes":{}}]}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		c, err := decodeCustomer(body, everything)
		if err != nil {
			if !slices.Contains([]Class{ErrMalformed, ErrMismatch, ErrTooLarge}, err.Class) {
				t.Errorf("the error is %v", err)
			}
			printable(t, err.Reason)
			expectEqual(t, "the reason, redacted", redact.Name(err.Reason), err.Reason)
			return
		}
		identifiers := []Identifier{{Type: customersType, ID: c.ID}}
		for _, r := range c.Relationships {
			identifiers = append(identifiers, r.Data...)
		}
		for _, r := range c.Included {
			identifiers = append(identifiers, r.Identifier)
		}
		if slices.ContainsFunc(identifiers, func(i Identifier) bool { return i.Type == "" || i.ID == "" }) {
			t.Errorf("a resource without an ID or a type: %v", identifiers)
		}
		_ = encoded(t, c) // fails if a part is not valid JSON
	})
}

func FuzzParseClaims(f *testing.F) {
	for _, s := range []string{
		"{}", "[]", "", `{"organization":{"id":"o","slug":"acme"},"application":{"kind":"integration"},` +
			`"exp":1729788384,"test":true,"iss":"https://auth.commercelayer.io"}`,
		`{"organization":{"slug":"a.b/c@d"},"iss":"https://auth.evil.com/x","exp":1e300}`, `{"exp":"1","iss":7,"test":0}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, claims string) {
		for _, token := range []string{claims, unsigned(claims)} {
			c := ParseClaims(token)
			for _, text := range []string{c.Slug, c.OrganizationID, c.Kind, c.Mode, c.Issuer} {
				printable(t, text)
			}
			if !c.ExpiresAt.IsZero() {
				if _, err := c.ExpiresAt.MarshalText(); err != nil {
					t.Errorf("it expires at a time that cannot be shown: %v", err)
				}
			}
			if u := c.Domain(); u != nil {
				isAddress(t, u)
				if u.Scheme != "https" || u.Path != "" || !strings.HasPrefix(u.Host, c.Slug+".") {
					t.Errorf("the domain is %s", u)
				}
			}
		}
	})
}

// isAddress fails unless a URL consists of a scheme, a host and perhaps a path.
func isAddress(t *testing.T, u *url.URL) {
	t.Helper()
	if (u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname()))) || u.Hostname() == "" {
		t.Errorf("the URL is %s", u)
	}
	if bare := (url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}); bare != *u {
		t.Errorf("the URL %s is more than an address", u)
	}
}

// A domain or an endpoint that is accepted is the same when it is read again.
func FuzzParseURLs(f *testing.F) {
	for _, s := range []string{
		"", "acme", "acme/", "acme.commercelayer.io", "acme.commercelayer.io:8443", "https://acme.commercelayer.io/",
		"http://127.0.0.1:8080", "http://[::1]:80", "[::0%25\x96]", "http://[::1%25eth0]", "https://user:pw@acme", "acme?x",
		"acme#x", "acme:1", "0x7f.1", "https://[v1.a]", "HTTP://LOCALHOST:1", testEndpoint, "http://127.0.0.1:1/oauth/token",
		"https://a.b/c%2Fd", "https://a.b//c", "https://a.b/c?d", "https://a.b/c#d", "https://a.b/%zz", "https://a.b/ä:b@c",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for what, parse := range map[string]func(string) (*url.URL, error){
			"domain": ParseDomain, "endpoint": ParseAuthEndpoint,
		} {
			u, err := parse(text)
			if err != nil {
				continue
			}
			if again, err := parse(u.String()); err != nil || again.String() != u.String() {
				t.Errorf("the %s %q is read as %s, and that as %v, %v", what, text, u, again, err)
			}
			if _, err := http.NewRequestWithContext(t.Context(), http.MethodGet, u.String(), http.NoBody); err != nil {
				t.Errorf("no request can be made to the %s %s: %v", what, u, err)
			}
			isAddress(t, u)
			if (what == "domain") != (len(u.Path) < 2) {
				t.Errorf("the path of the %s %s is %q", what, u, u.Path)
			}
			if endpoint, err := DefaultAuthEndpoint(u); what == "domain" && err == nil {
				if _, err := ParseAuthEndpoint(endpoint.String()); err != nil {
					t.Errorf("the default endpoint %s of %s is refused: %v", endpoint, u, err)
				}
			}
		}
	})
}
