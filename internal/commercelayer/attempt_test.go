package commercelayer

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// bodied returns a response with a body that is read from r.
func bodied(body io.Reader, header http.Header) *http.Response {
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: http.StatusOK, Header: header, Body: io.NopCloser(body), ContentLength: -1}
}

// responses returns a transport that gives the responses in turn, and then the
// last one for ever. It also returns the transport's count of requests.
func responses(list ...func() *http.Response) (http.RoundTripper, *int) {
	n := 0
	return transportFunc(func(*http.Request) (*http.Response, error) {
		next := list[min(n, len(list)-1)]
		n++
		return next(), nil
	}), &n
}

func seedResponse() *http.Response { return bodied(bytes.NewReader(emulator.SeedDocument()), nil) }

func TestAttemptTimeoutIsRetried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{latency: time.Hour}
		start := time.Now()
		_, err := newClient(t, w, WithRequestTimeout(3*time.Second), WithMaxRetries(1)).Customer(t.Context(), "one", Selection{})
		failure := failureOf(t, err, ErrTimeout)
		expectEqual(t, "the number of attempts", failure.Attempts, 2)
		if !strings.Contains(failure.Error(), "request timeout") {
			t.Errorf("the error does not name the request timeout: %v", failure)
		}
		if took := time.Since(start); took < 6*time.Second || took > 7*time.Second {
			t.Errorf("two attempts took %s", took)
		}
		w.expect(t, 2)
	})
}

func TestAttemptTimeoutCoversTheBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stalled := transportFunc(func(req *http.Request) (*http.Response, error) {
			return bodied(io.MultiReader(strings.NewReader(`{"data":`), waitingReader{req.Context()}), nil), nil
		})
		start := time.Now()
		_, err := newClient(t, stalled, WithRequestTimeout(3*time.Second), WithMaxRetries(0)).Customer(t.Context(), "one", Selection{})
		failure := failureOf(t, err, ErrTimeout)
		expectEqual(t, "the status", failure.Status, http.StatusOK)
		closeTo(t, "the time it took", time.Since(start), 3*time.Second, 10*time.Millisecond)
	})
}

// waitingReader is a body that sends nothing until the request is canceled.
type waitingReader struct{ ctx context.Context }

func (r waitingReader) Read([]byte) (int, error) {
	<-r.ctx.Done()
	return 0, r.ctx.Err()
}

func TestDeadlineBeatsTheAttemptTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{latency: time.Hour}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		start := time.Now()
		_, err := newClient(t, w).Customer(ctx, "one", Selection{})
		failure := failureOf(t, err, ErrTimeout)
		expectEqual(t, "the number of attempts", failure.Attempts, 1)
		closeTo(t, "the time it took", time.Since(start), 2*time.Second, 0)
		w.expect(t, 1)
	})
}

func TestBodyThatIsCutOffIsRetried(t *testing.T) {
	cutOff := func() *http.Response {
		return bodied(io.MultiReader(bytes.NewReader(emulator.SeedDocument()[:100]), iotest.ErrReader(io.ErrUnexpectedEOF)), nil)
	}
	synctest.Test(t, func(t *testing.T) {
		transport, n := responses(cutOff, cutOff, seedResponse)
		if _, err := newClient(t, transport).Customer(t.Context(), emulator.SeedCustomerID, Selection{}); err != nil {
			t.Fatal(err)
		}
		expectEqual(t, "the number of requests", *n, 3)
	})
	synctest.Test(t, func(t *testing.T) {
		transport, n := responses(cutOff)
		_, err := newClient(t, transport, WithMaxRetries(1)).Customer(t.Context(), emulator.SeedCustomerID, Selection{})
		failure := failureOf(t, err, ErrConnection)
		expectEqual(t, "the status", failure.Status, http.StatusOK)
		expectEqual(t, "the number of requests", *n, 2)
	})
}

// If a body is complete but its document is cut off, the API has made the
// mistake.
func TestTruncatedDocumentIsNotRetried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, 0)
		e.Inject(emulator.Fault{Answer: emulator.Truncated()})
		_, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{})
		failure := failureOf(t, err, ErrMalformed)
		if !strings.Contains(failure.Reason, "cut off") {
			t.Errorf("the reason is %q", failure.Reason)
		}
		w.expect(t, 1)
	})
}

