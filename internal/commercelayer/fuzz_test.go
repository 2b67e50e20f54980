package commercelayer

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/filter"
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
func isSound(t *testing.T, err error) {
	t.Helper()
	failure := expectOneOf(t, err, ErrMalformed, ErrMismatch, ErrTooLarge)
	printable(t, failure.Reason)
	if redact.Name(failure.Reason) != failure.Reason {
		t.Errorf("the reason holds what must be redacted: %q", failure.Reason)
	}
}

func expectOneOf(t *testing.T, err error, classes ...Class) *Error {
	t.Helper()
	var failure *Error
	if !errors.As(err, &failure) || !slices.Contains(classes, failure.Class) {
		t.Fatalf("the error is %v", err)
	}
	return failure
}

// documents are the seeds of two fuzz targets below.
func documents(f *testing.F) {
	f.Helper()
	e := emulator.New(emulator.WithCustomers(3))
	f.Add(emulator.SeedDocument())
	f.Add(fullDocument(f, ""))
	f.Add(fullDocument(f, "?include=customer_group,tags"))
	f.Add(fetch(f, e, customersPath+"?sort=id&page[size]=3&include=tags"))
	for _, s := range []string{
		"", "null", "[]", `{"data":null}`, `{"data":[]}`, `{"data":{"id":"a","type":"orders"}}`,
		withAttributes(`"total_orders_count":6e0,"metadata":{"n":9007199254740993,"a":[{}]}`),
		withAttributes(`"created_at":"x@y","email":7`),
		`{"data":[{"id":"a","type":"customers"},7],"meta":{"record_count":2},"links":{"next":{"href":"x"}}}`,
		`{"data":{"id":"a","type":"customers","relationships":{"r":{"data":[{"type":"t","id":"1"}]}}},` +
			`"included":[{"type":"t","id":"1","attributes":{}}]}`,
	} {
		f.Add([]byte(s))
	}
}

// A customer that was read is the same after it was written and read again.
func FuzzDecodeCustomer(f *testing.F) {
	documents(f)
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

func FuzzDecodePage(f *testing.F) {
	documents(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := decodePage(body)
		if err != nil {
			isSound(t, err)
			return
		}
		for _, customer := range p {
			if customer.ID == "" {
				t.Error("a customer without an ID")
			}
		}
	})
}

func FuzzParseAPIErrors(f *testing.F) {
	for _, s := range []string{
		"", "<html>", `{"errors":[{"title":"Record not found",` +
			`"detail":"The requested resource was not found.","code":"RECORD_NOT_FOUND","status":"404"}]}`,
		`{"errors":{"title":"Too Many Requests","code":"THROTTLED","status":429}}`,
		`{"error":"invalid_client","error_description":"john@example.com"}`,
		`{"errors":[{"detail":"a\u0000b john@example.com eyJhbGciOiJIUzUxMiJ9.eyJ0ZXN0Ijp0cnVlfQ.c2ln"}]}`,
		`{"errors":[null,7,{"code":{}}]}`,
	} {
		f.Add([]byte(s), "secret-token")
	}
	f.Fuzz(func(t *testing.T, body []byte, secret string) {
		list := apiErrors(body, redact.NewSecrets(secret))
		if len(list) > maxAPIErrors {
			t.Errorf("%d errors", len(list))
		}
		for _, e := range list {
			for _, text := range []string{e.Code, e.Title, e.Detail} {
				printable(t, text)
				if redact.Name(text) != text {
					t.Errorf("%q holds what must be redacted", text)
				}
			}
			if e.String() == "" {
				t.Error("an empty error")
			}
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

func FuzzPredicateInQuery(f *testing.F) {
	for _, s := range []string{"", "status_eq", "email_or_reference_start", "_eq", "a_b", "status_eq]=1&sort", "ä_eq"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, predicate string) {
		if _, err := filter.Parse(predicate); err != nil {
			return
		}
		// An accepted predicate can't end the brackets of its query parameter.
		query, err := url.ParseQuery(filterKey(predicate) + "=1")
		if err != nil || len(query) != 1 || query.Get("filter[q]["+predicate+"]") != "1" {
			t.Errorf("%q makes the query %v, %v", predicate, query, err)
		}
	})
}
