package commercelayer

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// wordEnds matches where two words meet in the name of a field, such as
// JWTCustomClaim.
var wordEnds = regexp.MustCompile(`([a-z])([A-Z])|([A-Z])([A-Z][a-z])`)

// wireDocument writes a customer as a JSON:API document, as the API sends it.
func wireDocument(t *testing.T, c *Customer) []byte {
	t.Helper()
	type member = map[string]any
	relationships := member{}
	for name, r := range c.Relationships {
		relationship := member{"links": member{"self": r.Self, "related": r.Related}}
		if r.Data != nil {
			relationship["data"] = r.Data
		}
		relationships[name] = relationship
	}
	attributes := member{}
	for field, value := range reflect.ValueOf(*c).Fields() {
		name := strings.ToLower(wordEnds.ReplaceAllString(field.Name, "${1}${3}_${2}${4}"))
		if attributeNamed(name) != nil {
			attributes[name] = value.Interface()
		}
	}
	body, err := json.Marshal(member{"data": member{
		"id": c.ID, "type": customersType, "links": member{"self": c.Self},
		"meta":       member{"mode": c.Mode, "organization_id": c.OrganizationID},
		"attributes": attributes, "relationships": relationships,
	}})
	if err != nil {
		t.Fatalf("the customer cannot be written: %v", err)
	}
	return body
}

// isSound fails if an error of the decoder must not be shown.
func isSound(t *testing.T, failure *Error) {
	t.Helper()
	if !slices.Contains([]Class{ErrMalformed, ErrMismatch, ErrTooLarge}, failure.Class) {
		t.Errorf("the error is %v", failure)
	}
	printable(t, failure.Reason)
	if redact.Name(failure.Reason) != failure.Reason {
		t.Errorf("the reason holds what must be redacted: %q", failure.Reason)
	}
}

// A customer that was read is the same after it was written and read again.
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
			isSound(t, err)
			return
		}
		if c.ID == "" {
			t.Error("a customer without an ID")
		}
		c.Included = nil // it is not a part of the customer's resource object
		again, err := decodeCustomer(wireDocument(t, c), everything)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if got, want := encoded(t, again), encoded(t, c); got != want {
			t.Errorf("read again it is\n%s, not\n%s", got, want)
		}
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
				isHostOnly(t, u)
				if u.Scheme != "https" || !strings.HasPrefix(u.Host, c.Slug+".") {
					t.Errorf("the domain is %s", u)
				}
			}
		}
	})
}

// isHostOnly fails unless a URL consists of a scheme and a host.
func isHostOnly(t *testing.T, u *url.URL) {
	t.Helper()
	if (u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname()))) || u.Hostname() == "" {
		t.Errorf("the URL is %s", u)
	}
	if bare := (url.URL{Scheme: u.Scheme, Host: u.Host}); bare != *u {
		t.Errorf("the URL %s is more than a host", u)
	}
}

func FuzzParseDomain(f *testing.F) {
	for _, s := range []string{
		"", "acme", "acme/", "acme.commercelayer.io", "acme.commercelayer.io:8443", "https://acme.commercelayer.io/",
		"http://127.0.0.1:8080", "http://[::1]:80",
		"http://[::1%25eth0]", "https://user:pw@acme", "acme?x", "acme#x", "acme:1", "0x7f.1", "https://[v1.a]",
		"HTTP://LOCALHOST:1",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, domain string) {
		u, err := ParseDomain(domain)
		if err != nil {
			return
		}
		isHostOnly(t, u)
		again, err := ParseDomain(u.String())
		if err != nil || *again != *u {
			t.Errorf("%q is read as %s, and that as %v, %v", domain, u, again, err)
		}
		if _, err := http.NewRequestWithContext(t.Context(), http.MethodGet, u.String()+customersPath,
			http.NoBody); err != nil {
			t.Errorf("no request can be made to %s: %v", u, err)
		}
		if endpoint, err := DefaultAuthEndpoint(u); err == nil {
			if _, err := ParseAuthEndpoint(endpoint.String()); err != nil {
				t.Errorf("the default endpoint %s of %s is refused: %v", endpoint, u, err)
			}
		}
	})
}

func FuzzParseAuthEndpoint(f *testing.F) {
	for _, s := range []string{
		"", testEndpoint, "https://auth.commercelayer.io", "http://127.0.0.1:1/oauth/token", "https://a.b/c%2Fd",
		"https://a.b//c", "https://a.b/c?d", "https://a.b/c#d", "https://a.b/%zz", "https://a.b/ä:b@c",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, endpoint string) {
		u, err := ParseAuthEndpoint(endpoint)
		if err != nil {
			return
		}
		isHostOnly(t, &url.URL{Scheme: u.Scheme, Host: u.Host})
		if u.User != nil || u.RawQuery != "" || u.Fragment != "" || len(u.Path) < 2 || u.Path[0] != '/' {
			t.Errorf("%q is read as %#v", endpoint, u)
		}
		again, err := ParseAuthEndpoint(u.String())
		if err != nil || again.String() != u.String() {
			t.Errorf("%q is read as %s, and that as %v, %v", endpoint, u, again, err)
		}
	})
}
