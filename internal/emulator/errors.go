package emulator

import (
	"net/http"
	"strconv"
)

const (
	mediaTypeJSONAPI = "application/vnd.api+json"
	// Recorded in 2024: the application's errors name a charset, its successes
	// none.
	mediaTypeJSONAPIError = "application/vnd.api+json; charset=utf-8"
	mediaTypeJSON         = "application/json; charset=utf-8"
)

// apiError is an error of the application itself: an array of objects whose
// status is a string (documented).
type apiError struct {
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Code   string `json:"code"`
	Status string `json:"status"`
}

func newError(status int, code, title, detail string) *apiError {
	return &apiError{Title: title, Detail: detail, Code: code, Status: strconv.Itoa(status)}
}

// Errors with one text each.
var (
	errNotFoundArray = newError(http.StatusNotFound, "RECORD_NOT_FOUND", "Record not found",
		"The requested resource was not found. Please double-check the resource id.")
	// Asserted by the official authentication library against the service.
	//
	// Assumption (expired-token): an expired token is told apart by neither code
	// nor title nor detail.
	errInvalidToken = newError(http.StatusUnauthorized, "INVALID_TOKEN", "Invalid token",
		"The access token you provided is invalid.")
	// Documented: 401 and not 403.
	errUnauthorized = newError(http.StatusUnauthorized, "UNAUTHORIZED", "Access denied",
		"You are not authorized to perform this action on the requested resource.")
	// Simplified: the status and the code are documented, the wording is not.
	errNotAcceptable = newError(http.StatusNotAcceptable, "NOT_ACCEPTABLE", "Not acceptable",
		"All requests must use the '"+mediaTypeJSONAPI+"' Accept without media type parameters.")
	// Simplified: the status is documented, code and wording are not.
	errMethodNotAllowed = newError(http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "Method not allowed",
		"The emulator reads customers and nothing else.")
)

// badRequest is an error 400 about the query.
//
// The codes are documented as a vocabulary. Which one answers which mistake is
// inferred from the server library they come from, and so is the wording: the
// assumptions named unknown-… are about the ones that matter.
func badRequest(code, title, detail string) *apiError {
	return newError(http.StatusBadRequest, code, title, detail)
}

// writeUnauthorized refuses a token.
//
// Assumption (unauthorized-form): in the application's form.
func (e *Emulator) writeUnauthorized(w http.ResponseWriter, err *apiError) {
	if !e.refuted.is(AssumeUnauthorizedForm, wayObject) {
		writeError(w, err)
		return
	}
	status, _ := strconv.Atoi(err.Status)
	writeGatewayError(w, gatewayError{Title: err.Title, Detail: err.Detail, Code: err.Code, Status: status})
}

func writeError(w http.ResponseWriter, err *apiError) {
	status, _ := strconv.Atoi(err.Status)
	body := encode(map[string][]*apiError{"errors": {err}})
	h := w.Header()
	h.Set("Cache-Control", "no-cache")
	writeBody(w, status, mediaTypeJSONAPIError, body)
}

// gatewayError is an error of what stands in front of the application: a single
// object whose status is a number (recorded 2024 and 2025).
type gatewayError struct {
	Title  string `json:"title"`
	Detail string `json:"detail,omitempty"`
	Code   string `json:"code"`
	Status int    `json:"status"`
}

func writeGatewayError(w http.ResponseWriter, err gatewayError) {
	body := encode(map[string]gatewayError{"errors": err})
	writeBody(w, err.Status, mediaTypeJSON, body)
}

// writeThrottled answers 429 as recorded in October 2024: no detail, and a
// Retry-After that invites to come back at once. The rate headers are set.
func writeThrottled(w http.ResponseWriter, retryAfter string) {
	h := w.Header()
	h.Set("Cache-Control", "no-cache")
	h.Set("Retry-After", retryAfter)
	h.Set("Accept-Ranges", "bytes")
	h.Set("Access-Control-Allow-Origin", "*")
	writeGatewayError(w,
		gatewayError{Title: "Too Many Requests", Code: "THROTTLED", Status: http.StatusTooManyRequests})
}

// notFoundPage is the API's own page (recorded 2022 and 2023), shortened.
const notFoundPage = `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Commerce Layer | Page not found</title>
  </head>
  <body>
    <h1>Oops, page not found</h1>
    <p>The page you are looking for does not exist.</p>
  </body>
</html>
`

// varnishPage is the shape of a cache's error pages.
const varnishPage = `<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html>
  <head>
    <title>%[1]d %[2]s</title>
  </head>
  <body>
    <h1>Error %[1]d %[2]s</h1>
    <p>%[2]s</p>
    <h3>Guru Meditation:</h3>
    <hr>
    <p>Varnish cache server</p>
  </body>
</html>
`

// writeNotFound answers 404 in the form that the emulator was made with.
func (e *Emulator) writeNotFound(w http.ResponseWriter) {
	form := e.notFound
	switch {
	case e.refuted.is(AssumeNotFoundForm, wayArray):
		form = NotFoundArray
	case e.refuted.is(AssumeNotFoundForm, "html"):
		form = NotFoundHTML
	}
	h := w.Header()
	switch form {
	case NotFoundArray:
		h.Set("X-Request-Id", newRequestID())
		h.Set("X-Kong-Request-Id", newTraceID()[:32])
		h.Set("X-Kong-Upstream-Latency", "21")
		h.Set("X-Kong-Proxy-Latency", "1")
		h.Set("Vary", "Accept, Accept-Encoding, Origin")
		h.Set("X-Content-Type-Options", "nosniff")
		writeError(w, errNotFoundArray)
	case NotFoundHTML:
		writeHTML(w, http.StatusNotFound)
	default:
		// Assumption (not-found-form): the newest recording is what it does now.
		h.Set("Retry-After", "0")
		h.Set("Accept-Ranges", "bytes")
		h.Set("Access-Control-Expose-Headers", exposedHeaders)
		writeGatewayError(w, gatewayError{
			Title: "Record Not Found",
			// The doubled "not" is in the recording.
			Detail: "The requested resource was not not found. Please double-check the resource id.",
			Code:   "RECORD_NOT_FOUND",
			Status: http.StatusNotFound,
		})
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
// Assumption (success-headers): with the headers recorded in July 2025.
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
