package emulator

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Answer writes the answer to a request. The functions below return answers for
// Fault.Answer.
type Answer = func(w http.ResponseWriter, r *http.Request)

// Status answers with a status and the body that the API sends with it. A 4xx
// has an array of errors, a 429 has one object, and a 404 has the form that the
// emulator was made with.
//
// Assumption (server-errors): the bodies of 5xx are not documented. Here a 500
// has no body, and the others have an HTML page like that of a proxy.
func Status(code int) Answer {
	return func(w http.ResponseWriter, r *http.Request) {
		x := exchangeOf(r)
		switch {
		case code >= 500 && x != nil && x.emulator.refuted.is(AssumeServerErrors, wayObject):
			writeGatewayError(w, &apiError{code, "INTERNAL_SERVER_ERROR", http.StatusText(code), ""})
		case code == http.StatusTooManyRequests:
			Throttled()(w, r)
		case code == http.StatusNotFound && x != nil:
			x.emulator.writeNotFound(w)
		case code == http.StatusUnauthorized:
			InvalidToken()(w, r)
		case code == http.StatusInternalServerError:
			w.Header().Set("Content-Length", "0")
			w.WriteHeader(code)
		case code >= 500:
			writeHTML(w, code)
		case code >= 400:
			title := http.StatusText(code)
			writeError(w, &apiError{code, strings.ToUpper(strings.ReplaceAll(title, " ", "_")), title,
				"The emulator was told to answer so."})
		default:
			w.WriteHeader(code)
		}
	}
}

// HTML answers with an HTML page. The page of a 404 is the API's own, as
// recorded in 2022. For any other status it is a page like that of the cache in
// front of the API.
func HTML(status int) Answer {
	return func(w http.ResponseWriter, _ *http.Request) { writeHTML(w, status) }
}

func writeHTML(w http.ResponseWriter, status int) {
	h := w.Header()
	h.Set("Server", "Varnish")
	for _, name := range []string{"X-Ratelimit-Limit", "X-Ratelimit-Interval", "X-Ratelimit-Remaining"} {
		h.Del(name)
	}
	if status == http.StatusNotFound {
		h.Set("Retry-After", "0")
		h.Set("Via", "1.1 varnish")
		h.Set("X-Cache", "MISS")
		h.Set("X-Served-By", "cache-mxp6931-MXP")
		h.Set("X-Timer", "S1667300000.000000,VS0,VE21")
		writeBody(w, status, "text/html", notFoundPage)
		return
	}
	writeBody(w, status, "text/html; charset=utf-8", fmt.Appendf(nil, varnishPage, status, http.StatusText(status)))
}

// Body answers with exactly this status, media type and body.
func Body(status int, contentType, body string) Answer {
	return func(w http.ResponseWriter, _ *http.Request) { writeBody(w, status, contentType, []byte(body)) }
}

// Throttled answers 429 as recorded in October 2024, Retry-After: 0 included.
func Throttled() Answer { return ThrottledWith("0") }

// ThrottledWith is Throttled with another Retry-After. The average window is
// the one that refuses, so X-Ratelimit-Remaining is 0.
func ThrottledWith(retryAfter string) Answer {
	return func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		if h.Get("X-Ratelimit-Limit") == "" {
			l := DocumentedLimits(false)
			setRateHeaders(w, l.Average, l.AverageInterval, 0)
		}
		h.Set("X-Ratelimit-Remaining", "0")
		writeThrottled(w, retryAfter)
	}
}

// Redirect answers with a redirect to the location.
func Redirect(status int, location string) Answer {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", location)
		w.WriteHeader(status)
	}
}

// InvalidToken answers 401 INVALID_TOKEN, after which a client should request a
// new token.
func InvalidToken() Answer {
	return func(w http.ResponseWriter, _ *http.Request) { writeError(w, errInvalidToken) }
}

// Unauthorized answers 401 UNAUTHORIZED, which says that the credentials lack
// the permission.
func Unauthorized() Answer {
	return func(w http.ResponseWriter, _ *http.Request) { writeError(w, errUnauthorized) }
}

