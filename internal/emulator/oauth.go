package emulator

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"
)

const (
	// defaultScope is the scope of a token if the request has no scope
	// (documented).
	defaultScope = "market:all"
	// The endpoint returns the same token again until this time before its
	// expiry. Then it returns a new token, and both are valid (from the
	// official authentication library).
	reissueBefore = 15 * time.Minute
)

// Application is an OAuth2 client that may request tokens.
type Application struct {
	ClientID         string
	ClientSecret     string // not used for KindSalesChannel, which is public
	Kind             string // KindIntegration by default
	CanReadCustomers bool   // if not, reads are answered with 401 UNAUTHORIZED
	Live             bool   // live mode, independent of the emulator's mode
	// TTL is the lifetime of its tokens. The default is 2 h, and 4 h for a
	// sales channel (documented).
	TTL time.Duration
}

// AddApplication adds an application. An application with the same client ID is
// replaced. A sales channel can never read customers.
func (e *Emulator) AddApplication(a Application) {
	a.Kind = cmp.Or(a.Kind, KindIntegration)
	a.TTL = cmp.Or(a.TTL, defaultTTL(a.Kind))
	e.tokens.mu.Lock()
	defer e.tokens.mu.Unlock()
	e.tokens.applications[a.ClientID] = &a
}

func defaultTTL(kind string) time.Duration {
	if kind == KindSalesChannel {
		return 4 * time.Hour
	}
	return 2 * time.Hour
}

// grantKey identifies the requests that get the same token.
type grantKey struct{ clientID, scope string }

// readForm reads the parameters of a body, which is a form or JSON. Afterwards
// the body can be read again, by hooks and faults.
func readForm(r *http.Request) url.Values {
	body, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	r.Body = io.NopCloser(bytes.NewReader(body))
	if isJSON(r) {
		form := url.Values{}
		var members map[string]any
		_ = json.Unmarshal(body, &members)
		for key, value := range members {
			form.Set(key, fmt.Sprint(value))
		}
		return form
	}
	form, _ := url.ParseQuery(string(body))
	return form
}

// isJSON tells whether the body of a request is JSON.
func isJSON(r *http.Request) bool {
	mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return mediaType == "application/json"
}

// oauthError answers with an error of the token endpoint. The tests of the
// official authentication library expect the title, the code and the numeric
// status from the real API. That library reads one object as well as an array.
//
// Assumption (token-error): errors is one object, like an error of the gateway.
func (e *Emulator) oauthError(w http.ResponseWriter, status int, code, title, detail string) {
	err := &apiError{status, code, title, detail}
	if e.refuted.is(AssumeTokenError, wayArray) {
		errors := array([]json.RawMessage{err.json(status)})
		writeBody(w, status, mediaTypeJSON, object{{"errors", errors}}.json())
		return
	}
	writeGatewayError(w, err)
}

// clientOf finds the application whose credentials the request has. They are in
// HTTP Basic (recorded from Go's OAuth2 client) or in the body (documented). It
// returns nil if the client is unknown or its secret is wrong. The caller holds
// the mutex of the tokens.
//
// Assumption (token-basic, token-json): the API still takes both.
func (e *Emulator) clientOf(r *http.Request, form url.Values) *Application {
	id, secret := form.Get("client_id"), form.Get("client_secret")
	if id != "" && isJSON(r) && e.refuted.is(AssumeTokenJSON, wayRefused) {
		return nil
	}
	if user, password, ok := r.BasicAuth(); ok {
		if e.refuted.is(AssumeTokenBasic, wayRefused) {
			return nil
		}
		// RFC 6749 requires both to be encoded as in a form.
		var err1, err2 error
		id, err1 = url.QueryUnescape(user)
		secret, err2 = url.QueryUnescape(password)
		if err1 != nil || err2 != nil {
			return nil
		}
	}
	app := e.tokens.applications[id]
	if app == nil || app.Kind != KindSalesChannel && secret != app.ClientSecret {
		return nil
	}
	return app
}

// issue answers POST /oauth/token.
func (e *Emulator) issue(w http.ResponseWriter, r *http.Request) {
	form := exchangeOf(r).entry.Form
	// Simplified: an unknown grant type is refused before the credentials are
	// checked. Its code is the one recorded for other bad requests.
	if form.Get("grant_type") != "client_credentials" {
		e.oauthError(w, http.StatusBadRequest, "BAD_REQUEST", "unsupported_grant_type",
			"The authorization grant type is not supported by the authorization server.")
		return
	}
	scope := cmp.Or(form.Get("scope"), defaultScope)

	e.tokens.mu.Lock()
	app := e.clientOf(r, form)
	if app == nil {
		e.tokens.mu.Unlock()
		e.oauthError(w, http.StatusUnauthorized, "UNAUTHORIZED", "invalid_client",
			"Client authentication failed due to unknown client, no client authentication included, "+
				"or unsupported authentication method.")
		return
	}
	key, now := grantKey{app.ClientID, scope}, time.Now()
	t := e.tokens.current[key]
	if t == nil || !t.valid(now) || t.expires.Sub(now) <= reissueBefore {
		t = e.newToken(*app, scope, TokenOptions{})
		e.tokens.current[key] = t
	}
	e.tokens.mu.Unlock()

	// Recorded 2022 and 2024: expires_in is the time that is left, created_at
	// is the time when the token was first issued, and the type has a capital
	// B.
	body := object{
		{"access_token", quote(t.value)},
		{"token_type", quote("Bearer")},
		{"expires_in", encode(t.expires.Unix() - now.Unix())},
		{"scope", encode(scope)},
		{"created_at", encode(t.issued.Unix())},
	}
	w.Header().Set("Cache-Control", "no-store")
	writeBody(w, http.StatusOK, mediaTypeJSON, body.json())
}

// revoke answers POST /oauth/revoke.
func (e *Emulator) revoke(w http.ResponseWriter, r *http.Request) {
	form := exchangeOf(r).entry.Form
	e.tokens.mu.Lock()
	app := e.clientOf(r, form)
	if t := e.tokens.byValue[form.Get("token")]; app != nil && t != nil {
		t.revoked = true
	}
	e.tokens.mu.Unlock()
	if app == nil {
		e.oauthError(w, http.StatusForbidden, "FORBIDDEN", "unauthorized_client",
			"You are not authorized to revoke this token")
		return
	}
	writeBody(w, http.StatusOK, mediaTypeJSON, []byte("{}"))
}
