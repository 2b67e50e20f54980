package commercelayer

import (
	"strings"
	"testing"
)

func TestParseDomainAccepts(t *testing.T) {
	for domain, want := range map[string]string{
		"acme":                               "https://acme.commercelayer.io",
		"ACME":                               "https://acme.commercelayer.io",
		"acme-2":                             "https://acme-2.commercelayer.io",
		"acme/":                              "https://acme.commercelayer.io",
		"acme.commercelayer.io":              "https://acme.commercelayer.io",
		"acme.commercelayer.io/":             "https://acme.commercelayer.io",
		"acme.commercelayer.io:8443":         "https://acme.commercelayer.io:8443",
		"acme.commercelayer.co":              "https://acme.commercelayer.co",
		"https://acme.commercelayer.io":      "https://acme.commercelayer.io",
		"https://acme.commercelayer.io/":     "https://acme.commercelayer.io",
		"HTTPS://Acme.CommerceLayer.io":      "https://acme.commercelayer.io",
		"https://acme.commercelayer.io:8443": "https://acme.commercelayer.io:8443",
		"https://emulator:8443":              "https://emulator:8443",
		"http://127.0.0.1:8080":              "http://127.0.0.1:8080",
		"http://127.8.9.10":                  "http://127.8.9.10",
		"http://localhost:8080/":             "http://localhost:8080",
		"http://[::1]:8080":                  "http://[::1]:8080",
		"http://[::1]":                       "http://[::1]",
		"https://localhost":                  "https://localhost",
		"localhost":                          "https://localhost",
		"https://10.0.0.5":                   "https://10.0.0.5",
	} {
		t.Run(domain, func(t *testing.T) {
			got, err := ParseDomain(domain)
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != want {
				t.Errorf("got %s, want %s", got, want)
			}
			again, err := ParseDomain(got.String())
			if err != nil || again.String() != want {
				t.Errorf("reading the result again gives %v, %v", again, err)
			}
		})
	}
}

func TestParseDomainRefuses(t *testing.T) {
	for domain, want := range map[string]string{
		"":                                        "empty",
		"   ":                                     "blank",
		" acme":                                   "white space",
		"acme ":                                   "white space",
		"ac me":                                   "white space",
		"acme\n":                                  "white space",
		"acme.commercelayer.io/api":               "path",
		"https://acme.commercelayer.io/api":       "path",
		"https://acme.commercelayer.io//":         "path",
		"https://acme.commercelayer.io?x=1":       "query",
		"https://acme.commercelayer.io/?x=1":      "query",
		"https://acme.commercelayer.io#top":       "fragment",
		"https://user:pw@acme.commercelayer.io":   "user or a password",
		"user@acme":                               "user or a password",
		"http://acme.commercelayer.io":            "loopback",
		"http://acme":                             "loopback",
		"http://10.0.0.5":                         "loopback",
		"http://127.0.0.1.example.com":            "loopback",
		"http://localhost.example.com":            "loopback",
		"ftp://acme.commercelayer.io":             "scheme",
		"acme:8443":                               "full host name",
		"acme.commercelayer.io:":                  "port",
		"acme.commercelayer.io:0":                 "port",
		"acme.commercelayer.io:99999":             "port",
		"acme.commercelayer.io:https":             "not a host name",
		"http://[::1%25eth0]":                     "zone",
		"https://":                                "host is missing",
		"https://:8443":                           "host is missing",
		"acme..commercelayer.io":                  "not a host name",
		"-acme":                                   "not a host name",
		"acme_corp":                               "not a host name",
		"äcme":                                    "not a host name",
		"https://acme%2ecommercelayer.io":         "not a host name",
		strings.Repeat("a", 64):                   "not a host name",
		"https://" + strings.Repeat("a.", 150):    "longer than",
		"acme\\commercelayer.io":                  "not a host name",
		"https://acme.commercelayer.io\\@evil.io": "user or a password",
	} {
		t.Run(domain, func(t *testing.T) {
			got, err := ParseDomain(domain)
			if err == nil {
				t.Fatalf("accepted as %s", got)
			}
			if !strings.Contains(err.Error(), want) {
				t.Errorf("error %q does not mention %q", err, want)
			}
		})
	}
}

func TestParseAuthEndpoint(t *testing.T) {
	for endpoint, want := range map[string]string{
		"https://auth.commercelayer.io/oauth/token": "https://auth.commercelayer.io/oauth/token",
		"http://127.0.0.1:9/oauth/token":            "http://127.0.0.1:9/oauth/token",
		"http://auth.commercelayer.io/oauth/token":  "",
		"https://auth.commercelayer.io":             "",
		"https://auth.commercelayer.io/":            "",
		"auth.commercelayer.io/oauth/token":         "",
		"https://auth.commercelayer.io/o?x=1":       "",
		"https://auth.commercelayer.io/o#x":         "",
		"https://u:p@auth.commercelayer.io/o":       "",
		"https://auth.commercelayer.io/o auth":      "",
		"":                                          "",
	} {
		t.Run(endpoint, func(t *testing.T) {
			got, err := ParseAuthEndpoint(endpoint)
			if (err != nil) != (want == "") {
				t.Fatalf("got %v, %v", got, err)
			}
			if err == nil && got.String() != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestDefaultAuthEndpoint(t *testing.T) {
	for domain, want := range map[string]string{
		"":                           "https://auth.commercelayer.io/oauth/token",
		"acme":                       "https://auth.commercelayer.io/oauth/token",
		"acme.commercelayer.co":      "https://auth.commercelayer.co/oauth/token",
		"acme.commercelayer.io:8443": "https://auth.commercelayer.io/oauth/token",
		"http://127.0.0.1:8080":      "http://127.0.0.1:8080/oauth/token",
		"https://localhost:8443":     "https://localhost:8443/oauth/token",
		"https://10.0.0.5":           "",
		"https://emulator:8443":      "",
		"https://acme.io":            "",
	} {
		t.Run(domain, func(t *testing.T) {
			var got string
			u, err := ParseDomain(domain)
			if domain == "" {
				u, err = nil, nil
			}
			if err != nil {
				t.Fatal(err)
			}
			if endpoint, err := DefaultAuthEndpoint(u); err == nil {
				got = endpoint.String()
			}
			if got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestADomainThatIsASecretIsNotQuoted(t *testing.T) {
	const token = "eyJhbGciOiJIUzUxMiJ9.eyJvcmdhbml6YXRpb24iOnt9fQ.c2lnbmF0dXJl"
	long := strings.Repeat("s", 10_000)
	for _, domain := range []string{token, "https://" + token, token + "://acme", token + ":x", long, long + "://acme"} {
		_, err := ParseDomain(domain)
		if err == nil {
			t.Fatalf("%s is accepted", domain)
		}
		if strings.Contains(strings.ToLower(err.Error()), "eyjhbgci") || len(err.Error()) > 300 {
			t.Errorf("the domain is quoted: %v", err)
		}
	}
}