// Empty200 answers 200 with the API's media type and no body.
func Empty200() Answer { return Body(http.StatusOK, mediaTypeJSONAPI, "") }

// firstID finds the beginning of a document up to the value of its first ID.
var firstID = regexp.MustCompile(`^(.*?"id":")[^"]*`)

// WrongID answers as usual, but in compact form and with another ID of the first
// resource.
func WrongID() Answer {
	return distorted(func(w http.ResponseWriter, _ *http.Request, body []byte) {
		sendWhole(w, firstID.ReplaceAll(compact(body), []byte("${1}wRoNgIdAbC")))
	})
}

// sendWhole sends a 200 with another body than the headers say.
func sendWhole(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body)
}

// distorted calls send with the body of the usual answer, if that is a 200. The
// headers are set then, but not sent. Any other answer is sent unchanged.
func distorted(send func(w http.ResponseWriter, r *http.Request, body []byte)) Answer {
	return func(w http.ResponseWriter, r *http.Request) {
		x := exchangeOf(r)
		if x == nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		held := &heldAnswer{header: w.Header(), status: http.StatusOK}
		x.emulator.answer(held, r)
		if held.status != http.StatusOK {
			w.WriteHeader(held.status)
			_, _ = w.Write(held.body.Bytes())
			return
		}
		send(w, r, held.body.Bytes())
	}
}

// heldAnswer keeps the status and the body of an answer instead of sending
// them. Its headers are those of the real answer.
type heldAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header returns the headers of the real answer.
func (a *heldAnswer) Header() http.Header { return a.header }

// WriteHeader keeps the status.
func (a *heldAnswer) WriteHeader(status int) { a.status = status }

// Write keeps the body.
func (a *heldAnswer) Write(b []byte) (int, error) { return a.body.Write(b) }

// Cut closes the connection before any header is sent. If the server allows it,
// the client gets a TCP reset.
//
// If the connection was used before, Go's transport repeats a GET by itself.
// The log has each of these attempts.
func Cut() Answer {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = conn.Close()
	}
}

// Truncated answers 200 with half of the usual document. Content-Length fits
// that half, so the body is complete for HTTP.
func Truncated() Answer {
	return distorted(func(w http.ResponseWriter, _ *http.Request, body []byte) {
		sendWhole(w, body[:len(body)/2])
	})
}

// Delay waits for d. It ends early if the client closes the connection or the
// emulator is closed. With Fault.Through the request is then answered as usual.
// Without it the answer is a 200 without a body.
func (e *Emulator) Delay(d time.Duration) Answer {
	return func(_ http.ResponseWriter, r *http.Request) { e.hold(r.Context(), d) }
}

// SlowBody answers as usual, but sends the body in chunks of 64 bytes and waits
// for d after each chunk. When the emulator is closed, the rest follows at
// once.
func (e *Emulator) SlowBody(d time.Duration) Answer {
	return distorted(func(w http.ResponseWriter, r *http.Request, body []byte) {
		w.WriteHeader(http.StatusOK)
		for chunk := range slices.Chunk(body, 64) {
			_, _ = w.Write(chunk)
			_ = http.NewResponseController(w).Flush()
			if r.Context().Err() != nil {
				return
			}
			e.hold(r.Context(), d)
		}
	})
}

// Stall answers with the usual headers and the beginning of the body. Then it
// sends nothing until the client closes the connection or the emulator is closed.
func (e *Emulator) Stall() Answer { return e.SlowBody(math.MaxInt64) }

// Endless answers 200 with a body that begins like a customer and never ends.
// It sends as fast as the client reads, until the client closes the connection
// or the emulator is closed.
func (e *Emulator) Endless() Answer {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", mediaTypeJSONAPI)
		w.WriteHeader(http.StatusOK)
		_, err := io.WriteString(w, `{"data":{"id":"lArGeLaRgE","type":"customers","attributes":{"metadata":{"padding":"`)
		chunk := bytes.Repeat([]byte{'a'}, 64<<10)
		for err == nil {
			select {
			case <-r.Context().Done():
				return
			case <-e.closed:
				return
			default:
				_, err = w.Write(chunk)
			}
		}
	}
}
