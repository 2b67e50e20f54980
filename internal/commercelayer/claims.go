package commercelayer

import (
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

// The kinds of API credentials (documented).
const (
	KindIntegration  = "integration"
	KindSalesChannel = "sales_channel"
)

// The modes of a token and of a customer (documented).
const (
	ModeTest = "test"
	ModeLive = "live"
)

// Claims are what an access token says about itself. They are only advice: the
// signature was not verified, and the API alone decides what a token may do. A
// field is empty if the token does not tell it.
type Claims struct {
	// Slug and OrganizationID name the organization.
	Slug           string
	OrganizationID string
	// Kind is the kind of the application, such as [KindIntegration].
	Kind string
	// Mode is [ModeTest], [ModeLive] or empty.
	Mode string
	// Issuer is the URL of the authentication service.
	Issuer string
	// ExpiresAt is when the token expires. It is zero if the token does not tell
	// it.
	ExpiresAt time.Time
}

// ParseClaims reads the claims of an access token. It does not verify the
// signature, because only the API needs to trust the token. The claims of a
// token that is no JWT are empty, which is not an error.
func ParseClaims(token string) Claims {
	// A map takes values of any type. So one claim of an unexpected type does not
	// make the others unreadable.
	claims := jwt.MapClaims{}
	_, _, err := jwt.NewParser().ParseUnverified(token, claims)
	if err != nil && !errors.Is(err, jwt.ErrTokenUnverifiable) { // the claims are there whatever the signature is
		return Claims{}
	}
	organization, _ := claims["organization"].(map[string]any)
	application, _ := claims["application"].(map[string]any)
	c := Claims{
		OrganizationID: claimText(organization["id"]),
		Kind:           claimText(application["kind"]),
	}
	// The slug becomes a part of a host name, so it must be a valid label.
	if slug := strings.ToLower(claimText(organization["slug"])); hostLabel.MatchString(slug) {
		c.Slug = slug
	}
	c.Issuer = claimText(claims["iss"])
	if test, ok := claims["test"].(bool); ok {
		c.Mode = ModeLive
		if test {
			c.Mode = ModeTest
		}
	}
	// A time after the year 9999 can't be shown, so the claim is ignored.
	if exp, err := claims.GetExpirationTime(); err == nil && exp != nil && exp.Unix() > 0 && exp.Year() < 10000 {
		c.ExpiresAt = exp.Time
	}
	return c
}

func claimText(v any) string {
	s, _ := v.(string)
	return redact.Name(s)
}

// Domain returns the URL of the organization's host: its slug below the domain
// of the issuer. The official clients do the same. An issuer that has no such
// domain counts for nothing. It returns nil if the token names no organization.
func (c Claims) Domain() *url.URL {
	if c.Slug == "" {
		return nil
	}
	if base, found := strings.CutPrefix(c.Issuer, "https://auth."); found {
		if u, err := ParseDomain("https://" + c.Slug + "." + base); err == nil {
			return u
		}
	}
	return &url.URL{Scheme: "https", Host: c.Slug + "." + DefaultBaseDomain}
}
