package commercelayer

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// The classes of failure. An [*Error] wraps exactly one of them.
var (
	// ErrNotFound: no customer has the ID or the e-mail address (404, or an empty list).
	ErrNotFound = errors.New("customer not found")
	// ErrAmbiguous: several customers have the e-mail address.
	ErrAmbiguous = errors.New("several customers found")
	// ErrInvalidToken: the API does not accept the access token (401 INVALID_TOKEN).
	ErrInvalidToken = errors.New("access token not accepted")
	// ErrPermission: the token is good but may not read customers (401 UNAUTHORIZED or 403).
	ErrPermission = errors.New("permission missing")
	// ErrCredentials: the token endpoint refused the client credentials.
	ErrCredentials = errors.New("client credentials refused")
	// ErrDomainUnknown: no domain is configured and the token names no organization.
	ErrDomainUnknown = errors.New("domain unknown")
	// ErrWrongMode: the token or a customer is of another mode than the one configured.
	ErrWrongMode = errors.New("wrong mode")
	// ErrBadRequest: the API refused the request itself, such as an unknown filter (400 and other 4xx).
	ErrBadRequest = errors.New("request refused")
	// ErrRateLimited: the rate limit left no room before the deadline of the read.
	ErrRateLimited = errors.New("rate limited")
	// ErrServer: the API answered with a 5xx to every attempt.
	ErrServer = errors.New("server error")
	// ErrTimeout: an attempt or the whole read took longer than allowed.
	ErrTimeout = errors.New("timed out")
	// ErrCanceled: the caller gave up, such as on an interrupt.
	ErrCanceled = errors.New("canceled")
	// ErrDNS: the host name could not be resolved.
	ErrDNS = errors.New("host not found")
	// ErrTLS: the server's certificate was not accepted, or the handshake failed.
	ErrTLS = errors.New("TLS failed")
	// ErrConnection: the connection could not be made, or broke.
	ErrConnection = errors.New("connection failed")
	// ErrRedirect: the server sent the request elsewhere, which is never followed.
	ErrRedirect = errors.New("redirect refused")
	// ErrNotJSON: the answer is an HTML page or nothing at all.
	ErrNotJSON = errors.New("answer is not JSON")
	// ErrMediaType: the answer is of a media type other than JSON:API's.
	ErrMediaType = errors.New("unexpected media type")
	// ErrTooLarge: the answer is larger than [MaxAnswerBytes].
	ErrTooLarge = errors.New("answer too large")
	// ErrMalformed: the answer is not the JSON:API document that was asked for.
	ErrMalformed = errors.New("malformed answer")
	// ErrMismatch: the answer holds another resource than the one asked for.
	ErrMismatch = errors.New("wrong resource")
	// ErrTooMany: more customers match than are read without a limit.
	ErrTooMany = errors.New("too many customers")
	// ErrInternal: a defect of this client; the read is lost, the process goes on.
	ErrInternal = errors.New("internal error")
)

// An Error tells what was asked, what came back and what it took. None of its
// fields ever holds a query value, a token, a secret or an e-mail address.
type Error struct {
	// Kind is one of the sentinels of this package.
	Kind error
	// Reason says in one clause what was wrong, beyond the kind; it may be empty.
	Reason string
	// Method, Host and Path name the request; all are empty if none was sent.
	Method, Host, Path string
	// TokenRequest is set if the request was one for an access token.
	TokenRequest bool
	// Status is the HTTP status of the last answer, or 0.
	Status int
	// API holds the errors that the API sent with the last answer.
	API []APIError
	// RequestID is the X-Request-Id of the last answer, which not every answer has.
	RequestID string
	// Attempts counts the HTTP requests sent, Elapsed is the time since the
	// first, and Waited the part of it spent waiting for the rate limit.
	Attempts        int
	Elapsed, Waited time.Duration
	// Token holds the claims of the token that was sent.
	Token Claims
	// Count is the number of matches for [ErrTooMany].
	Count int
	// IDs are the matches for [ErrAmbiguous].
	IDs []string
	// Cause is the error below, such as the network's. Its text may be shown.
	Cause error
}

// Error returns one line, without advice: that is the caller's to give.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Method != "" {
		fmt.Fprintf(&b, "%s %s: ", e.Method, e.Path)
	}
	b.WriteString(e.Kind.Error())
	if e.Status != 0 {
		fmt.Fprintf(&b, " (HTTP %d)", e.Status)
	}
	for _, a := range e.API {
		b.WriteString(": " + a.String())
	}
	if e.Reason != "" {
		b.WriteString(": " + e.Reason)
	}
	if e.Cause != nil {
		b.WriteString(": " + e.Cause.Error())
	}
	return b.String()
}

// Unwrap gives the kind and the cause to [errors.Is] and [errors.As].
func (e *Error) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Cause}
}

// Code returns the first code that the API sent, such as RECORD_NOT_FOUND.
func (e *Error) Code() string {
	for _, a := range e.API {
		if a.Code != "" {
			return a.Code
		}
	}
	return ""
}

// StatusText returns the HTTP status with its name, such as "404 Not Found".
func (e *Error) StatusText() string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status)))
}

func malformed(format string, args ...any) *Error {
	return &Error{Kind: ErrMalformed, Reason: fmt.Sprintf(format, args...)}
}
