package commercelayer

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

// MaxAnswerBytes is the largest body of an answer in bytes, after
// decompression.
const MaxAnswerBytes = 32 << 20

// An answer is an HTTP response. The status decides what it is, and the body
// gives the details.
type answer struct {
	status int
	header http.Header
	body   []byte
	// lost is why the body can't be had: it broke off, is too large, or has an
	// encoding that was not asked for. The body is then empty.
	lost *Error
}

// readBody reads a body up to [MaxAnswerBytes]. The client asks for no content
// encoding, but a server may still send gzip.
func readBody(resp *http.Response) ([]byte, error) {
	if resp.StatusCode == http.StatusSwitchingProtocols {
		// The stream after a 101 may never end, and net/http no longer ends it with
		// the context.
		return nil, malformed("the server switched to another protocol, which was not asked for")
	}
	if resp.ContentLength > MaxAnswerBytes {
		return nil, tooLarge()
	}
	// Without a length, the end of the connection is the end of the body. So it
	// may also be where the connection broke.
	untilClosed := resp.ContentLength < 0 && len(resp.TransferEncoding) == 0
	first := make([]byte, 1)
	switch _, err := io.ReadFull(resp.Body, first); {
	case err == io.EOF && untilClosed && resp.StatusCode <= 299:
		return nil, io.ErrUnexpectedEOF
	case err == io.EOF:
		return nil, nil // the body is whole, whatever its headers say
	case err != nil:
		return nil, err
	}
	r := io.MultiReader(bytes.NewReader(first), resp.Body)
	switch strings.ToLower(resp.Header.Get("Content-Encoding")) {
	case "", "identity":
	case "gzip", "x-gzip": // the same (RFC 9110)
		unzipped, err := gzip.NewReader(r)
		if err != nil {
			return nil, err
		}
		r = unzipped
	default:
		return nil, &Error{Class: ErrMediaType, Reason: "the answer has a content encoding that was not asked for"}
	}
	body, err := io.ReadAll(io.LimitReader(r, MaxAnswerBytes+1))
	if err == nil && len(body) > MaxAnswerBytes {
		return nil, tooLarge()
	}
	if err == nil && untilClosed && jsonapi.CutOff(body) {
		err = io.ErrUnexpectedEOF
	}
	return body, err
}

func tooLarge() *Error {
	return &Error{Class: ErrTooLarge, Reason: fmt.Sprintf("the answer is larger than %d MiB", MaxAnswerBytes>>20)}
}

// maxAPIErrors is how many error objects of an answer are kept. A person reads
// only the first few.
const maxAPIErrors = 10

// failure returns the error that the answer stands for. It is nil for a status
// 2xx with a body that may be a JSON document.
func (a *answer) failure(out *outgoing) *Error {
	e := &Error{Status: a.status, Date: a.date(), RequestID: a.requestID(out.secrets)}
	if a.status > 299 || bytes.Contains(a.body, []byte(`"error`)) {
		e.API = apiErrors(a.body, out.secrets)
	}
	status := a.status
	switch {
	case status < 100: // no status at all: commonClass knows it
	case status <= 299 && a.lost != nil:
		lost := *a.lost
		lost.Status, lost.RequestID = e.Status, e.RequestID
		return &lost
	case status <= 299:
		if told := a.toldStatus(); told != 0 {
			status = told
			break
		}
		return a.checkMediaType(e, out)
	case status <= 399:
		e.Class, e.Reason = a.redirect(out)
		return e
	}
	if out.token {
		e.Class = a.tokenClass(status, e)
	} else {
		e.Class = a.apiClass(status, e)
	}
	if e.Class == ErrBlocked {
		e.Reason = a.blocker(out.secrets)
	}
	return e
}

func (a *answer) requestID(secrets redact.Secrets) string {
	return secrets.Name(a.header.Get("X-Request-Id"))
}

// date returns the server's time. With an Age header, the answer was kept by a
// cache for a while.
func (a *answer) date() time.Time {
	date, err := http.ParseTime(a.header.Get("Date"))
	if err != nil || a.header.Get("Age") != "" {
		return time.Time{}
	}
	return date
}

