package main

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// logged writes one line for each request after the answer.
func logged(next http.Handler, w io.Writer) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		start := time.Now()
		sw := &statusWriter{ResponseWriter: rw, status: http.StatusOK}
		next.ServeHTTP(sw, r)
		fmt.Fprintf(w, "%s %d %s\n", requestLine(r.Method, r.URL.EscapedPath(), r.URL.RawQuery), sw.status,
			time.Since(start).Round(time.Microsecond))
	})
}

// requestLine shows path and query as they came. They are still escaped, so a
// line break in them cannot look like a further request.
func requestLine(method, path, query string) string {
	if query != "" {
		path += "?" + query
	}
	return method + " " + path
}

// summarize lists the requests that were answered.
func summarize(w io.Writer, api *emulator.Emulator) {
	requests, forgotten := api.Requests(), api.Forgotten()
	fmt.Fprintf(w, "%s%d requests\n", nameInErrors, forgotten+len(requests))
	if forgotten > 0 {
		fmt.Fprintf(w, "  the first %d are not kept\n", forgotten)
	}
	for _, r := range requests {
		fmt.Fprintf(w, "  %s %d\n", requestLine(r.Method, r.Path, r.RawQuery), r.Status)
	}
}

// statusWriter keeps the status of the answer for the log.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader keeps and sends the status.
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the server's writer.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
