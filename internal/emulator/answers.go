package emulator

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Answer is what Fault.Answer holds. The functions below make them.
type Answer = func(w http.ResponseWriter, r *http.Request)

// Status answers with a status and the body that goes with it: the API's error
// array for a 4xx, the gateway's object for 429, the emulator's form for 404.
//
// Assumption (server-errors): the bodies of 5xx are not documented; here 500 has
// none and the others have an HTML page as a proxy writes it.
func Status(code int) Answer {
	return func(w http.ResponseWriter, r *http.Request) {
		x := exchangeOf(r)
		switch {
		case code >= 500 && x != nil && x.emulator.refuted.is(AssumeServerErrors, wayObject):
			writeGatewayError(w,
				gatewayError{Title: http.StatusText(code), Code: "INTERNAL_SERVER_ERROR", Status: code})
		case code == http.StatusTooManyRequests:
			Throttled()(w, r)
		case code == http.StatusNotFound && x != nil:
			x.emulator.writeNotFound(w)
		case code == http.StatusUnauthorized:
			writeError(w, errInvalidToken)
		case code == http.StatusInternalServerError:
			w.Header().Set("Content-Length", "0")
			w.WriteHeader(code)
		case code >= 500:
			writeHTML(w, code)
		case code >= 400:
			title := http.StatusText(code)
			writeError(
				w,
				newError(
					code,
					strings.ToUpper(strings.ReplaceAll(title, " ", "_")),
					title,
					"The emulator was told to answer so.",
				),
			)
		default:
			w.WriteHeader(code)
		}
	}
}

// HTML answers with a page: for 404 the API's own as recorded in 2022, for others
// one as a cache in front writes it.
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
		writeBody(w, status, "text/html", []byte(notFoundPage))
		return
	}
	writeBody(w, status, "text/html; charset=utf-8", fmt.Appendf(nil, varnishPage, status, http.StatusText(status)))
}

// Body answers with exactly this.
func Body(status int, contentType, body string) Answer {
	return func(w http.ResponseWriter, _ *http.Request) { writeBody(w, status, contentType, []byte(body)) }
}

// Throttled answers 429 as recorded in October 2024, Retry-After: 0 included.
func Throttled() Answer { return ThrottledWith("0") }

// ThrottledWith is Throttled with another Retry-After, "" for none. It is a
// refusal by the average window: nothing remains.
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

// Redirect sends the client elsewhere.
func Redirect(status int, location string) Answer {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", location)
		w.WriteHeader(status)
	}
}

// InvalidToken answers 401 INVALID_TOKEN: get a new token.
func InvalidToken() Answer {
	return func(w http.ResponseWriter, _ *http.Request) { writeError(w, errInvalidToken) }
}

// Unauthorized answers 401 UNAUTHORIZED: the credentials lack the permission.
func Unauthorized() Answer {
	return func(w http.ResponseWriter, _ *http.Request) { writeError(w, errUnauthorized) }
}

// Empty200 answers 200 with the API's media type and no body.
func Empty200() Answer { return Body(http.StatusOK, mediaTypeJSONAPI, "") }

// DataNull answers 200 with a document whose data is null.
func DataNull() Answer { return Body(http.StatusOK, mediaTypeJSONAPI, `{"data":null}`) }

// DataArray answers as usual, but wraps the document's data in an array: a
// single customer becomes a list of one.
func DataArray() Answer {
	return rewritten(func(doc object) object {
		return doc.set("data", append(append([]byte{'['}, doc.get("data")...), ']'))
	})
}

// WrongType answers as usual, but calls the (first) resource an order.
func WrongType() Answer { return rewrittenMember("type", "orders") }

// WrongID answers as usual, but with another id in the (first) resource.
func WrongID() Answer { return rewrittenMember("id", "wRoNgIdAbC") }

func rewrittenMember(key, value string) Answer {
	return rewritten(func(doc object) object {
		return doc.set("data", mapFirst(doc.get("data"), func(resource object) object {
			return resource.set(key, appendString(nil, value))
		}))
	})
}

