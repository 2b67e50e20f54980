package commercelayer

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// A Class says what kind of failure an [Error] is. [errors.Is] finds it in an
// error. A switch over all of them is checked by the linter, so that no class can
// go without an explanation.
type Class uint8 //nolint:errname // it is part of an error, and named after what it says

// The classes of failure. An [*Error] has exactly one of them.
const (
	// ErrNotFound: no customer has the ID or the e-mail address (404, or an empty
	// list).
	ErrNotFound Class = iota + 1
	// ErrNoRelationship: the customer has no relationship of the name.
	ErrNoRelationship
	// ErrAmbiguous: several customers have the e-mail address.
	ErrAmbiguous
	// ErrInvalidToken: the API does not accept the access token (401
	// INVALID_TOKEN).
	ErrInvalidToken
	// ErrPermission: the API says that the token may not read customers (401
	// UNAUTHORIZED).
	ErrPermission
	// ErrBlocked: something that is not the API refused the request, such as a
	// firewall or a proxy.
	ErrBlocked
	// ErrCredentials: the token endpoint refused the client credentials.
	ErrCredentials
	// ErrDomainUnknown: no domain is configured and the token names no
	// organization.
	ErrDomainUnknown
	// ErrWrongMode: the token or a customer is of another mode than the one
	// configured.
	ErrWrongMode
	// ErrBadRequest: the API refused the request itself, such as an unknown filter
	// (400 and other 4xx).
	ErrBadRequest
	// ErrFilterIgnored: the API answered as if there were no filter.
	ErrFilterIgnored
	// ErrRateLimited: the rate limit left no room before the deadline of the read.
	ErrRateLimited
	// ErrServer: the API answered each attempt with an error of its own (5xx, 408
	// or 425).
	ErrServer
	// ErrTimeout: an attempt or the whole read took longer than allowed.
	ErrTimeout
	// ErrCanceled: the caller gave up, such as on an interrupt.
	ErrCanceled
	// ErrDNS: the host name could not be resolved.
	ErrDNS
	// ErrProxy: the proxy of the environment could not be used.
	ErrProxy
	// ErrTLS: no trusted connection could be made. Nothing was sent.
	ErrTLS
	// ErrConnection: the connection could not be made, or broke.
	ErrConnection
	// ErrRedirect: the server sent the request elsewhere, which is never followed.
	ErrRedirect
	// ErrNotJSON: the answer is an HTML page or nothing at all.
	ErrNotJSON
	// ErrMediaType: the answer is of a media type other than JSON:API's.
	ErrMediaType
	// ErrTooLarge: the answer has more bytes or more elements than any honest one.
	ErrTooLarge
	// ErrMalformed: the answer is not the JSON:API document that was asked for.
	ErrMalformed
	// ErrMismatch: the answer holds another resource than the one asked for.
	ErrMismatch
	// ErrTooMany: more resources match than are read without a limit.
	ErrTooMany
	// ErrInternal: a defect of this client; the read is lost, the process goes on.
	ErrInternal
)

// Error implements error with a short name of the class.
func (c Class) Error() string {
	switch c {
	case ErrNotFound:
		return "not found"
	case ErrNoRelationship:
		return "no such relationship"
	case ErrAmbiguous:
		return "several customers found"
	case ErrInvalidToken:
		return "access token not accepted"
	case ErrPermission:
		return "permission missing"
	case ErrBlocked:
		return "blocked on the way to the API"
	case ErrCredentials:
		return "client credentials refused"
	case ErrDomainUnknown:
		return "domain unknown"
	case ErrWrongMode:
		return "wrong mode"
	case ErrBadRequest:
		return "request refused"
	case ErrFilterIgnored:
		return "filter ignored"
	case ErrRateLimited:
		return "rate limited"
	case ErrServer:
		return "server error"
	case ErrTimeout:
		return "timed out"
	case ErrCanceled:
		return "canceled"
	case ErrDNS:
		return "host not found"
	case ErrProxy:
		return "proxy failed"
	case ErrTLS:
		return "no trusted connection"
	case ErrConnection:
		return "connection failed"
	case ErrRedirect:
		return "redirect refused"
	case ErrNotJSON:
		return "answer is not JSON"
	case ErrMediaType:
		return "unexpected media type"
	case ErrTooLarge:
		return "answer too large"
	case ErrMalformed:
		return "malformed answer"
	case ErrMismatch:
		return "wrong resource"
	case ErrTooMany:
		return "too many matches"
	case ErrInternal:
		return "internal error"
	}
	return fmt.Sprintf("class %d", uint8(c))
}

// An Error tells what was asked, what came back and what it took. None of its
// fields ever holds a query value, a token, a secret or an e-mail address.
type Error struct {
	// Class is the kind of failure.
	Class Class
	// Reason says in one clause what was wrong, beyond the class; it may be empty.
	Reason string
	// Method, Host and Path name the request; Host is empty as long as it is not
	// known, and all are empty if the error is not about a request.
	Method, Host, Path string
	// TokenRequest is set if the request was one for an access token.
	TokenRequest bool
	// Status is the HTTP status of the last answer, or 0.
	Status int
	// API holds the errors that the API sent with the last answer.
	API []APIError
	// RequestID is the X-Request-Id of the last answer, which not every answer has.
	RequestID string
	// Attempts counts the HTTP requests sent, Elapsed is the time that the reader
	// has spent in all, and Waited the part of it spent waiting for the rate limit.
	Attempts        int
	Elapsed, Waited time.Duration
	// Token holds the claims of the token that was sent.
	Token Claims
	// Mode is the mode that [WithMode] asks for, for [ErrWrongMode].
	Mode string
	// Count is the number of matches for [ErrTooMany] and [ErrAmbiguous].
	Count int
	// IDs are the matches for [ErrAmbiguous].
	IDs []string
	// Length is that of a request line that is too long to be sent, in bytes.
	Length int
	// Cause is the error below, such as the network's. Its text may be shown.
	Cause error
}

// Error returns one line, without advice: that is the caller's to give.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Method != "" {
		fmt.Fprintf(&b, "%s %s: ", e.Method, e.Path)
	}
	b.WriteString(e.Class.Error())
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

// Unwrap gives the class and the cause to [errors.Is] and [errors.As].
func (e *Error) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Class}
	}
	return []error{e.Class, e.Cause}
}

// TooLong tells whether the request was refused, or not sent, for its length.
func (e *Error) TooLong() bool { return e.Length > 0 || tooLong(e.Status) }

// tooLong tells whether a status is about the length of a request.
func tooLong(status int) bool {
	return status == http.StatusRequestURITooLong || status == http.StatusRequestHeaderFieldsTooLarge
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
	return &Error{Class: ErrMalformed, Reason: fmt.Sprintf(format, args...)}
}
