package commercelayer

import (
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
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

// networkError classifies an error of net/http.
func networkError(err error) *Error {
	if errors.Is(err, context.Canceled) {
		return &Error{Class: ErrCanceled}
	}
	e := &Error{Class: ErrConnection, Cause: cause{"the network failed in a way that the provider does not know", err}}
	for _, k := range networkKinds {
		if k.is(err) {
			e.Class, e.Cause = k.class, cause{k.text(err), err}
			break
		}
	}
	switch {
	case isProxyError(err):
		e.lasting = !e.Retryable() // by what is wrong with the proxy
		e.Class = ErrProxy
	case isLastingAlert(err):
		_, name := alert(err)
		e.Reason = alertMeanings[name]
	case isNotTLS(err), errors.Is(err, http.ErrSchemeMismatch):
		e.Reason = "it does not speak TLS"
	}
	return e
}

// networkKinds are the errors that are known. The first kind that fits counts.
var networkKinds = []struct {
	is    func(error) bool
	class Class
	text  func(error) string
}{
	{isA[*net.DNSError], ErrDNS, dnsText},
	{isTimeout, ErrTimeout, timeoutText},
	{isA[x509.HostnameError], ErrTLS, says("x509: the certificate is not valid for this host name")},
	{isA[x509.UnknownAuthorityError], ErrTLS, says("x509: the certificate was signed by an unknown authority")},
	{isA[x509.CertificateInvalidError], ErrTLS, invalidText},
	{isA[x509.SystemRootsError], ErrTLS, says("x509: the certificates that this machine trusts can't be read")},
	{isA[*tls.CertificateVerificationError], ErrTLS, says("x509: the certificate could not be verified")},
	{isNotTLS, ErrTLS, says("the server does not speak TLS")},
	{isKind(http.ErrSchemeMismatch), ErrTLS, says("the server speaks HTTP and not HTTPS")},
	{isLastingAlert, ErrTLS, alertText},
	{isAlert, ErrConnection, alertText},
	{begins("tls: server selected unsupported protocol version"), ErrTLS,
		says(alertMeanings["protocol version not supported"])},
	{begins("tls: "), ErrConnection, says("the server broke the rules of TLS")},
	{isA[syscall.Errno], ErrConnection, errnoText},
	{isKind(io.EOF, io.ErrUnexpectedEOF), ErrConnection, says(closedEarly)},
	{begins("http: server closed idle connection", "http: unexpected EOF reading trailer"), ErrConnection,
		says(closedEarly)},
	{isKind(net.ErrClosed), ErrConnection, says("the connection was closed")},
	{isKind(gzip.ErrHeader, gzip.ErrChecksum), ErrConnection, says(notGzip)},
	{isA[flate.CorruptInputError], ErrConnection, says(notGzip)},
	{isSOCKSError, ErrProxy, says("the proxy refused to connect, or failed to")},
	// The library has no types for what follows.
	{begins("http: message cannot contain multiple Content-Length"), ErrConnection,
		says("the answer has two Content-Length headers that contradict each other")},
	{begins("invalid byte in chunk length", "http chunk length too large", "malformed chunked encoding", "chunked ",
		"invalid CR in chunked line", "empty hex number for chunk length", "header line too long",
		"http: suspiciously long trailer"), ErrConnection,
		says("the answer is sent in chunks, and one of them is malformed")},
	{begins("net/http: server response headers exceeded", "message too large"), ErrConnection,
		says(fmt.Sprintf("the headers are larger than %d KiB, with those of interim answers", maxHeaderBytes>>10))},
	{begins("malformed HTTP", "malformed MIME header", "bad trailer key", "bad Content-Length",
		"invalid empty Content-Length", "unsupported transfer encoding", "too many transfer encodings"), ErrConnection,
		says("the answer is not valid HTTP")},
}

const closedEarly = "unexpected EOF: the other side closed the connection"

const notGzip = "the header Content-Encoding of the answer is gzip, but its body is not"

func says(s string) func(error) string { return func(error) string { return s } }

func isA[T error](err error) bool {
	_, ok := errors.AsType[T](err)
	return ok
}

func isKind(kinds ...error) func(error) bool {
	return func(err error) bool {
		return slices.ContainsFunc(kinds, func(kind error) bool { return errors.Is(err, kind) })
	}
}

// begins recognizes errors that have no type. It looks at the beginning, which
// is the library's own. What follows may be the server's.
func begins(beginnings ...string) func(error) bool {
	return func(err error) bool {
		for below := err; below != nil; below = errors.Unwrap(below) {
			err = below
		}
		return slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(err.Error(), b) })
	}
}

