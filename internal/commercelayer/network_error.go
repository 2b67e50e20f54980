package commercelayer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
)

// errAttemptTimeout ends an attempt that took longer than the request timeout.
var errAttemptTimeout = errors.New("no complete answer within the request timeout")

// A cause is an error from below whose text is fit to be shown: without the URL
// that net/http puts in front, and without what looks personal or secret.
type cause struct{ err error }

func (c cause) Error() string { return clean(c.err.Error()) }
func (c cause) Unwrap() error { return c.err }

// networkError classifies an error of net/http.
func networkError(err error) *Error {
	if known, ok := errors.AsType[*Error](err); ok {
		return known
	}
	for wrapped := (*url.Error)(nil); errors.As(err, &wrapped); {
		err = wrapped.Err
	}
	e := &Error{Kind: ErrConnection, Cause: cause{err}}
	var dns *net.DNSError
	var slow net.Error
	switch {
	case errors.Is(err, context.Canceled):
		e.Kind, e.Cause = ErrCanceled, nil
	case errors.Is(err, errAttemptTimeout):
		e.Kind = ErrTimeout
	case isTLSError(err):
		e.Kind = ErrTLS
	case errors.As(err, &dns):
		e.Kind = ErrDNS
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		e.Kind = ErrTimeout
	case errors.As(err, &slow) && slow.Timeout(): // such as a TLS handshake's
		e.Kind = ErrTimeout
	}
	return e
}

func isTLSError(err error) bool {
	var (
		verification *tls.CertificateVerificationError
		record       tls.RecordHeaderError
		alert        tls.AlertError
		authority    x509.UnknownAuthorityError
		hostname     x509.HostnameError
		invalid      x509.CertificateInvalidError
		roots        x509.SystemRootsError
		operation    *net.OpError
	)
	// The alerts of crypto/tls have no type of their own outside of it.
	if errors.As(err, &operation) && (operation.Op == "remote error" || operation.Op == "local error") {
		return true
	}
	return errors.Is(err, http.ErrSchemeMismatch) || errors.As(err, &verification) || errors.As(err, &record) || errors.As(err, &alert) ||
		errors.As(err, &authority) || errors.As(err, &hostname) || errors.As(err, &invalid) || errors.As(err, &roots)
}

// retryable tells whether another attempt can help. A certificate does not get
// better, a name that does not exist does not appear, and a redirect or an
// answer too large come again.
func (e *Error) retryable() bool {
	switch {
	case errors.Is(e, ErrDNS):
		var dns *net.DNSError
		return !errors.As(e.Cause, &dns) || !dns.IsNotFound
	case errors.Is(e, ErrConnection), errors.Is(e, ErrTimeout), errors.Is(e, ErrRateLimited):
		return true
	case errors.Is(e, ErrServer):
		switch e.Status {
		case 500, 502, 503, 504:
			return true
		}
	}
	return false
}