// toldStatus returns the status in the errors of a document, if a server sent
// the document with a status 2xx. It is 0 if the document holds what was asked
// for.
func (a *answer) toldStatus() int {
	if !bytes.Contains(a.body, []byte(`"error`)) {
		return 0
	}
	var token struct {
		Value string `json:"access_token"`
	}
	if json.Unmarshal(a.body, &token) == nil && token.Value != "" {
		return 0
	}
	document, err := jsonapi.Decode(a.body, 0)
	if err != nil || len(document.Items) > 0 {
		return 0 // it has resources, or it can't be read and the caller finds out why
	}
	told := jsonapi.DecodeErrors(a.body, 1)
	if len(told) == 0 {
		return 0
	}
	if status, err := strconv.Atoi(told[0].Status); err == nil && status >= 400 && status <= 599 {
		return status
	}
	return http.StatusBadRequest
}

// apiCodes are the error codes of the Core API that official clients declare.
// If a 401 or 403 has another code or none, a proxy or a firewall sent it and
// not the API.
var apiCodes = []string{
	"EMPTY_ERROR", "FILTER_NOT_ALLOWED", "FORBIDDEN", "INTERNAL_SERVER_ERROR", "INVALID_DATA_FORMAT", "INVALID_FIELD",
	"INVALID_FIELD_FORMAT", "INVALID_FIELD_VALUE", "INVALID_FILTERS_SYNTAX", "INVALID_FILTER_VALUE", "INVALID_INCLUDE",
	"INVALID_LINKS_OBJECT", "INVALID_PAGE_OBJECT", "INVALID_PAGE_VALUE", "INVALID_RESOURCE", "INVALID_RESOURCE_ID",
	"INVALID_SORT_CRITERIA", codeInvalidToken, "KEY_NOT_INCLUDED_IN_URL", "LOCKED", "NOT_ACCEPTABLE", "PARAM_MISSING",
	"PARAM_NOT_ALLOWED", "RECORD_NOT_FOUND", "RELATION_EXISTS", "SAVE_FAILED", "THROTTLED", "TYPE_MISMATCH",
	codeUnauthorized, "UNSUPPORTED_MEDIA_TYPE", "VALIDATION_ERROR",
}

// commonClass classifies by the status alone, for both the API and the token
// endpoint. It is 0 if the status does not suffice.
func commonClass(status int) Class {
	switch {
	case status == http.StatusTooManyRequests:
		return ErrRateLimited
	case status == http.StatusProxyAuthRequired, status == http.StatusNetworkAuthenticationRequired:
		return ErrBlocked // by a proxy, or by the login page of a network
	case status < 100, status >= 500, status == http.StatusRequestTimeout, status == http.StatusTooEarly,
		status == http.StatusMisdirectedRequest:
		return ErrServer
	}
	return 0
}

// silent tells whether the answer has no body, or none that can be read.
func (a *answer) silent() bool { return len(bytes.TrimSpace(a.body)) == 0 }

// apiClass classifies an answer of the Core API. An error speaks of the token
// or of a permission only if the API itself has sent it. Nobody knows who sent
// a 401 without a word: its text then names the token and those on the way.
func (a *answer) apiClass(status int, e *Error) Class {
	code := e.Code()
	known := slices.Contains(apiCodes, code)
	class := commonClass(status)
	switch {
	case class != 0:
		return class
	case status == http.StatusNotFound:
		return ErrNotFound
	case tooLong(status):
		return ErrBadRequest // a server in front of the API answers so, with an HTML page
	case status == http.StatusUnauthorized && a.silent():
		return ErrInvalidToken
	case a.isHTML():
		return ErrBlocked
	case (status == http.StatusForbidden || status == http.StatusUnauthorized) && !known:
		return ErrBlocked
	case status == http.StatusForbidden, code == codeUnauthorized:
		return ErrPermission
	case status == http.StatusUnauthorized:
		return ErrInvalidToken
	}
	return ErrBadRequest
}