func isNotTLS(err error) bool {
	record, ok := errors.AsType[tls.RecordHeaderError](err)
	return ok && strings.HasPrefix(record.Msg, "first record")
}

func isTimeout(err error) bool {
	slow, ok := errors.AsType[net.Error](err)
	return errors.Is(err, errAttemptTimeout) || ok && slow.Timeout() // for example a timeout of the TLS handshake
}

func timeoutText(err error) string {
	if errors.Is(err, errAttemptTimeout) {
		return errAttemptTimeout.Error()
	}
	return operationText(err, "timed out")
}

func dnsText(err error) string {
	dns, _ := errors.AsType[*net.DNSError](err)
	switch {
	case dns.IsNotFound:
		return "lookup " + redact.Name(dns.Name) + ": no such host"
	case dns.IsTimeout:
		return "lookup " + redact.Name(dns.Name) + ": the name server did not answer in time"
	}
	return "lookup " + redact.Name(dns.Name) + ": the name server failed"
}

func isUnknownHost(err error) bool {
	dns, ok := errors.AsType[*net.DNSError](err)
	return ok && dns.IsNotFound
}

func invalidText(err error) string {
	if invalid, _ := errors.AsType[x509.CertificateInvalidError](err); invalid.Reason == x509.Expired {
		return "x509: the certificate has expired or is not yet valid"
	}
	return "x509: the certificate is not valid"
}

func errnoText(err error) string {
	errno, _ := errors.AsType[syscall.Errno](err)
	return operationText(err, errno.Error())
}

// operationText puts the operation and the address in front of the reason.
func operationText(err error, reason string) string {
	opError, ok := errors.AsType[*net.OpError](err)
	if !ok {
		return reason
	}
	text := opError.Op
	if opError.Net != "" {
		text += " " + opError.Net
	}
	if opError.Addr != nil {
		text += " " + opError.Addr.String()
	}
	return text + ": " + reason
}

// alertMeanings are the alerts of TLS with which a server refuses a connection
// each time. A server that speaks TLS 1.3 may send them after the request.
var alertMeanings = map[string]string{
	"access denied":                   "the server refuses this client",
	"bad certificate":                 wantsCertificate,
	"certificate required":            wantsCertificate,
	"expired certificate":             wantsCertificate,
	"handshake failure":               "the server has no cipher in common with the provider, or it " + wantsOne,
	"insufficient security level":     "the server wants stronger ciphers than the provider has",
	"no application protocol":         "the server does not speak HTTP/1.1",
	"protocol version not supported":  "the server speaks no version of TLS that the provider accepts: 1.2 or 1.3",
	"revoked certificate":             wantsCertificate,
	"unknown certificate":             wantsCertificate,
	"unknown certificate authority":   wantsCertificate,
	"unrecognized name":               "the server does not know this host name",
	"unsupported certificate":         wantsCertificate,
	"encrypted client hello required": "the server wants encrypted host names, which the provider can't send",
}

const (
	wantsOne         = "wants a client certificate, and the provider has none"
	wantsCertificate = "the server " + wantsOne
)

// alert returns the alert that ended a TLS connection. crypto/tls exports no
// type for it, and net.OpError has these texts in Op.
func alert(err error) (operation, name string) {
	o, ok := errors.AsType[*net.OpError](err)
	switch {
	case !ok:
		return "", ""
	case o.Op == "remote error", o.Op == "local error":
		// The texts are crypto/tls's own, since an alert is only a number on the wire.
		return o.Op, strings.TrimPrefix(o.Err.Error(), "tls: ")
	}
	return alert(o.Err) // that of a proxy is wrapped
}

func isAlert(err error) bool {
	operation, _ := alert(err)
	return operation != ""
}

