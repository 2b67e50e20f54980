package commercelayer

import (
	"encoding/base64"
	"testing"
	"time"
)

// unsigned returns a JWT with the claims and an invalid signature.
func unsigned(claims string) string { return signedBy(`{"alg":"HS512"}`, claims) }

// signedBy returns one with a header of its own.
func signedBy(header, claims string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(header)) + "." + encode([]byte(claims)) + "." + encode([]byte("signature"))
}

func TestClaimsOfARecordedToken(t *testing.T) {
	// This token was recorded in October 2024.
	got := ParseClaims(unsigned(`{"organization":{"id":"oRgAnIzAtN","slug":"acme","enterprise":false,"region":"eu-west-1"},
		"application":{"id":"aPpLiCaTiO","client_id":"cLiEnT","kind":"integration","public":false},
		"scope":"market:all","exp":1729788384,"test":true,"rand":0.9081794,"iat":1729781184,"iss":"https://auth.commercelayer.io"}`))
	want := Claims{
		Slug: "acme", OrganizationID: "oRgAnIzAtN", Kind: KindIntegration, Mode: ModeTest,
		Issuer: "https://auth.commercelayer.io", ExpiresAt: time.Unix(1729788384, 0),
	}
	expectEqual(t, "the claims", got, want)
	expectEqual(t, "the domain", got.Domain().String(), "https://acme.commercelayer.io")
}

func TestClaims(t *testing.T) {
	for name, test := range map[string]struct {
		token string
		want  Claims
	}{
		"opaque":                 {"your-access-token", Claims{}},
		"empty":                  {"", Claims{}},
		"no base64":              {"a.%.c", Claims{}},
		"no JSON":                {unsigned("{"), Claims{}},
		"a list":                 {unsigned("[]"), Claims{}},
		"empty object":           {unsigned("{}"), Claims{}},
		"live":                   {unsigned(`{"test":false}`), Claims{Mode: ModeLive}},
		"unknown algorithm":      {signedBy(`{"alg":"XX999"}`, `{"test":false}`), Claims{Mode: ModeLive}},
		"no algorithm":           {signedBy(`{}`, `{"test":true}`), Claims{Mode: ModeTest}},
		"mode of another type":   {unsigned(`{"test":"true"}`), Claims{}},
		"wrong types":            {unsigned(`{"organization":[],"application":7,"exp":"soon","iss":{},"test":true}`), Claims{Mode: ModeTest}},
		"slug in capitals":       {unsigned(`{"organization":{"slug":"Acme"}}`), Claims{Slug: "acme"}},
		"slug that is no label":  {unsigned(`{"organization":{"slug":"evil.com/"}}`), Claims{}},
		"fraction of a second":   {unsigned(`{"exp":1729788384.9}`), Claims{ExpiresAt: time.Unix(1729788384, 0)}},
		"zero expiry":            {unsigned(`{"exp":0}`), Claims{}},
		"expiry beyond reason":   {unsigned(`{"exp":1e300}`), Claims{}},
		"expiry in milliseconds": {unsigned(`{"exp":1729788384000}`), Claims{}},
		"issuer with an address": {unsigned(`{"iss":"john@example.com"}`), Claims{Issuer: "[…]"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := ParseClaims(test.token)
			got.ExpiresAt = got.ExpiresAt.Truncate(time.Second)
			expectEqual(t, "the claims", got, test.want)
		})
	}
}

func TestDomainOfClaims(t *testing.T) {
	for issuer, want := range map[string]string{
		"":                               "https://acme.commercelayer.io",
		"https://auth.commercelayer.io/": "https://acme.commercelayer.io",
		"https://auth.commercelayer.co":  "https://acme.commercelayer.co",
		"http://auth.commercelayer.co":   "https://acme.commercelayer.io",
		"https://auth.":                  "https://acme.commercelayer.io",
		"https://auth.evil.com/realm":    "https://acme.commercelayer.io",
		"https://auth.evil.com?x":        "https://acme.commercelayer.io",
	} {
		got := ""
		if u := (Claims{Slug: "acme", Issuer: issuer}).Domain(); u != nil {
			got = u.String()
		}
		expectEqual(t, "the domain of "+issuer, got, want)
	}
	if u := (Claims{Issuer: "https://auth.commercelayer.io"}).Domain(); u != nil {
		t.Errorf("without an organization the domain is %s", u)
	}
}