// tokenClass classifies an answer of the token endpoint.
func (a *answer) tokenClass(status int, e *Error) Class {
	class := commonClass(status)
	switch {
	case class != 0:
		return class
	case status != http.StatusBadRequest && status != http.StatusUnauthorized && status != http.StatusForbidden:
		return ErrBadRequest
	case status == http.StatusUnauthorized && a.silent():
		return ErrCredentials
	case len(e.API) == 0:
		return ErrBlocked
	}
	return ErrCredentials
}

// isHTML tells whether the body is a page and no JSON. Its media type does not
// tell: some servers give all their answers the same one.
func (a *answer) isHTML() bool { return bytes.HasPrefix(bytes.TrimSpace(a.body), []byte("<")) }

func (a *answer) mediaType() string {
	contentType := a.header.Get("Content-Type")
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		mediaType, _, _ = strings.Cut(contentType, ";")
		mediaType = strings.ToLower(strings.TrimSpace(mediaType))
	}
	return mediaType
}

// checkMediaType accepts each media type that a JSON document may have: the one
// of JSON:API with any parameters, plain JSON, or no media type. The caller
// then decodes the body and finds out whether it is a document.
func (a *answer) checkMediaType(e *Error, out *outgoing) *Error {
	switch mediaType := a.mediaType(); {
	case len(bytes.TrimSpace(a.body)) == 0:
		e.Class, e.Reason = ErrNotJSON, "the answer is empty"
	case a.isHTML():
		e.Class, e.Reason = ErrNotJSON, "the answer is an HTML page"
	case mediaType == "", mediaType == jsonapi.MediaType, mediaType == "application/json":
		return nil
	default:
		e.Class = ErrMediaType
		e.Reason = "the answer is of the media type " + out.secrets.Name(mediaType) + ", which does not stand for JSON"
	}
	return e
}

var pageTitle = regexp.MustCompile(`(?is)<title[^>]*>(.{1,200}?)</title>`)

// blocker says who refused the request instead of the API. It quotes the title
// of the page and the Server header.
func (a *answer) blocker(secrets redact.Secrets) string {
	var parts []string
	if m := pageTitle.FindSubmatch(a.body[:min(len(a.body), 16<<10)]); m != nil {
		parts = append(parts, fmt.Sprintf("its page is titled %q", secrets.Prose(string(m[1]))))
	}
	if server := a.header.Get("Server"); server != "" {
		parts = append(parts, fmt.Sprintf("it calls itself %q", secrets.Name(server)))
	}
	return strings.Join(parts, ", and ")
}

// redirect classifies a status 3xx. The reason names the host that a redirect
// leads to, without path and query. A 304, or a Location that leads nowhere, is
// no redirect.
func (a *answer) redirect(out *outgoing) (Class, string) {
	location := a.header.Get("Location")
	u, err := url.Parse(location)
	switch {
	case a.status == http.StatusNotModified, location == "", err != nil, u.Scheme != "" && u.Host == "":
		return ErrNotJSON, "a status 3xx without an address to go to is no answer to this request"
	case u.Host == "":
		return ErrRedirect, "the server answered with a redirect"
	}
	target := out.http.URL.ResolveReference(u) // the scheme may be left out
	return ErrRedirect, "the server answered with a redirect to " + out.secrets.Name(target.Scheme+"://"+target.Host)
}

// apiErrors reads the error objects of a body, cleaned for display.
func apiErrors(body []byte, secrets redact.Secrets) []APIError {
	var list []APIError
	for _, o := range jsonapi.DecodeErrors(body, maxAPIErrors) {
		a := APIError{
			Code:   secrets.Name(o.Code),
			Title:  secrets.Prose(o.Title),
			Detail: secrets.Prose(o.Detail),
		}
		if a != (APIError{}) {
			list = append(list, a)
		}
	}
	return list
}

// traceID returns meta.trace_id of the first resource that has one, or "".
func (a *answer) traceID(secrets redact.Secrets) string {
	if a.status < 200 || a.status > 299 {
		return ""
	}
	return secrets.Name(jsonapi.TraceID(a.body))
}
