package commercelayer

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// A Class is the kind of failure of an [Error]. [errors.Is] finds it in an
// error. The linter checks that each switch over classes handles all of them.
type Class uint8 //nolint:errname // it is a part of an error

// The classes of failure. An [*Error] has exactly one of them.
const (
	// ErrNotFound: no customer has the ID or the e-mail address. The answer is a
	// 404 or an empty list.
	ErrNotFound Class = iota + 1
	// ErrNoList: there is no list of customers (404).
	ErrNoList
	// ErrNoRelationship: the customer has no relationship with the name.
	ErrNoRelationship
	// ErrAmbiguous: several customers have the e-mail address.
	ErrAmbiguous
	// ErrInvalidToken: the API does not accept the access token (401
	// INVALID_TOKEN, or a 401 without a word).
	ErrInvalidToken
	// ErrPermission: the API says that the token may not read customers (401
	// UNAUTHORIZED).
	ErrPermission
	// ErrBlocked: a firewall or a proxy refused the request, and not the API.
	ErrBlocked
	// ErrCredentials: the token endpoint refused the client credentials.
	ErrCredentials
	// ErrDomainUnknown: no domain is configured and the token names no
	// organization.
	ErrDomainUnknown
	// ErrWrongMode: the token or a customer is of another mode than the configured
	// one.
	ErrWrongMode
	// ErrBadRequest: the API refused the request (400 and other 4xx), for example
	// because of an unknown filter.
	ErrBadRequest
	// ErrFilterIgnored: the API answered as if there were no filter.
	ErrFilterIgnored
	// ErrSortIgnored: the API answered as if there were no sort.
	ErrSortIgnored
	// ErrRateLimited: the rate limit left no room before the read's deadline.
	ErrRateLimited
	// ErrServer: the API answered each attempt with a server error (5xx, 408, 421
	// or 425).
	ErrServer
	// ErrTimeout: an attempt, or the whole read, took longer than allowed.
	ErrTimeout
	// ErrCanceled: the caller ended the read, for example after an interrupt.
	ErrCanceled
	// ErrDNS: the host name could not be resolved.
	ErrDNS
	// ErrProxy: the proxy that the environment names could not be used.
	ErrProxy
	// ErrTLS: no trusted connection could be made, and the request was not sent.
	// Or the server refused the connection for good. The reason says why.
	ErrTLS
	// ErrConnection: the connection could not be made, or broke.
	ErrConnection
	// ErrRedirect: the server answered with a redirect. Redirects are not
	// followed.
	ErrRedirect
	// ErrNotJSON: the answer is empty, an HTML page, or a 3xx that is no redirect.
	ErrNotJSON
	// ErrMediaType: the answer has another media type than JSON:API's.
	ErrMediaType
	// ErrTooLarge: the answer has more bytes or elements than any real one.
	ErrTooLarge
	// ErrResultTooLarge: the answers of one result have more bytes than a result
	// may have.
	ErrResultTooLarge
	// ErrMalformed: the answer is not the JSON:API document that was asked for.
	ErrMalformed
	// ErrMismatch: the answer holds another resource than the one asked for.
	ErrMismatch
	// ErrTooMany: more resources match than are read without a limit.
	ErrTooMany
	// ErrInternal: a defect of this client made the read fail.
	ErrInternal
)

