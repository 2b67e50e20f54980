package emulator

import (
	"cmp"
	"crypto/rand"
	mathrand "math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// The kinds of applications that may get tokens here (documented).
const (
	KindIntegration  = "integration"   // has a secret, and the permissions of its role
	KindSalesChannel = "sales_channel" // is public, so it has no secret and reads no customers
)

// issuer is the claim iss of current tokens (recorded 2024).
const issuer = "https://auth.commercelayer.io"

// TokenOptions describe the token that IssueToken makes. By default it is the
// token of an integration in test mode. All tokens may read customers, except
// those of a sales channel.
type TokenOptions struct {
	Kind   string        // KindIntegration by default
	Live   bool          // live mode, independent of the emulator's mode
	Slug   string        // of the organization, by default the emulator's
	TTL    time.Duration // 2 h by default; a negative TTL makes an expired token
	Issuer string        // the claim iss, by default https://auth.commercelayer.io
	Opaque string        // the token itself, which is a JWT by default
}

// token is an access token that was issued.
type token struct {
	value   string
	kind    string
	live    bool
	canRead bool
	slug    string
	scope   string
	issued  time.Time
	expires time.Time // zero: never
	revoked bool
}

func (t *token) valid(now time.Time) bool {
	return !t.revoked && (t.expires.IsZero() || now.Before(t.expires))
}

// tokens holds the issued tokens and the applications.
type tokens struct {
	mu           sync.Mutex
	byValue      map[string]*token
	applications map[string]*Application
	current      map[grantKey]*token // the tokens that the endpoint returns again
}

// IssueToken makes a token that the emulator accepts until it expires or is
// revoked.
func (e *Emulator) IssueToken(o TokenOptions) string {
	o.Kind = cmp.Or(o.Kind, KindIntegration)
	o.TTL = cmp.Or(o.TTL, defaultTTL(KindIntegration))
	app := Application{ClientID: "iSsUeDdIrEcTlY", Kind: o.Kind, CanReadCustomers: true, Live: o.Live, TTL: o.TTL}
	e.tokens.mu.Lock()
	defer e.tokens.mu.Unlock()
	return e.newToken(app, defaultScope, o).value
}

// newToken makes and registers a token. The caller holds the mutex of the
// tokens.
func (e *Emulator) newToken(app Application, scope string, o TokenOptions) *token {
	now := time.Now()
	t := &token{
		kind: app.Kind, live: app.Live, canRead: app.CanReadCustomers && app.Kind != KindSalesChannel,
		slug: cmp.Or(o.Slug, e.slug), scope: scope, issued: now, expires: now.Add(app.TTL),
	}
	if app.TTL < 0 {
		t.issued = t.expires.Add(-defaultTTL(app.Kind))
	}
	t.value = o.Opaque
	if t.value == "" {
		t.value = e.sign(t, app, o)
	}
	e.tokens.byValue[t.value] = t
	return t
}

// signingKey is another key in each process.
var signingKey = []byte(rand.Text())

// sign makes a JWT. Its claims and its algorithm HS512 are those of a token of
// an integration that was recorded in October 2024. The current documentation
// says RS512. No client verifies the signature, so the emulator keeps what was
// recorded.
func (e *Emulator) sign(t *token, app Application, o TokenOptions) string {
	organizationID := e.organizationID
	if t.slug != e.slug {
		organizationID = "oThErOrGaN"
	}
	claims := jwt.MapClaims{
		"organization": map[string]any{
			"id": organizationID, "slug": t.slug, "enterprise": false, "region": "eu-west-1",
		},
		"application": map[string]any{
			"id": applicationID, "client_id": app.ClientID, "kind": app.Kind,
			"public": app.Kind == KindSalesChannel, "confidential": app.Kind != KindSalesChannel,
		},
		"scope": t.scope,
		"exp":   t.expires.Unix(),
		"test":  !t.live,
		"rand":  mathrand.Float64(),
		"iat":   t.issued.Unix(),
		"iss":   cmp.Or(o.Issuer, issuer),
	}
	signed, err := jwt.NewWithClaims(jwt.SigningMethodHS512, claims).SignedString(signingKey)
	if err != nil {
		panic(err) // the key and the claims above can always be signed
	}
	return signed
}

// RevokeAllTokens makes the API refuse all tokens that were issued so far, and
// DefaultToken. The token endpoint then issues new tokens.
func (e *Emulator) RevokeAllTokens() {
	e.tokens.mu.Lock()
	defer e.tokens.mu.Unlock()
	for _, t := range e.tokens.byValue {
		t.revoked = true
	}
}

// ExpireAllTokens makes all tokens that were issued so far, and DefaultToken,
// behave as if they had expired. The claim exp in a token does not change.
func (e *Emulator) ExpireAllTokens() {
	now := time.Now()
	e.tokens.mu.Lock()
	defer e.tokens.mu.Unlock()
	for _, t := range e.tokens.byValue {
		if t.valid(now) {
			t.expires = now
		}
	}
}

// authenticate returns the token of the request, or the error to answer with.
//
// Assumption (foreign-token): a token of another organization is invalid. A
// token of this organization is invalid on the host of another organization.
func (e *Emulator) authenticate(r *http.Request) (*token, *apiError) {
	scheme, value, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	host, now := slugOf(r.Host), time.Now()
	e.tokens.mu.Lock()
	defer e.tokens.mu.Unlock()
	t := e.tokens.byValue[value]
	switch {
	case !strings.EqualFold(scheme, "Bearer"), t == nil, t.revoked:
		return nil, errInvalidToken
	case !t.valid(now):
		if e.refuted.is(AssumeExpiredToken, "unauthorized") {
			return nil, errUnauthorized
		}
		return nil, errInvalidToken
	case t.slug != e.slug, host != "" && !strings.EqualFold(host, e.slug):
		if e.refuted.is(AssumeForeignToken, "not-found") {
			return nil, errNotFoundArray
		}
		return nil, errInvalidToken
	}
	return t, nil
}
