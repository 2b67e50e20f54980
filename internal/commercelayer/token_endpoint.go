package commercelayer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

// ClientCredentials are what an application requests access tokens with, in the
// client credentials grant of OAuth2.
type ClientCredentials struct {
	ID string
	// Secret is empty for public clients, such as sales channels.
	Secret string
	// Scope holds one scope or several scopes with spaces in between. If it is
	// empty, the API chooses the scope.
	Scope string
	// Endpoint is the URL of the token endpoint.
	Endpoint *url.URL
}

// plain tells whether HTTP Basic can carry the credentials without a change.
// RFC 6749 wants other characters to be percent-encoded, but some servers do
// not decode them.
func (c ClientCredentials) plain() bool {
	return url.QueryEscape(c.ID) == c.ID && url.QueryEscape(c.Secret) == c.Secret
}

// A tokenEndpoint requests access tokens.
//
// Two forms of the request are known to work. Recorded requests have a form as
// body, and the credentials in HTTP Basic. The documentation and the official
// client use a JSON body. The recorded form is used if HTTP Basic can carry the
// credentials without a change. Otherwise the JSON body is tried first. If the
// endpoint refuses it, and not the scope, HTTP Basic is tried once.
type tokenEndpoint struct {
	credentials ClientCredentials
	sender      *sender
}

// request returns a token. Its error names the token request.
func (e *tokenEndpoint) request(ctx context.Context, p *progress) (*accessToken, error) {
	plain := e.credentials.plain()
	t, err := e.ask(ctx, p, !plain)
	failure, failed := errors.AsType[*Error](err)
	if failed && !plain && !failure.RefusedScope() &&
		(failure.Class == ErrCredentials || failure.Class == ErrBadRequest) {
		var second *Error
		t, err = e.ask(ctx, p, false)
		second, failed = errors.AsType[*Error](err)
		// A refusal of the credentials counts, whichever form they had. So does one of
		// the scope, since only accepted credentials have a scope.
		if failed && (failure.Class == ErrBadRequest || second.RefusedScope()) {
			failure = second
		}
	}
	if failed {
		now := p.snapshot()
		return nil, describeToken(failure, &now)
	}
	return t, err
}

// ask sends the request in one of its two forms.
func (e *tokenEndpoint) ask(ctx context.Context, p *progress, asJSON bool) (*accessToken, error) {
	out := e.outgoing(asJSON)
	p.built(out.request)
	p.sign(Claims{}, out.http.URL.Host, out.secrets)
	got, err := e.sender.send(ctx, p, nil, out)
	if err != nil {
		return nil, err
	}
	return e.token(ctx, got)
}

func (e *tokenEndpoint) outgoing(asJSON bool) *outgoing {
	body, contentType := e.form(), "application/x-www-form-urlencoded"
	if asJSON {
		body, contentType = e.json(), "application/json"
	}
	endpoint := e.credentials.Endpoint
	out := newOutgoing(http.MethodPost, endpoint, &request{path: endpoint.EscapedPath()}, http.Header{
		"Accept": {"application/json"}, "User-Agent": {e.sender.userAgent}, "Content-Type": {contentType},
	}, body)
	out.token, out.secrets = true, redact.NewSecrets(e.credentials.Secret)
	if !asJSON && e.credentials.Secret != "" {
		out.http.SetBasicAuth(url.QueryEscape(e.credentials.ID), url.QueryEscape(e.credentials.Secret))
	}
	return out
}

// form returns the recorded body. A client without a secret can't authenticate,
// so it puts its ID into the body.
func (e *tokenEndpoint) form() []byte {
	values := url.Values{"grant_type": {"client_credentials"}}
	if e.credentials.Secret == "" {
		values.Set("client_id", e.credentials.ID)
	}
	if scope := e.scope(); scope != "" {
		values.Set("scope", scope)
	}
	return []byte(values.Encode())
}

// json returns the documented body.
func (e *tokenEndpoint) json() []byte {
	members := map[string]string{"grant_type": "client_credentials", "client_id": e.credentials.ID}
	if e.credentials.Secret != "" {
		members["client_secret"] = e.credentials.Secret
	}
	if scope := e.scope(); scope != "" {
		members["scope"] = scope
	}
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(members); err != nil {
		panic(err) // a map of strings can always be encoded
	}
	return bytes.TrimSpace(body.Bytes())
}

func (e *tokenEndpoint) scope() string { return strings.Join(strings.Fields(e.credentials.Scope), " ") }

// token reads the token from an answer. The lifetime is checked, since a wrong
// one could lead to a request for each read.
func (e *tokenEndpoint) token(ctx context.Context, got *answer) (*accessToken, error) {
	broken := func(reason string) error {
		return &Error{Class: ErrMalformed, Status: got.status, Reason: reason}
	}
	var body struct {
		AccessToken string      `json:"access_token"`
		TokenType   string      `json:"token_type"`
		ExpiresIn   json.Number `json:"expires_in"`
	}
	decoder := json.NewDecoder(bytes.NewReader(got.body))
	if err := decoder.Decode(&body); err != nil {
		return nil, broken("the answer is not the JSON object that was expected")
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, broken("there is more text after the answer's JSON object")
	}
	switch {
	case body.AccessToken == "":
		return nil, broken("the answer holds no access token")
	case strings.ContainsFunc(body.AccessToken, func(r rune) bool { return r <= ' ' || r > '~' }):
		return nil, broken("the access token contains a character that no token has, such as a line end")
	case body.TokenType != "" && !strings.EqualFold(body.TokenType, "bearer"):
		return nil, broken("the access token is not of the type bearer")
	}
	t := &accessToken{
		value:   body.AccessToken,
		claims:  ParseClaims(body.AccessToken),
		secrets: redact.NewSecrets(body.AccessToken, e.credentials.Secret),
	}
	if body.ExpiresIn == "" {
		return t, nil
	}
	seconds, err := body.ExpiresIn.Float64()
	if err != nil {
		return nil, broken("the lifetime of the access token is not a number")
	}
	now := time.Now()
	if seconds < 1 {
		// The API decides whether the token works. The claims tell when it expires.
		e.sender.notice(ctx, fmt.Sprintf(
			"The token endpoint says that its access token expires in %.0f seconds, which can't be right. "+
				"The token is used until the API refuses it. A new one is requested every %s at most.",
			seconds, tokenEvery))
		t.expiresAt, t.renewAt = t.claims.ExpiresAt, now.Add(tokenEvery)
		return t, nil
	}
	lifetime := time.Duration(min(seconds, maxLifetime.Seconds()) * float64(time.Second))
	t.expiresAt = now.Add(lifetime)
	// A token that expires soon is renewed after half of its lifetime.
	t.renewAt = now.Add(max(lifetime-min(renewBefore, lifetime/2), tokenEvery))
	return t, nil
}

// maxLifetime is the longest lifetime that is believed, so that adding it to a
// time can't overflow.
const maxLifetime = 10 * 365 * 24 * time.Hour