// rewritten answers as usual with a changed document. What is no JSON object,
// or an error, stays as it is.
func rewritten(change func(object) object) Answer {
	return distorted(func(w http.ResponseWriter, _ *http.Request, body []byte) {
		if doc, err := parseObject(body); err == nil {
			body = change(doc).append(nil)
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write(body)
	})
}

// distorted hands the emulator's own answer to send when it is a success, and
// sends it untouched when it is not. The headers are set but not sent.
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

// heldAnswer keeps status and body back; headers go where the real ones are.
type heldAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header gives the real answer's headers.
func (a *heldAnswer) Header() http.Header { return a.header }

// WriteHeader keeps the status.
func (a *heldAnswer) WriteHeader(status int) { a.status = status }

// Write keeps the body.
func (a *heldAnswer) Write(b []byte) (int, error) { return a.body.Write(b) }

// Cut closes the connection before any header, with a reset where the server
// allows it. Go's own transport repeats a GET by itself when a connection that
// it used before ends like this: every such attempt is in the log.
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

// CutBody answers as usual, Content-Length included, and closes the connection
// after n bytes of the body, one byte before its end at the latest.
func CutBody(n int) Answer {
	return distorted(func(w http.ResponseWriter, _ *http.Request, body []byte) {
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write(body[:max(0, min(n, len(body)-1))])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
}

// Truncated answers 200 with half of the usual document, in a body that HTTP
// calls complete.
func Truncated() Answer {
	return distorted(func(w http.ResponseWriter, _ *http.Request, body []byte) {
		body = body[:len(body)/2]
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write(body)
	})
}

const (
	paddingHead = `{"data":{"id":"lArGeLaRgE","type":"customers","attributes":{"email":"large@example.com","metadata":{"padding":"`
	paddingTail = `"}}}}`
)

// padding writes a JSON document of exactly n bytes (at least the frame's).
func padding(w io.Writer, n int) error {
	if _, err := io.WriteString(w, paddingHead); err != nil {
		return err
	}
	chunk := bytes.Repeat([]byte{'a'}, 64<<10)
	for left := n - len(paddingHead) - len(paddingTail); left > 0; left -= len(chunk) {
		if _, err := w.Write(chunk[:min(left, len(chunk))]); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, paddingTail)
	return err
}

// Large answers 200 with a well-formed document of nBytes, sent as fast as the
// client reads.
func Large(nBytes int) Answer {
	nBytes = max(nBytes, len(paddingHead)+len(paddingTail))
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", mediaTypeJSONAPI)
		w.Header().Set("Content-Length", strconv.Itoa(nBytes))
		w.WriteHeader(http.StatusOK)
		_ = padding(w, nBytes)
	}
}

// GzipBomb answers 200 with a document that is small on the wire and nBytes
// large once unpacked.
func GzipBomb(nBytes int) Answer {
	packed := sync.OnceValue(func() []byte {
		var buf bytes.Buffer
		zw, _ := gzip.NewWriterLevel(&buf, gzip.BestSpeed)
		_ = padding(zw, nBytes)
		_ = zw.Close()
		return buf.Bytes()
	})
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		writeBody(w, http.StatusOK, mediaTypeJSONAPI, packed())
	}
}

// Delay waits for d, or until the client leaves or the emulator is closed. With
// Fault.Through the request is then answered as usual, without it with an empty
// 200.
func (e *Emulator) Delay(d time.Duration) Answer {
	return func(_ http.ResponseWriter, r *http.Request) { e.hold(r.Context(), d) }
}

// SlowHeaders waits for d and then answers as usual.
func (e *Emulator) SlowHeaders(d time.Duration) Answer {
	return func(w http.ResponseWriter, r *http.Request) {
		e.hold(r.Context(), d)
		e.answer(w, r)
	}
}

// SlowBody answers as usual, in chunks of 64 bytes with d after each. When
// the emulator is closed the rest follows at once.
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

// Stall answers with the usual headers and half of the body, and then nothing
// until the client leaves or the emulator is closed.
func (e *Emulator) Stall() Answer {
	return distorted(func(w http.ResponseWriter, r *http.Request, body []byte) {
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		select {
		case <-r.Context().Done():
		case <-e.closed:
		}
		panic(http.ErrAbortHandler)
	})
}

// Endless answers 200 with something that looks like a customer and never ends,
// as fast as the client reads, until it leaves or the emulator is closed.
func (e *Emulator) Endless() Answer {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", mediaTypeJSONAPI)
		w.WriteHeader(http.StatusOK)
		_, err := io.WriteString(w, paddingHead)
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
