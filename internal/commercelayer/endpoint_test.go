package commercelayer

import (
	"strings"
	"testing"
)

func TestParseDomainAccepts(t *testing.T) {
	for domain, want := range map[string]string{
		"acme":                          "https://acme.commercelayer.io",
		"ACME":                          "https://acme.commercelayer.io",
		"acme-2":                        "https://acme-2.commercelayer.io",
		"acme/":                         "https://acme.commercelayer.io",
		"acme.commercelayer.io":         "https://acme.commercelayer.io",
		"acme.commercelayer.io:8443":    "https://acme.commercelayer.io:8443",
		"https://acme.commercelayer.io": "https://acme.commercelayer.io",
		"HTTPS://Acme.CommerceLayer.io": "https://acme.commercelayer.io",
		"https://emulator:8443":         "https://emulator:8443",
		"http://127.8.9.10:8080":        "http://127.8.9.10:8080",
		"http://localhost:8080/":        "http://localhost:8080",
		"http://[::1]:8080":             "http://[::1]:8080",
		"http://[::1]":                  "http://[::1]",
		"localhost":                     "https://localhost",
		"https://10.0.0.5":              "https://10.0.0.5",
	} {
		if got, err := ParseDomain(domain); err != nil || got.String() != want {
			t.Errorf("%s: got %v, %v, want %s", domain, got, err, want)
		}
	}
}

func TestParseDomainRefuses(t *testing.T) {
	for domain, want := range map[string]string{
		"":                                      "empty",
		"   ":                                   "blank",
		"ac me":                                 "white space",
		"acme\n":                                "white space",
		"acme.commercelayer.io/api":             "path",
		"https://acme.commercelayer.io//":       "path",
		"https://acme.commercelayer.io?x=1":     "query",
		"https://acme.commercelayer.io#top":     "fragment",
		"https://user:pw@acme.commercelayer.io": "user or a password",
		"https://acme.commercelayer.io\\@evil.io": "user or a password",
		"http://acme.commercelayer.io":            "loopback",
		"http://10.0.0.5":                         "loopback",
		"http://127.0.0.1.example.com":            "loopback",
		"ftp://acme.commercelayer.io":             "scheme",
		"acme:8443":                               "full host name",
		"acme.commercelayer.io:":                  "port",
		"acme.commercelayer.io:0":                 "port",
		"acme.commercelayer.io:65536":             "port",
		"acme.commercelayer.io:https":             "not a host name",
		"http://[::1%25eth0]":                     "zone",
		"https://:8443":                           "host is missing",
		"acme..commercelayer.io":                  "not a host name",
		"-acme":                                   "not a host name",
		"acme_corp":                               "not a host name",
		"äcme":                                    "not a host name",
		strings.Repeat("a", 64):                   "not a host name",
		"https://" + strings.Repeat("a.", 150):    "longer than",
	} {
		if got, err := ParseDomain(domain); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, %v, want an error with %q", domain, got, err, want)
		}
	}
}

func TestParseAuthEndpoint(t *testing.T) {
	for endpoint, want := range map[string]string{ // what is wrong
		"https://auth.commercelayer.io/oauth/token": "",
		"http://127.0.0.1:9/oauth%2Ftoken":          "",
		"http://auth.commercelayer.io/oauth/token":  "loopback",
		"https://auth.commercelayer.io":             "the path of the endpoint is missing",
		"https://auth.commercelayer.io/":            "the path of the endpoint is missing",
		"auth.commercelayer.io/oauth/token":         "the endpoint is not a URL",
		"https://auth.commercelayer.io/o?x=1":       "the endpoint must not contain a query",
		"https://auth.commercelayer.io?x=1":         "the endpoint must not contain a query",
		"https://auth.commercelayer.io/o#x":         "the endpoint must not contain a fragment",
		"https://u:p@auth.commercelayer.io/o":       "the endpoint must not contain a user or a password",
		"https://auth.commerce layer.io/o":          "the endpoint contains white space",
		"https://eyJhbGciOiJI.e30.c2ln/o":           "the endpoint holds an access token",
		"https://auth.commercelayer.io/o auth":      "the path of the endpoint is malformed",
		"https://auth.commercelayer.io/%zz":         "the path of the endpoint is malformed",
	} {
		got, err := ParseAuthEndpoint(endpoint)
		if want == "" && (err != nil || got.String() != endpoint) ||
			want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, %v, want an error with %q", endpoint, got, err, want)
		}
	}
}

func TestDefaultAuthEndpoint(t *testing.T) {
	for domain, want := range map[string]string{
		"acme":                       "https://auth.commercelayer.io/oauth/token",
		"acme.commercelayer.co:8443": "https://auth.commercelayer.co/oauth/token",
		"http://127.0.0.1:8080":      "http://127.0.0.1:8080/oauth/token",
		"https://localhost:8443":     "https://localhost:8443/oauth/token",
		"https://10.0.0.5":           "",
		"https://emulator:8443":      "",
		"https://acme.io":            "",
	} {
		u, err := ParseDomain(domain)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := DefaultAuthEndpoint(u); (err != nil) != (want == "") || err == nil && got.String() != want {
			t.Errorf("%s: got %v, %v, want %s", domain, got, err, want)
		}
	}
	got, err := DefaultAuthEndpoint(nil)
	if err != nil || got.String() != testEndpoint {
		t.Errorf("got %v, %v, want %s", got, err, testEndpoint)
	}
}

func TestADomainThatIsASecretIsNotQuoted(t *testing.T) {
	const token = "eyJhbGciOiJIUzUxMiJ9.eyJvcmdhbml6YXRpb24iOnt9fQ.c2lnbmF0dXJl"
	long := strings.Repeat("s", 10_000)
	for _, domain := range []string{token, token + "://acme", long, long + "://acme"} {
		_, err := ParseDomain(domain)
		if err == nil || strings.Contains(strings.ToLower(err.Error()), "eyjhbgci") || len(err.Error()) > 300 {
			t.Errorf("the domain is accepted or quoted: %v", err)
		}
	}
}
