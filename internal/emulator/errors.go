package emulator

import (
	_ "embed"
	"encoding/json"
	"net/http"
	"strconv"
)

const (
	mediaTypeJSONAPI = "application/vnd.api+json"
	// Recorded in 2024: only errors of the application have a charset.
	mediaTypeJSONAPIError = "application/vnd.api+json; charset=utf-8"
	mediaTypeJSON         = "application/json; charset=utf-8"
)

// apiError is an error that the API answers with. The application sends errors
// in an array, and their status is a string (documented). The gateway in front
// of it sends a single object, and its status is a number (recorded 2024 and
// 2025).
type apiError struct {
	status              int
	code, title, detail string
}

// json writes the error. Its status is a number or a string.
func (err *apiError) json(status any) json.RawMessage {
	o := object{{"title", encode(err.title)}}
	if err.detail != "" {
		o = append(o, member{"detail", encode(err.detail)})
	}
	return append(o, member{"code", encode(err.code)}, member{"status", encode(status)}).json()
}

// Errors whose text is always the same.
var (
	errNotFoundArray = &apiError{http.StatusNotFound, "RECORD_NOT_FOUND", "Record not found",
		"The requested resource was not found. Please double-check the resource id."}
	// The tests of the official authentication library expect this code from
	// the real API.
	//
	// Assumption (expired-token): the error of an expired token is the same as
	// that of an unknown token.
	errInvalidToken = &apiError{http.StatusUnauthorized, "INVALID_TOKEN", "Invalid token",
		"The access token you provided is invalid."}
	// Documented: the status is 401 and not 403.
	errUnauthorized = &apiError{http.StatusUnauthorized, "UNAUTHORIZED", "Access denied",
		"You are not authorized to perform this action on the requested resource."}
	// Simplified: the status and the code are documented, but the texts are
	// not.
	errNotAcceptable = &apiError{http.StatusNotAcceptable, "NOT_ACCEPTABLE", "Not acceptable",
		"All requests must use the '" + mediaTypeJSONAPI + "' Accept without media type parameters."}
	// Simplified: the status is documented, but the code and the texts are not.
	errMethodNotAllowed = &apiError{http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "Method not allowed",
		"The emulator only reads customers, so GET is the only method."}
)

// badRequest returns an error 400 about the query.
//
// The documentation lists the codes, but does not say which mistake has which
// code. The codes come from a server library, so the emulator uses each code
// and text as that library does. The assumptions whose names begin with
// "unknown-" are about the codes that matter to the provider.
func badRequest(code, title, detail string) *apiError {
	return &apiError{http.StatusBadRequest, code, title, detail}
}

// writeUnauthorized answers 401.
//
// Assumption (unauthorized-form): the error is an array, as the application
// writes it.
func (e *Emulator) writeUnauthorized(w http.ResponseWriter, err *apiError) {
	if e.refuted.is(AssumeUnauthorizedForm, wayObject) {
		writeGatewayError(w, err)
		return
	}
	writeError(w, err)
}

// writeError answers with an error of the application.
func writeError(w http.ResponseWriter, err *apiError) {
	w.Header().Set("Cache-Control", "no-cache")
	errors := array([]json.RawMessage{err.json(strconv.Itoa(err.status))})
	writeBody(w, err.status, mediaTypeJSONAPIError, object{{"errors", errors}}.json())
}

// writeGatewayError answers with an error of the gateway.
func writeGatewayError(w http.ResponseWriter, err *apiError) {
	writeBody(w, err.status, mediaTypeJSON, object{{"errors", err.json(err.status)}}.json())
}

// writeThrottled answers 429 as recorded in October 2024. The error has no
// detail. The recorded Retry-After is 0. The caller has set the rate headers.
func writeThrottled(w http.ResponseWriter, retryAfter string) {
	h := w.Header()
	h.Set("Cache-Control", "no-cache")
	h.Set("Retry-After", retryAfter)
	h.Set("Accept-Ranges", "bytes")
	h.Set("Access-Control-Allow-Origin", "*")
	writeGatewayError(w, &apiError{http.StatusTooManyRequests, "THROTTLED", "Too Many Requests", ""})
}

// notFoundPage is the API's own page (recorded 2022 and 2023) in a short form.
//
//go:embed fixtures/not_found.html
var notFoundPage []byte

// varnishPage looks like an error page of the cache Varnish. It has places for
// the status and its text.
//
//go:embed fixtures/varnish.html
var varnishPage string

// writeNotFound answers 404.
//
// Assumption (not-found-form): it does so in the newest of the three forms that
// were recorded. An array was recorded in October 2024, and a page of the cache
// in front of the API in 2022 and 2023.
func (e *Emulator) writeNotFound(w http.ResponseWriter) {
	h := w.Header()
	switch e.refuted[AssumeNotFoundForm] {
	case wayArray:
		h.Set("X-Request-Id", newRequestID())
		h.Set("X-Kong-Request-Id", newTraceID()[:32])
		h.Set("X-Kong-Upstream-Latency", "21")
		h.Set("X-Kong-Proxy-Latency", "1")
		h.Set("Vary", "Accept, Accept-Encoding, Origin")
		h.Set("X-Content-Type-Options", "nosniff")
		writeError(w, errNotFoundArray)
	case "html":
		writeHTML(w, http.StatusNotFound)
	default:
		h.Set("Retry-After", "0")
		h.Set("Accept-Ranges", "bytes")
		h.Set("Access-Control-Expose-Headers", exposedHeaders)
		// The recording has the word "not" twice.
		writeGatewayError(w, &apiError{http.StatusNotFound, "RECORD_NOT_FOUND", "Record Not Found",
			"The requested resource was not not found. Please double-check the resource id."})
	}
}

func writeBody(w http.ResponseWriter, status int, contentType string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

const exposedHeaders = "x-ratelimit-interval, x-ratelimit-limit, x-ratelimit-remaining, Authorization"

// writeDocument answers 200.
//
// Assumption (success-headers): the headers are those recorded in July 2025.
func (e *Emulator) writeDocument(w http.ResponseWriter, body []byte) {
	mediaType := mediaTypeJSONAPI
	if e.refuted.is(AssumeSuccessHeaders, "charset") {
		mediaType += "; charset=utf-8"
	}
	if !e.refuted.is(AssumeSuccessHeaders, wayMissing) {
		h := w.Header()
		h.Set("Accept-Ranges", "bytes")
		h.Set("Access-Control-Expose-Headers", exposedHeaders)
		h.Set("Cache-Control", "max-age=0, private, must-revalidate")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		h.Set("Vary", "Accept, Accept-Encoding, Origin")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Download-Options", "noopen")
		h.Set("X-Permitted-Cross-Domain-Policies", "none")
		h.Set("X-Xss-Protection", "0")
	}
	writeBody(w, http.StatusOK, mediaType, body)
}
