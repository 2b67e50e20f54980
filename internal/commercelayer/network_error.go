package commercelayer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
)

// errAttemptTimeout ends an attempt that took longer than the request timeout.
var errAttemptTimeout = errors.New("no complete answer within the request timeout")

// A cause is a network error with a text that can be shown. Go's errors may
// quote what a server sent. So the text is made from the kind of the error, and
// never from the error's own text.
type cause struct {
	text string
	err  error
}

func (c cause) Error() string { return c.text }
func (c cause) Unwrap() error { return c.err }

// networkError classifies an error of net/http. sent tells whether the request
// was sent, and with it the token.
func networkError(err error, sent bool) *Error {
	for wrapped := (*url.Error)(nil); errors.As(err, &wrapped); {
		err = wrapped.Err
	}
	e := &Error{Class: ErrConnection, Cause: cause{causeText(err), err}}
	var dns *net.DNSError
	var slow net.Error
	switch {
	case errors.Is(err, context.Canceled):
		e.Class, e.Cause = ErrCanceled, nil
	case errors.Is(err, errAttemptTimeout):
		e.Class = ErrTimeout
	case isProxyError(err):
		e.Class = ErrProxy
	case isTrustError(err) && !sent:
		e.Class = ErrTLS
	case errors.As(err, &dns):
		e.Class = ErrDNS
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		e.Class = ErrTimeout
	case errors.As(err, &slow) && slow.Timeout(): // for example a timeout of the TLS handshake
		e.Class = ErrTimeout
	}
	return e
}

// causeText describes a network error in words of this package.
func causeText(err error) string {
	var (
		dns          *net.DNSError
		verification *tls.CertificateVerificationError
		authority    x509.UnknownAuthorityError
		hostname     x509.HostnameError
		invalid      x509.CertificateInvalidError
		record       tls.RecordHeaderError
		operation    *net.OpError
		errno        syscall.Errno
		slow         net.Error
	)
	switch {
	case errors.Is(err, errAttemptTimeout):
		return errAttemptTimeout.Error()
	case errors.As(err, &dns):
		return dnsText(dns)
	case errors.As(err, &hostname):
		return "x509: the certificate is not valid for this host name"
	case errors.As(err, &authority):
		return "x509: the certificate was signed by an unknown authority"
	case errors.As(err, &invalid):
		return invalidText(invalid)
	case errors.As(err, &verification):
		return "x509: the certificate could not be verified"
	case errors.As(err, &record):
		return "the server does not speak TLS"
	case errors.Is(err, http.ErrSchemeMismatch):
		return "the server speaks HTTP and not HTTPS"
	case errors.As(err, &errno):
		return operationText(err, errno.Error())
	case errors.As(err, &operation) && isTLSOperation(operation):
		return "TLS: " + alertText(operation)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "unexpected EOF: the other side closed the connection"
	case errors.As(err, &slow) && slow.Timeout():
		return operationText(err, "timed out")
	case strings.Contains(err.Error(), "malformed"),
		strings.Contains(err.Error(), "too large"):
		return "the answer is not valid HTTP"
	case strings.Contains(err.Error(), "gzip: "):
		return "the header Content-Encoding of the answer is gzip, but its body is not"
	}
	return fmt.Sprintf("an error of the type %T", rootOf(err))
}

func dnsText(dns *net.DNSError) string {
	switch {
	case dns.IsNotFound:
		return "lookup " + Redact(dns.Name) + ": no such host"
	case dns.IsTimeout:
		return "lookup " + Redact(dns.Name) + ": the name server did not answer in time"
	}
	return "lookup " + Redact(dns.Name) + ": the name server failed"
}

func invalidText(invalid x509.CertificateInvalidError) string {
	if invalid.Reason == x509.Expired {
		return "x509: the certificate has expired or is not yet valid"
	}
	return "x509: the certificate is not valid"
}

// operationText puts the operation and the address in front of the reason.
func operationText(err error, reason string) string {
	var operation *net.OpError
	if !errors.As(err, &operation) {
		return reason
	}
	text := operation.Op
	if operation.Net != "" {
		text += " " + operation.Net
	}
	if operation.Addr != nil {
		text += " " + operation.Addr.String()
	}
	return text + ": " + reason
}

// isTLSOperation recognizes the alerts of crypto/tls, which have no exported
// type. net.OpError has these texts in Op.
func isTLSOperation(operation *net.OpError) bool {
	return operation.Op == "remote error" || operation.Op == "local error"
}

func alertText(operation *net.OpError) string {
	// These texts are crypto/tls's own, since an alert is only a number on the
	// wire.
	text := strings.TrimPrefix(operation.Err.Error(), "tls: ")
	if operation.Op == "remote error" {
		return "the server sent the alert: " + text
	}
	return "the connection was given up: " + text
}

func rootOf(err error) error {
	for {
		below := errors.Unwrap(err)
		if below == nil {
			return err
		}
		err = below
	}
}

func isTrustError(err error) bool {
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
	if errors.As(err, &operation) && isTLSOperation(operation) {
		return true
	}
	return errors.Is(err, http.ErrSchemeMismatch) || errors.As(err, &verification) || errors.As(err, &record) ||
		errors.As(err, &alert) || errors.As(err, &authority) || errors.As(err, &hostname) || errors.As(err, &invalid) ||
		errors.As(err, &roots)
}

// isProxyError tells whether the proxy could not be reached. net/http marks
// such an error with this operation.
func isProxyError(err error) bool {
	var operation *net.OpError
	return errors.As(err, &operation) && operation.Op == "proxyconnect"
}

// checkProxy makes an error if a proxy refuses to connect. Without it, Go's
// error would be the text that the proxy sent.
func checkProxy(_ context.Context, proxy *url.URL, _ *http.Request, resp *http.Response) error {
	switch resp.StatusCode {
	case http.StatusOK:
		return nil
	case http.StatusProxyAuthRequired:
		return &Error{
			Class:  ErrProxy,
			Status: resp.StatusCode,
			Reason: "the proxy " + proxy.Host + " wants another user or password",
		}
	}
	return &Error{Class: ErrProxy, Status: resp.StatusCode, Reason: "the proxy " + proxy.Host + " refuses to connect"}
}

// proxyReason names the proxy that could not be reached.
func proxyReason(used http.RoundTripper, req *http.Request) string {
	if t, ok := used.(*http.Transport); ok && t.Proxy != nil {
		if proxy, err := t.Proxy(req); err == nil && proxy != nil {
			return "the proxy " + proxy.Host + " could not be reached"
		}
	}
	return ""
}

// passes tells whether another attempt may succeed. It does not help against a
// bad certificate, an unknown host name, a redirect, or an answer that is too
// large: they come back each time.
func (e *Error) passes() bool {
	switch e.Class {
	case ErrDNS:
		var dns *net.DNSError
		return !errors.As(e.Cause, &dns) || !dns.IsNotFound
	case ErrConnection, ErrTimeout, ErrRateLimited:
		return true
	case ErrProxy:
		return e.Status == 0
	case ErrServer:
		return e.Status != http.StatusNotImplemented && e.Status != http.StatusHTTPVersionNotSupported
	default:
		return false
	}
}