// classNames are short names of the classes.
var classNames = [...]string{
	ErrNotFound:       "not found",
	ErrNoList:         "list not found",
	ErrNoRelationship: "no such relationship",
	ErrAmbiguous:      "several customers found",
	ErrInvalidToken:   "access token not accepted",
	ErrPermission:     "permission missing",
	ErrBlocked:        "blocked on the way to the API",
	ErrCredentials:    "client credentials refused",
	ErrDomainUnknown:  "domain unknown",
	ErrWrongMode:      "wrong mode",
	ErrBadRequest:     "request refused",
	ErrFilterIgnored:  "filter ignored",
	ErrSortIgnored:    "sort ignored",
	ErrRateLimited:    "rate limited",
	ErrServer:         "server error",
	ErrTimeout:        "timed out",
	ErrCanceled:       "canceled",
	ErrDNS:            "host not found",
	ErrProxy:          "proxy failed",
	ErrTLS:            "no trusted connection",
	ErrConnection:     "connection failed",
	ErrRedirect:       "redirect refused",
	ErrNotJSON:        "answer is not JSON",
	ErrMediaType:      "unexpected media type",
	ErrTooLarge:       "answer too large",
	ErrResultTooLarge: "result too large",
	ErrMalformed:      "malformed answer",
	ErrMismatch:       "wrong resource",
	ErrTooMany:        "too many matches",
	ErrInternal:       "internal error",
}

// Error returns a short name of the class.
func (c Class) Error() string { return classNames[c] }

// An Error describes a failed read: the request, the answer, and the time that
// it took. Its fields never contain a query value, a token, a secret or an
// e-mail address.
type Error struct {
	// Class is the kind of failure.
	Class Class
	// Reason is a clause that says more than the class. It may be empty.
	Reason string
	// Method, Host and Path name the request. They are empty if the error is not
	// about a request. Host is also empty if it is not known yet.
	Method, Host, Path string
	// TokenRequest is set if the request was one for an access token.
	TokenRequest bool
	// Status is the HTTP status of the last answer. It is 0 if there was none.
	Status int
	// API holds the errors that the API sent with the last answer.
	API []APIError
	// RequestID is the header X-Request-Id of the last answer. It is empty if
	// there is none.
	RequestID string
	// Date is when the last answer was sent, by the server's clock. It is zero if
	// the answer does not tell it, or comes from a cache.
	Date time.Time
	// Attempts counts the attempts to send the request.
	Attempts int
	// Elapsed is how long the read took. Waited is the part of that time in which
	// it waited for the rate limit.
	Elapsed, Waited time.Duration
	// Outage is since when the host has answered nobody. It is set if the read made
	// fewer attempts for that reason, perhaps none. Status, API, RequestID and
	// Cause are then those of the last attempt that any read made.
	Outage time.Time
	// Token holds the claims of the access token that was sent.
	Token Claims
	// Mode is the configured mode (see [WithMode]), for [ErrWrongMode].
	Mode string
	// Count is the number of matches for [ErrTooMany], [ErrAmbiguous] and
	// [ErrFilterIgnored], and of the resources so far for [ErrResultTooLarge].
	Count int
	// IDs are the IDs of the matches, for [ErrAmbiguous].
	IDs []string
	// lasting is set if the proxy fails in a way that can't pass.
	lasting bool
	// Length is the length in bytes of the first line of a request that was refused as
	// too long, or is too long to be sent.
	Length int
	// Cause is the underlying error, such as a network error. Its text contains
	// nothing secret.
	Cause error
}

// Error returns one line without advice. The caller knows what to advise.
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

// TooLong tells whether the request is too long: it was refused or not sent for
// that reason.
func (e *Error) TooLong() bool { return e.Length > 0 || tooLong(e.Status) }

// tooLong tells whether a status means that the request is too long.
func tooLong(status int) bool {
	return status == http.StatusRequestURITooLong || status == http.StatusRequestHeaderFieldsTooLarge
}

// Misdirected tells whether a server said that the request was not meant for it
// (421).
func (e *Error) Misdirected() bool { return e.Status == http.StatusMisdirectedRequest }

// RefusedScope tells whether the token endpoint refused the scope (RFC 6749).
func (e *Error) RefusedScope() bool {
	return e.Class == ErrCredentials && len(e.API) > 0 && strings.Contains(e.API[0].String(), "invalid_scope")
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

// unknownError is the reason of an error that this package has no words for. Its
// own text may quote what a server sent, and its type says nothing to a user.
const unknownError = "there was an error that the client does not know"

func malformed(format string, args ...any) *Error {
	return &Error{Class: ErrMalformed, Reason: fmt.Sprintf(format, args...)}
}
