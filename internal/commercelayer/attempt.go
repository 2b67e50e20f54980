package commercelayer

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// MaxAnswerBytes bounds what is read of one answer, after decompression.
const MaxAnswerBytes = 32 << 20

// An Event describes one HTTP attempt, for a log. It never holds a query, a
// header other than those below, a body, a token or an e-mail address.
type Event struct {
	// Method, Host and Path name the request.
	Method, Host, Path string
	// TokenRequest is set if the request was one for an access token.
	TokenRequest bool
	// Status is the HTTP status, or 0 if no answer came.
	Status int
	// Attempt counts from 1.
	Attempt int
	// Duration is the time from sending to the end of the body, Waited the time
	// that the rate limit took before.
	Duration, Waited time.Duration
	// Bytes is the size of the body.
	Bytes int
	// Remaining is what the answer says is left of the average limit, or empty.
	Remaining string
	// RequestID is the answer's X-Request-Id, which not every answer has.
	RequestID string
	// TraceID is meta.trace_id of the first resource of the answer, which not
	// every answer has.
	TraceID string
	// Err is why there was no answer, or nil.
	Err error
}

// attempt is an [http.RoundTripper] that makes one HTTP attempt: it waits for a
// place within the limits, sends, and reads the whole answer within the
// timeout, so that a body cut off in the middle is a failed attempt like any
// other and can be repeated.
type attempt struct {
	base     http.RoundTripper
	governor *Governor // nil: no waiting
	timeout  time.Duration
	observe  func(context.Context, Event)
}

// RoundTrip implements [http.RoundTripper]. Its errors are of the type [*Error].
func (a *attempt) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	x := exchangeOf(ctx)
	p, waited, err := a.place(ctx, x)
	if err != nil {
		return nil, x.interrupted(ctx)
	}

	event := Event{
		Method: x.method, Host: x.host, Path: x.path, TokenRequest: x.tokenRequest,
		Attempt: x.begin(), Waited: waited,
	}
	var header http.Header
	if p != nil {
		// Whatever happens: others wait for a place that is never settled.
		defer func() { p.settle(event.Status, header) }()
	}
	start := time.Now()
	resp, body, err := a.send(req)
	event.Duration = time.Since(start)
	if resp != nil {
		header = resp.Header
		event.Status, event.Bytes = resp.StatusCode, len(body)
		event.Remaining = clean(header.Get("X-Ratelimit-Remaining"))
		event.RequestID = clean(header.Get("X-Request-Id"))
		event.TraceID = traceID(body)
	}
	if err != nil {
		failure := networkError(err)
		failure.Status = event.Status
		event.Err, err = failure, failure
	}
	if a.observe != nil {
		a.observe(ctx, event)
	}
	if err != nil {
		return nil, err
	}
	if _, err := url.Parse(header.Get("Location")); err != nil {
		header.Del("Location") // net/http would fail, and quote it
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

var traceIDMember = regexp.MustCompile(`"trace_id"\s*:\s*"([0-9A-Za-z-]{1,64})"`)

// traceID finds the API's correlation ID without decoding the document.
func traceID(body []byte) string {
	// Resources are a few kilobytes long, and meta is their last member.
	if m := traceIDMember.FindSubmatch(body[:min(len(body), 64<<10)]); m != nil {
		return string(m[1])
	}
	return ""
}

// place waits for a place, unless the exchange has brought its own.
func (a *attempt) place(ctx context.Context, x *exchange) (*place, time.Duration, error) {
	if a.governor == nil {
		return nil, 0, ctx.Err()
	}
	if p := x.takeReserved(); p != nil {
		return p, x.totalWaited(), nil
	}
	dequeue := x.queue()
	defer dequeue()
	return a.governor.reserve(ctx)
}

// send returns the response and its whole body. The response may be set beside
// an error: then its body could not be read.
func (a *attempt) send(req *http.Request) (*http.Response, []byte, error) {
	ctx, cancel := context.WithTimeoutCause(req.Context(), a.timeout, errAttemptTimeout)
	defer cancel()
	resp, err := a.base.RoundTrip(req.WithContext(ctx))
	var body []byte
	if err == nil {
		body, err = readBody(resp)
		if closeErr := resp.Body.Close(); err == nil {
			err = closeErr
		}
	}
	// Whatever the network said, the reason is the timeout if it has passed.
	if err != nil && errors.Is(context.Cause(ctx), errAttemptTimeout) {
		err = errAttemptTimeout
	}
	return resp, body, err
}

// readBody reads a body up to the bound. No encoding is asked for, but a server
// may choose one all the same; gzip is understood.
func readBody(resp *http.Response) ([]byte, error) {
	var r io.Reader = resp.Body
	switch encoding := strings.ToLower(resp.Header.Get("Content-Encoding")); encoding {
	case "", "identity":
		if resp.ContentLength > MaxAnswerBytes {
			return nil, tooLarge()
		}
	case "gzip":
		unzipped, err := gzip.NewReader(r)
		if err != nil {
			return nil, fmt.Errorf("the answer is said to be gzip, but is not: %w", err)
		}
		r = unzipped
	default:
		return nil, &Error{Kind: ErrMediaType, Reason: "the answer is encoded as " + clean(encoding) + ", which was not asked for"}
	}
	body, err := io.ReadAll(io.LimitReader(r, MaxAnswerBytes+1))
	if len(body) > MaxAnswerBytes {
		return nil, tooLarge()
	}
	return body, err
}

func tooLarge() *Error {
	return &Error{Kind: ErrTooLarge, Reason: fmt.Sprintf("the answer is larger than %d MiB", MaxAnswerBytes>>20)}
}