// endless is a body without an end. It counts the bytes that were read.
type endless struct{ read *int }

func (e endless) Read(p []byte) (int, error) {
	n := copy(p, blanks)
	*e.read += n
	return n, nil
}

var blanks = bytes.Repeat([]byte(" "), 1<<20)

func TestAnswersAreReadThroughABound(t *testing.T) {
	read := 0
	tests := map[string]func() *http.Response{
		"announced": func() *http.Response {
			resp := bodied(endless{&read}, nil)
			resp.ContentLength = MaxAnswerBytes + 1
			return resp
		},
		"without a length": func() *http.Response { return bodied(endless{&read}, nil) },
		"zipped": func() *http.Response {
			return bodied(zipped(t, io.LimitReader(endless{new(int)}, MaxAnswerBytes+1)), http.Header{"Content-Encoding": {"gzip"}})
		},
	}
	for name, response := range tests {
		t.Run(name, func(t *testing.T) {
			read = 0
			transport, n := responses(response)
			// How long reading takes depends on the machine.
			_, err := newClient(t, transport, WithRequestTimeout(time.Hour)).Customer(t.Context(), "one", Selection{})
			failure := failureOf(t, err, ErrTooLarge)
			expectEqual(t, "the reason", failure.Reason, "the answer is larger than 32 MiB")
			expectEqual(t, "the number of requests", *n, 1)
			if read > MaxAnswerBytes+1 {
				t.Errorf("%d bytes were read", read)
			}
		})
	}
}

func TestAnswerUpToTheBoundIsRead(t *testing.T) {
	document := emulator.SeedDocument()
	transport, _ := responses(func() *http.Response {
		resp := bodied(io.MultiReader(bytes.NewReader(document), io.LimitReader(endless{new(int)}, MaxAnswerBytes-int64(len(document)))), nil)
		resp.ContentLength = MaxAnswerBytes
		return resp
	})
	if _, err := newClient(t, transport, WithRequestTimeout(time.Hour)).Customer(t.Context(), emulator.SeedCustomerID, Selection{}); err != nil {
		t.Error(err)
	}
}

// zipped returns the content of r in gzip.
func zipped(t *testing.T, r io.Reader) io.Reader {
	t.Helper()
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(w, r); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &b
}

func TestGzipIsUnderstood(t *testing.T) {
	for _, encoding := range []string{"gzip", "GZIP"} {
		transport, _ := responses(func() *http.Response {
			return bodied(zipped(t, bytes.NewReader(emulator.SeedDocument())), http.Header{"Content-Encoding": {encoding}})
		})
		if _, err := newClient(t, transport).Customer(t.Context(), emulator.SeedCustomerID, Selection{}); err != nil {
			t.Error(err)
		}
	}
}

func TestOtherEncodingsAreRefused(t *testing.T) {
	transport, n := responses(func() *http.Response {
		return bodied(strings.NewReader("?"), http.Header{"Content-Encoding": {"br"}})
	})
	_, err := newClient(t, transport).Customer(t.Context(), "one", Selection{})
	failure := failureOf(t, err, ErrMediaType)
	if !strings.Contains(failure.Reason, "content encoding") {
		t.Errorf("the reason does not speak of the encoding: %q", failure.Reason)
	}
	expectEqual(t, "the number of requests", *n, 1)
}

