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
	// Assumption: an expired token is told apart by neither title nor detail.
	errInvalidToken = newError(http.StatusUnauthorized, "INVALID_TOKEN", "Invalid token",
		"The access token you provided is invalid.")
	// Documented: 401 and not 403.
	errUnauthorized = newError(http.StatusUnauthorized, "UNAUTHORIZED", "Access denied",
		"You are not authorized to perform this action on the requested resource.")
	// Assumption: the status and the code are documented, the wording is not.
	errNotAcceptable = newError(http.StatusNotAcceptable, "NOT_ACCEPTABLE", "Not acceptable",
		"All requests must use the '"+mediaTypeJSONAPI+"' Accept without media type parameters.")
	// Assumption: the status is documented, code and wording are not.
	errMethodNotAllowed = newError(http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "Method not allowed",
		"The emulator reads customers and nothing else.")
)

// badRequest is an error 400 about the query.
//
// Assumption: the codes are documented as a vocabulary, which one answers which
// mistake is inferred from the server library they come from; the wording too.
func badRequest(code, title, detail string) *apiError {
	return newError(http.StatusBadRequest, code, title, detail)
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
// Retry-After that invites to come back at once.
func writeThrottled(w http.ResponseWriter, retryAfter string) {
	h := w.Header()
	h.Set("Cache-Control", "no-cache")
	h.Set("Retry-After", retryAfter)
	h.Set("X-Ratelimit-Remaining", "0")
	writeGatewayError(w, gatewayError{Title: "Too Many Requests", Code: "THROTTLED", Status: http.StatusTooManyRequests})
}

// varnishPage is the shape of the cache's error pages (recorded 2022).
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
	switch e.notFound {
	case NotFoundArray:
		writeError(w, errNotFoundArray)
	case NotFoundHTML:
		writeHTML(w, http.StatusNotFound)
	default:
		w.Header().Set("Retry-After", "0")
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

// writeDocument answers 200 with the headers recorded in July 2025.
func writeDocument(w http.ResponseWriter, body []byte) {
	h := w.Header()
	h.Set("Cache-Control", "max-age=0, private, must-revalidate")
	h.Set("Vary", "Accept, Accept-Encoding, Origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Access-Control-Expose-Headers", "x-ratelimit-interval, x-ratelimit-limit, x-ratelimit-remaining, Authorization")
	writeBody(w, http.StatusOK, mediaTypeJSONAPI, body)
}
