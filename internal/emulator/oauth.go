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
	// defaultScope is what an integration gets that asks for none (documented).
	defaultScope = "market:all"
	// reissueBefore is how long before its end a token stops being handed out
	// again; the old and the new one are then both valid (from the official
	// authentication library).
	reissueBefore = 15 * time.Minute
)

// Application is a client that may ask for tokens.
type Application struct {
	ClientID         string
	ClientSecret     string // none for KindSalesChannel, which is public
	Kind             string // KindIntegration by default
	CanReadCustomers bool   // without it reads are 401 UNAUTHORIZED; a sales channel never can
	Live             bool   // live mode, whatever the emulator's own mode is
	// TTL is the lifetime of its tokens; default 2 h, sales channels 4 h
	// (documented).
	TTL time.Duration
}

// AddApplication adds an application, or replaces the one with that client id.
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

// grantKey names what the token endpoint hands out twice.
type grantKey struct{ clientID, scope string }

func isTokenEndpoint(r *http.Request) bool {
	path := r.URL.EscapedPath()
	return path == "/oauth/token" || path == "/oauth/revoke"
}

// readForm reads the parameters of a body that is a form or JSON, and puts the
// body back for hooks and faults.
func readForm(r *http.Request) url.Values {
	if r.Body == nil {
		return url.Values{}
	}
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

// isJSON says whether a request's body is JSON.
func isJSON(r *http.Request) bool {
	mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return mediaType == "application/json"
}

// oauthError is how the token endpoint refuses: title, code and numeric status
// are asserted by the official authentication library, which expects one object
// or an array.
//
// Assumption (token-error): it is one object, as the gateway's errors are.
func (e *Emulator) oauthError(w http.ResponseWriter, status int, code, title, detail string) {
	err := gatewayError{Title: title, Detail: detail, Code: code, Status: status}
	if e.refuted.is(AssumeTokenError, wayArray) {
		writeBody(w, status, mediaTypeJSON, encode(map[string][]gatewayError{"errors": {err}}))
		return
	}
	writeGatewayError(w, err)
}

func (e *Emulator) invalidClient(w http.ResponseWriter) {
	e.oauthError(
		w,
		http.StatusUnauthorized,
		"UNAUTHORIZED",
		"invalid_client",
		"Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.",
	)
}

// clientOf finds the application that the request names, by HTTP Basic (used by
// Go's OAuth 2 client, recorded) or in the body (documented); nil when it is
// unknown or the secret is wrong. The tokens' mutex is held.
//
// Assumption (token-basic, token-json): both work today.
func (e *Emulator) clientOf(r *http.Request, form url.Values) *Application {
	id, secret := form.Get("client_id"), form.Get("client_secret")
	if id != "" && isJSON(r) && e.refuted.is(AssumeTokenJSON, wayRefused) {
		return nil
	}
	if user, password, ok := r.BasicAuth(); ok {
		if e.refuted.is(AssumeTokenBasic, wayRefused) {
			return nil
		}
		// RFC 6749 has both encoded as in a form.
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
	if r.Method != http.MethodPost {
		e.writeNotFound(w)
		return
	}
	form := exchangeOf(r).form
	// Simplified: an unknown grant is refused before the client is looked at, in
	// the code recorded for other bad requests.
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
		e.invalidClient(w)
		return
	}
	key, now := grantKey{app.ClientID, scope}, e.now()
	t := e.tokens.current[key]
	if t == nil || !t.valid(now) || t.expires.Sub(now) <= reissueBefore {
		t = e.newToken(*app, TokenOptions{Scope: scope})
		e.tokens.current[key] = t
	}
	e.tokens.mu.Unlock()

	// Recorded 2022 and 2024: seconds left, the time of the first issue, and the
	// type with a capital letter.
	body := encode(struct {
		AccessToken string `json:"access_token"`
		TokenType   string `json:"token_type"`
		ExpiresIn   int64  `json:"expires_in"`
		Scope       string `json:"scope"`
		CreatedAt   int64  `json:"created_at"`
	}{t.value, "Bearer", t.expires.Unix() - now.Unix(), scope, t.issued.Unix()})
	w.Header().Set("Cache-Control", "no-store")
	writeBody(w, http.StatusOK, mediaTypeJSON, body)
}

// revoke answers POST /oauth/revoke.
func (e *Emulator) revoke(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		e.writeNotFound(w)
		return
	}
	form := exchangeOf(r).form
	e.tokens.mu.Lock()
	app := e.clientOf(r, form)
	e.tokens.mu.Unlock()
	if app == nil {
		e.oauthError(w, http.StatusForbidden, "FORBIDDEN", "unauthorized_client",
			"You are not authorized to revoke this token")
		return
	}
	e.RevokeToken(form.Get("token"))
	writeBody(w, http.StatusOK, mediaTypeJSON, []byte("{}"))
}