func TestMediaTypes(t *testing.T) {
	document := string(emulator.SeedDocument())
	tests := map[string]struct {
		contentType, body string
		want              error
	}{
		"documented":         {jsonapi.MediaType, document, nil},
		"with a charset":     {jsonapi.MediaType + "; charset=utf-8", document, nil},
		"in capitals":        {"Application/Vnd.API+JSON", document, nil},
		"plain JSON":         {"application/json", document, nil},
		"broken parameters":  {jsonapi.MediaType + "; =", document, nil},
		"HTML":               {"text/html; charset=utf-8", "<html>", ErrNotJSON},
		"HTML called JSON":   {jsonapi.MediaType, "<html>", ErrMalformed},
		"plain text":         {"text/plain", document, ErrMediaType},
		"a picture":          {"image/png", "png", ErrMediaType},
		"empty":              {jsonapi.MediaType, "", ErrNotJSON},
		"white space":        {jsonapi.MediaType, " \n", ErrNotJSON},
		"a personal subtype": {"text/john@example.com", document, ErrMediaType},
	}
	for name, test := range tests {
		bubble(t, name, func(t *testing.T) {
			w := &wire{handler: respond(http.StatusOK, test.contentType, test.body)}
			_, err := newClient(t, w).Customer(t.Context(), emulator.SeedCustomerID, Selection{})
			if test.want == nil {
				if err != nil {
					t.Error(err)
				}
				return
			}
			failure := failureOf(t, err, test.want)
			expectEqual(t, "the path", failure.Path, customersPath+"/"+emulator.SeedCustomerID)
			if strings.Contains(failure.Error(), "john") {
				t.Errorf("the error shows an address: %v", failure)
			}
		})
	}
	transport, _ := responses(seedResponse)
	if _, err := newClient(t, transport).Customer(t.Context(), emulator.SeedCustomerID, Selection{}); err != nil {
		t.Errorf("without a media type: %v", err)
	}
	transport, _ = responses(func() *http.Response { return bodied(strings.NewReader("<html>"), nil) })
	_, err := newClient(t, transport).Customer(t.Context(), emulator.SeedCustomerID, Selection{})
	expectKind(t, err, ErrNotJSON)
}

func TestObserverSeesEachAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type key struct{}
		var events []Event
		observe := WithObserver(func(ctx context.Context, e Event) {
			if ctx.Value(key{}) != "reader" {
				t.Error("the observer did not get the reader's context")
			}
			events = append(events, e)
		})
		e := emulator.New(emulator.WithLimits())
		e.Inject(emulator.Fault{After: 1, Times: 1, Answer: cut})
		e.Inject(emulator.Fault{After: 1, Times: 1, Answer: emulator.Throttled()})
		w := &wire{latency: latency, handler: e}
		c := newClient(t, w, observe)
		ctx := context.WithValue(t.Context(), key{}, "reader")
		if _, err := c.CustomerByEmail(ctx, emulator.FullCustomerEmail, Selection{}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Customer(ctx, emulator.FullCustomerID, Selection{}); err != nil {
			t.Fatal(err)
		}
		if len(events) != 4 {
			t.Fatalf("%d events, want 4", len(events))
		}
		for i, want := range []struct {
			path            string
			status, attempt int
			failed, waited  bool
		}{
			{path: customersPath, status: 200, attempt: 1},
			{path: customersPath + "/" + emulator.FullCustomerID, attempt: 1, failed: true},
			{path: customersPath + "/" + emulator.FullCustomerID, status: 429, attempt: 2},
			{path: customersPath + "/" + emulator.FullCustomerID, status: 200, attempt: 3, waited: true},
		} {
			got := events[i]
			expectEqual(t, "the request", got.Method+" "+got.Host+got.Path, "GET yourdomain.commercelayer.io"+want.path)
			expectEqual(t, "the status", got.Status, want.status)
			expectEqual(t, "the attempt", got.Attempt, want.attempt)
			expectEqual(t, "whether it failed", got.Err != nil, want.failed)
			expectEqual(t, "whether it waited", got.Waited > 0, want.waited)
			expectEqual(t, "the duration", got.Duration >= latency/2 && got.Duration <= latency, true)
			expectEqual(t, "whether it is a request for a token", got.TokenRequest, false)
			if want.status == 200 && (got.Bytes == 0 || got.Remaining == "" || got.TraceID == "") {
				t.Errorf("the event is not complete: %+v", got)
			}
			if text := fmt.Sprintf("%+v", got); strings.Contains(text, "@") || strings.Contains(text, "filter") || strings.Contains(text, emulator.DefaultToken) {
				t.Errorf("the event holds what it must not: %s", text)
			}
		}
	})
}