func isLastingAlert(err error) bool {
	operation, name := alert(err)
	return operation == "remote error" && alertMeanings[name] != ""
}

func alertText(err error) string {
	operation, name := alert(err)
	if operation == "local error" {
		return "TLS: the connection was given up: " + name
	}
	return "TLS: the server sent the alert: " + name
}

// isProxyError tells whether the proxy failed, and not the server. net/http
// marks such an error with an operation. We mark those of a CONNECT.
func isProxyError(err error) bool {
	operation, ok := errors.AsType[*net.OpError](err)
	return ok && slices.Contains([]string{"proxyconnect", opConnect, opSOCKS}, operation.Op)
}

const opConnect, opSOCKS = "CONNECT", "socks connect"

// connectedKey is the key of the context's flag that [watchConnect] sets.
type connectedKey struct{}

// watchConnect returns a context that learns whether the proxy has answered, or
// a connection was there without it.
func watchConnect(ctx context.Context) context.Context {
	connected := new(atomic.Bool)
	return httptrace.WithClientTrace(context.WithValue(ctx, connectedKey{}, connected),
		&httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }})
}

// markConnect marks an error that came before the proxy answered the CONNECT.
// net/http does not tell it from an error of the server.
func markConnect(ctx context.Context, proxy *url.URL, err error) error {
	connected, ok := ctx.Value(connectedKey{}).(*atomic.Bool)
	if !ok || connected.Load() || proxy == nil || strings.HasPrefix(proxy.Scheme, "socks") || isProxyError(err) ||
		isTimeout(err) {
		return err
	}
	return &net.OpError{Op: opConnect, Net: "tcp", Err: err}
}

func isSOCKSError(err error) bool {
	operation, ok := errors.AsType[*net.OpError](err)
	return ok && operation.Op == opSOCKS
}

// checkProxy makes an error if a proxy refuses to connect. Without it, Go's
// error would be the text that the proxy sent.
func checkProxy(ctx context.Context, proxy *url.URL, _ *http.Request, resp *http.Response) error {
	if connected, ok := ctx.Value(connectedKey{}).(*atomic.Bool); ok {
		connected.Store(true)
	}
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
	reason := " refuses to connect"
	if resp.StatusCode >= http.StatusInternalServerError {
		reason = " could not connect"
	}
	return &Error{Class: ErrProxy, Status: resp.StatusCode, Reason: "the proxy " + proxy.Host + reason}
}

// proxyOf returns the proxy of a request, or nil.
func proxyOf(used http.RoundTripper, req *http.Request) *url.URL {
	t, ok := used.(*http.Transport)
	if !ok || t.Proxy == nil {
		return nil
	}
	proxy, err := t.Proxy(req)
	if err != nil {
		return nil
	}
	return proxy
}

// proxyReason names the proxy that failed, and how.
func proxyReason(proxy *url.URL, failure error) string {
	if proxy == nil {
		return ""
	}
	reason := " could not be reached"
	operation, _ := errors.AsType[*net.OpError](failure)
	switch {
	case isNotTLS(failure):
		reason = " does not speak TLS"
	case isA[*tls.CertificateVerificationError](failure):
		reason = " has a certificate that is not trusted"
	case isLastingAlert(failure):
		reason = " refuses the TLS connection"
	case isUnknownHost(failure):
		reason = " could not be found"
	case operation != nil && operation.Op != "proxyconnect":
		reason = " did not connect to the server"
	}
	return "the proxy " + proxy.Host + reason
}

// Retryable tells whether another attempt may succeed. It does not help against
// a bad certificate, an unknown host name, a redirect, or an answer that is too
// large: they come back each time.
func (e *Error) Retryable() bool {
	switch e.Class {
	case ErrDNS:
		return !isUnknownHost(e.Cause)
	case ErrConnection, ErrTimeout, ErrRateLimited:
		return true
	case ErrProxy:
		return !e.lasting && (e.Status == 0 || e.Status >= http.StatusInternalServerError)
	case ErrServer:
		return e.Status != http.StatusNotImplemented && e.Status != http.StatusHTTPVersionNotSupported
	default:
		return false
	}
}
