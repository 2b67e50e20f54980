package commercelayer

import (
	"net/url"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// The kinds of API credentials (documented).
const (
	KindIntegration  = "integration"
	KindSalesChannel = "sales_channel"
	KindWebapp       = "webapp"
)

// The modes of a token and of a customer (documented).
const (
	ModeTest = "test"
	ModeLive = "live"
)

// Claims are what an access token says of itself. They are advice: nobody has
// verified the signature, and only the API decides what a token may do.
type Claims struct {
	// Slug and OrganizationID name the organization; empty if the token does not.
	Slug           string
	OrganizationID string
	// Kind is the kind of the application, such as [KindIntegration].
	Kind string
	// Mode is [ModeTest], [ModeLive] or empty.
	Mode string
	// Issuer is the URL of the authentication service.
	Issuer string
	// ExpiresAt is zero if the token does not say.
	ExpiresAt time.Time
}

// ParseClaims reads the claims of an access token, without verifying it: the
// signing method has changed over the years, and only the API needs to trust
// it. A token that is no JWT has none, which is no error.
func ParseClaims(token string) Claims {
	// Members are decoded loosely: a claim of another type than documented
	// must not cost the others.
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(token, claims); err != nil {
		return Claims{}
	}
	organization, _ := claims["organization"].(map[string]any)
	application, _ := claims["application"].(map[string]any)
	c := Claims{
		OrganizationID: text(organization["id"]),
		Kind:           text(application["kind"]),
	}
	// The slug becomes a host name, so only what can be one counts.
	if slug := strings.ToLower(text(organization["slug"])); hostLabel.MatchString(slug) {
		c.Slug = slug
	}
	c.Issuer = text(claims["iss"])
	if test, ok := claims["test"].(bool); ok {
		c.Mode = ModeLive
		if test {
			c.Mode = ModeTest
		}
	}
	// Beyond the year 9999 a time can't be shown; such a claim says nothing.
	if exp, err := claims.GetExpirationTime(); err == nil && exp != nil && exp.Unix() > 0 && exp.Year() < 10000 {
		c.ExpiresAt = exp.Time
	}
	return c
}

func text(v any) string {
	s, _ := v.(string)
	return Redact(s)
}

// Domain returns the URL of the organization's host: its slug below the domain
// of the issuer, as the official clients do it, or nil if the token names no
// organization.
func (c Claims) Domain() *url.URL {
	if c.Slug == "" {
		return nil
	}
	base := DefaultBaseDomain
	if domain, found := strings.CutPrefix(c.Issuer, "https://auth."); found {
		base = domain
	}
	u, err := ParseDomain("https://" + c.Slug + "." + base)
	if err != nil {
		return nil
	}
	return u
}
