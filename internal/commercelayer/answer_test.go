package commercelayer

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// A framing is how the end of a body is found.
type framing uint8

const (
	byLength framing = iota
	byConnection
	byLastChunk
	byError // the connection breaks
	beyondTheBound
)

// A served is a response as a server may send it.
type served struct {
	status int
	header http.Header
	end    framing
	body   string
}

func (s served) response() *http.Response {
	resp := streamed(strings.NewReader(s.body), s.header)
	resp.StatusCode = s.status
	switch s.end {
	case byLength:
		resp.ContentLength = int64(len(s.body))
	case byLastChunk:
		resp.TransferEncoding = []string{"chunked"}
	case byError:
		resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(s.body), iotest.ErrReader(io.ErrUnexpectedEOF)))
	case beyondTheBound:
		resp.ContentLength = MaxAnswerBytes + 1
	case byConnection:
	}
	return resp
}

// streamed returns a response whose body is read from r, until the end of the
// connection.
func streamed(r io.Reader, header http.Header) *http.Response {
	return &http.Response{StatusCode: http.StatusOK, Header: header.Clone(), Body: io.NopCloser(r), ContentLength: -1}
}

// responses returns a transport that gives the responses in turn, and then the
// last one for ever.
func responses(list ...served) *wire {
	n := 0
	return &wire{answer: func(*http.Request) (*http.Response, error) {
		next := list[min(n, len(list)-1)]
		n++
		return next.response(), nil
	}}
}

func encoding(name string) http.Header { return http.Header{"Content-Encoding": {name}} }

// unreadable are responses whose body can't be had. The empty one says no more
// than the others.
var unreadable = map[string]served{
	"brotli":                      {0, encoding("br"), byConnection, "?"},
	"not gzip":                    {0, encoding("gzip"), byConnection, "?"},
	"broken off":                  {0, nil, byError, `{"errors":[{"code":"INVALID_TOKEN"`},
	"broken off without a length": {0, nil, byConnection, `{"errors":[{"code":"INVALID_TOKEN"`},
	"too large":                   {0, nil, beyondTheBound, "?"},
	"empty, called gzip":          {0, encoding("gzip"), byConnection, ""},
}

// The status of an answer decides what it is. A body that can't be read takes
// away only details.
func TestStatusDecidesWhateverTheBody(t *testing.T) {
	for _, want := range []struct {
		statuses   []int
		api, token Class
		attempts   int // with two retries
	}{
		{[]int{300, 301, 302, 304}, ErrNotJSON, ErrNotJSON, 1},
		{[]int{400}, ErrBadRequest, ErrBlocked, 1},
		{[]int{401}, ErrInvalidToken, ErrCredentials, 1},
		{[]int{403, 407, 511}, ErrBlocked, ErrBlocked, 1},
		{[]int{404}, ErrNotFound, ErrBadRequest, 1},
		{[]int{405, 406, 409, 410, 414, 422, 423, 431}, ErrBadRequest, ErrBadRequest, 1},
		{[]int{0, 99, 600, 999}, ErrServer, ErrServer, 3},
		{[]int{408, 421, 425, 500, 502, 503, 504}, ErrServer, ErrServer, 3},
		{[]int{501, 505}, ErrServer, ErrServer, 1},
	} {
		for _, status := range want.statuses {
			for name, body := range unreadable {
				body.status = status
				expect := func(asked string, class Class, options ...Option) {
					bubble(t, fmt.Sprint(status, " of ", asked, ", ", name), func(t *testing.T) {
						w := responses(body)
						failure := failureOf(t, readSeed(t, newClient(t, w, append(options, WithMaxRetries(2))...)), class)
						expectEqual(t, "the status", failure.Status, status)
						expectEqual(t, "whether it is too long", failure.TooLong(), status == 414 || status == 431)
						expectEqual(t, "whether its length is told", failure.Length > 0, failure.TooLong() && !failure.TokenRequest)
						w.expect(t, want.attempts)
						expectEqual(t, "the number of attempts told", failure.Attempts, want.attempts)
						expectEqual(t, "the number of the API's errors", len(failure.API), 0)
					})
				}
				expect("the API", want.api)
				expect("the token endpoint", want.token, withCredentials(t))
			}
		}
	}
}

// A list that is not found is not a customer who is not found.
func TestListThatIsNotFoundIsAnErrorOfItsOwn(t *testing.T) {
	c := newClient(t, &wire{handler: respond(404, "", "")})
	expectFound(t, lookUpAll(t.Context(), c, "john@example.com"), ErrNoList)
	expectEqual(t, "the outcome of a list", outcomeOf(t, c, Query{}), "list not found")
	_, err := follow(t, c, RelatedQuery{CustomerID: "one", Relationship: "orders"})
	expectKind(t, err, ErrNotFound)
}

// A refusal counts neither as a failure nor against max_retries, and holds the
// requests back.
func TestRefusalIsOneIfItsBodyCanNotBeRead(t *testing.T) {
	for name, body := range unreadable {
		bubble(t, name, func(t *testing.T) {
			body.status = http.StatusTooManyRequests
			w := responses(body, body, body, served{200, nil, byConnection, string(emulator.SeedDocument())})
			c := newClient(t, w, WithMaxRetries(0))
			expectSeed(t, c)
			w.expect(t, 4)
			if c.Stats().Held == 0 {
				t.Error("the limiter did not hold the request back")
			}
		})
	}
}

func typed(mediaType string) http.Header { return http.Header{"Content-Type": {mediaType}} }

func located(url string) http.Header { return http.Header{"Location": {url}} }

// Each row is an answer to the request for one customer. He is read if the class
// is 0. Otherwise the error contains the text, and no address.
func TestAnswersAreTheCustomerOrSayWhatTheyAre(t *testing.T) {
	const nowhere = "a status 3xx without an address to go to is no answer to this request"
	const moved = `{"title":"Unavailable","detail":"The organization is being moved.","code":"MOVED","status":`
	document := string(emulator.SeedDocument())
	short, err := io.ReadAll(zipped(t, document, 1))
	if err != nil {
		t.Fatal(err)
	}
	beside := strings.Replace(document, "{", `{"errors":[{"title":"x"}],`, 1)
	coded := func(code string) string { return `{"errors":[{"code":"` + code + `"}]}` }
	api := typed(jsonapi.MediaType)
	for name, test := range map[string]struct {
		status   int
		header   http.Header
		end      framing
		body     string
		class    Class
		requests int // with two retries
		text     string
	}{
		"documented":            {200, api, byLength, document, 0, 1, ""},
		"with a charset":        {200, typed(jsonapi.MediaType + "; charset=utf-8"), byLength, document, 0, 1, ""},
		"in capitals":           {200, typed("Application/Vnd.API+JSON"), byLength, document, 0, 1, ""},
		"plain JSON":            {200, typed("application/json"), byLength, document, 0, 1, ""},
		"broken parameters":     {200, typed(jsonapi.MediaType + "; ="), byLength, document, 0, 1, ""},
		"no media type":         {200, nil, byLength, document, 0, 1, ""},
		"an unknown success":    {299, api, byLength, document, 0, 1, ""},
		"zipped by an old name": {200, encoding("x-gzip"), byLength, string(short), 0, 1, ""},
		"errors beside data":    {200, api, byLength, beside, 0, 1, ""},
		"another customer": {
			200, api, byLength, `{"data":` + customerJSON("other", "john@example.com", "") + "}", ErrMismatch, 1, `"other"`,
		},
		"HTML":                   {200, typed("text/html; charset=utf-8"), byLength, "<html>", ErrNotJSON, 1, "HTML page"},
		"HTML without a type":    {200, nil, byLength, "<html>", ErrNotJSON, 1, "HTML page"},
		"HTML called JSON":       {200, api, byLength, "<html>", ErrNotJSON, 1, "HTML page"},
		"JSON called HTML":       {200, typed("text/html"), byLength, document, ErrMediaType, 1, "text/html"},
		"plain text":             {200, typed("text/plain"), byLength, document, ErrMediaType, 1, "text/plain"},
		"a personal subtype":     {200, typed("text/john@example.com"), byLength, document, ErrMediaType, 1, "media type"},
		"an unknown encoding":    {200, encoding("br"), byLength, "?", ErrMediaType, 1, "content encoding"},
		"empty":                  {200, api, byLength, "", ErrNotJSON, 1, "empty"},
		"nothing to say":         {204, nil, byLength, "", ErrNotJSON, 1, "empty"},
		"cut off by the API":     {200, api, byLength, document[:100], ErrMalformed, 1, "cut off"},
		"cut off":                {200, api, byConnection, document[:100], ErrConnection, 3, "the other side closed"},
		"cut off at once":        {200, api, byConnection, "", ErrConnection, 3, "the other side closed"},
		"broken off":             {200, api, byError, document[:100], ErrConnection, 3, "(HTTP 200)"},
		"cut off behind a mark":  {200, api, byConnection, "\uFEFF{", ErrConnection, 3, "the other side closed"},
		"cut off in a letter":    {200, api, byConnection, "{\"data\":\"\xc3", ErrConnection, 3, "the other side closed"},
		"wrong, and complete":    {200, api, byConnection, `{"data":]}`, ErrMalformed, 1, "not valid JSON"},
		"nothing but a line end": {200, api, byConnection, "\n", ErrNotJSON, 1, "empty"},
		"wrong, in chunks":       {200, api, byLastChunk, `{"data":`, ErrMalformed, 1, "cut off"},

		// An error is one with the status of a success, too.
		"a server error":       {200, api, byLength, `{"errors":[` + moved + `"503"}]}`, ErrServer, 3, "moved"},
		"an error beside null": {200, api, byLength, `{"data":null,"errors":[` + moved + `"503"}]}`, ErrServer, 3, "MOVED"},
		"a told 404":           {200, api, byLength, `{"errors":[` + moved + `"404"}]}`, ErrNotFound, 1, "moved"},
		"an untold status":     {200, api, byLength, `{"errors":[` + moved + `null}]}`, ErrBadRequest, 1, "moved"},
		"as OAuth writes it":   {200, api, byLength, `{"error":"MOVED","error_description":"No"}`, ErrBadRequest, 1, "MOVED"},

		"no known status": {99, api, byLength, document, ErrServer, 3, "HTTP 99"},

		"not found, array":  {404, api, byLength, coded("RECORD_NOT_FOUND"), ErrNotFound, 1, "RECORD_NOT_FOUND"},
		"not found, object": {404, api, byLength, `{"errors":{"code":"NO_RECORD"}}`, ErrNotFound, 1, "NO_RECORD"},
		"too long":          {414, typed("text/html"), byLength, "<title>Too long</title>", ErrBadRequest, 1, "HTTP 414"},

		// Only the API itself tells that it does not accept a token, or that a
		// permission is missing.
		"a gateway's message": {401, api, byLength, `{"message":"No API key found in request"}`, ErrBlocked, 1, "HTTP 401"},
		"a gateway's code":    {401, api, byLength, `{"errors":[{"code":"E401","title":"No"}]}`, ErrBlocked, 1, "E401"},
		"no code":             {401, api, byLength, `{"errors":[{"title":"No","status":"401"}]}`, ErrBlocked, 1, "No"},
		"the API's words":     {401, api, byLength, coded("INVALID_TOKEN"), ErrInvalidToken, 1, "INVALID_TOKEN"},
		"the API's words, called HTML": {401, typed("text/html"), byLength, coded("INVALID_TOKEN"), ErrInvalidToken, 1,
			"INVALID_TOKEN"},
		"the API's other words": {401, api, byLength, coded("UNAUTHORIZED"), ErrPermission, 1, "UNAUTHORIZED"},
		"forbidden by the API":  {403, api, byLength, coded("FORBIDDEN"), ErrPermission, 1, "FORBIDDEN"},
		"a firewall's page": {403, typed("text/html"), byLength, "<title>Blocked\nby policy</title>", ErrBlocked, 1,
			`titled "Blocked by policy"`},

		"a redirect": {302, located("https://evil.example.com/path?token=abc"), byLength, "", ErrRedirect, 1,
			"a redirect to https://evil.example.com"},
		"a redirect with a user": {308, located("https://john:pw@evil.example.com/"), byLength, "", ErrRedirect, 1,
			"a redirect to https://evil.example.com"},
		"a redirect without a scheme": {302, located("//evil.example.com/x"), byLength, "", ErrRedirect, 1,
			"a redirect to https://evil.example.com"},
		"a redirect within": {307, located("/elsewhere?email=john@example.com"), byLength, "", ErrRedirect, 1, "a redirect"},
		"a broken redirect": {302, located("http://[::1/john@example.com"), byLength, "", ErrNotJSON, 1, nowhere},
		"null":              {200, api, byLength, `{"data":null}`, ErrMalformed, 1, "null"},
		"no web page":       {302, located("about:blank"), byLength, "", ErrNotJSON, 1, nowhere},
		"not modified":      {304, located("https://evil.example.com/"), byLength, "", ErrNotJSON, 1, nowhere},
	} {
		bubble(t, name, func(t *testing.T) {
			header := http.Header{"X-Request-Id": {"req-12345"}}
			maps.Copy(header, test.header)
			w := responses(served{test.status, header, test.end, test.body})
			err := readSeed(t, newClient(t, w, WithMaxRetries(2)))
			w.expect(t, test.requests)
			if test.class == 0 {
				expectEqual(t, "the error", err, nil)
				return
			}
			failure := failureOf(t, err, test.class)
			expectEqual(t, "the path", failure.Path, customersPath+"/"+emulator.SeedCustomerID)
			expectEqual(t, "the status", failure.Status, test.status)
			expectEqual(t, "the request ID", failure.RequestID, "req-12345")
			text := failure.Error()
			if !strings.Contains(text, test.text) || strings.Contains(text, "john") || strings.Contains(text, "token=") {
				t.Errorf("the error is %q, want %q in it", text, test.text)
			}
		})
	}
}

// blanks is a body without an end. It counts the bytes that were read.
type blanks struct{ read *int }

func (b blanks) Read(p []byte) (int, error) {
	n := copy(p, mebibyte)
	*b.read += n
	return n, nil
}

var mebibyte = strings.Repeat(" ", 1<<20)

// zipped returns a text in gzip, as often as told.
func zipped(t *testing.T, text string, times int) io.Reader {
	t.Helper()
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(bytes.Repeat(b.Bytes(), times))
}

// How long it takes to read these bodies depends on the machine.
func TestAnswersAreReadThroughABound(t *testing.T) {
	read := 0
	document := emulator.SeedDocument()
	filled := io.MultiReader(bytes.NewReader(document), io.LimitReader(blanks{&read}, MaxAnswerBytes-int64(len(document))))
	for name, test := range map[string]struct {
		length int64
		header http.Header
		body   io.Reader
		read   bool
	}{
		"announced":        {MaxAnswerBytes + 1, nil, blanks{&read}, false},
		"without a length": {-1, nil, blanks{&read}, false},
		"zipped":           {-1, encoding("gzip"), zipped(t, mebibyte, 33), false},
		"up to the bound":  {MaxAnswerBytes, nil, filled, true},
		"zipped, small":    {-1, encoding("GZIP"), zipped(t, string(document), 1), true},
	} {
		t.Run(name, func(t *testing.T) {
			read = 0
			w := &wire{answer: func(*http.Request) (*http.Response, error) {
				resp := streamed(test.body, test.header)
				resp.ContentLength = test.length
				return resp, nil
			}}
			err := readSeed(t, newClient(t, w, WithRequestTimeout(time.Hour)))
			w.expect(t, 1)
			if test.read {
				expectEqual(t, "the error", err, nil)
				return
			}
			expectEqual(t, "the reason", failureOf(t, err, ErrTooLarge).Reason, "the answer is larger than 32 MiB")
			if read > MaxAnswerBytes+1 {
				t.Errorf("%d bytes were read", read)
			}
		})
	}
}

// The server's clock is told by its own answer, and not by one from a cache.
func TestErrorTellsTheServersTime(t *testing.T) {
	const date = "Sat, 01 Jan 2000 00:02:00 GMT"
	for name, test := range map[string]struct {
		header http.Header
		want   time.Time
	}{
		"told":         {http.Header{"Date": {date}}, time.Date(2000, 1, 1, 0, 2, 0, 0, time.UTC)},
		"from a cache": {http.Header{"Date": {date}, "Age": {"0"}}, time.Time{}},
		"no time":      {http.Header{"Date": {"today"}}, time.Time{}},
		"not told":     {nil, time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			w := responses(served{http.StatusUnauthorized, test.header, byLength, ""})
			failure := failureOf(t, readSeed(t, newClient(t, w)), ErrInvalidToken)
			expectEqual(t, "the server's time", failure.Date, test.want)
		})
	}
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
		e, _, c := underLimits(t, withCredentials(t), observe)
		e.Inject(emulator.Fault{After: 1, Times: 1, Answer: cut})
		e.Inject(emulator.Fault{After: 1, Times: 1, Answer: emulator.Throttled()})
		ctx := context.WithValue(t.Context(), key{}, "reader")
		if _, err := c.CustomerByEmail(ctx, emulator.FullCustomerEmail, Selection{}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Customer(ctx, emulator.FullCustomerID, Selection{}); err != nil {
			t.Fatal(err)
		}
		const token, list = "POST auth.commercelayer.io/oauth/token", "GET yourdomain.commercelayer.io/api/customers"
		const one = list + "/" + emulator.FullCustomerID
		var told []string
		for i, got := range events {
			told = append(told, fmt.Sprintf("%s %s%s, attempt %d: %d", got.Method, got.Host, got.Path, got.Attempt, got.Status))
			expectEqual(t, "whether it is a request for a token", got.TokenRequest, i == 0)
			expectEqual(t, "whether it failed", got.Err != nil, got.Status == 0)
			expectEqual(t, "whether it waited", got.Waited > 0, got.Attempt == 3)
			expectEqual(t, "the duration", got.Duration >= latency/2 && got.Duration <= latency, true)
			if got.Status == 200 && i > 0 && (got.Bytes == 0 || got.Remaining == "" || got.TraceID == "") {
				t.Errorf("the event is not complete: %+v", got)
			}
			text := fmt.Sprintf("%+v", got)
			for _, hidden := range []string{"@", "filter", "Bearer", emulator.DefaultClientSecret} {
				if strings.Contains(text, hidden) {
					t.Errorf("the event holds %q: %s", hidden, text)
				}
			}
		}
		expectEqual(t, "the events", told, []string{
			token + ", attempt 1: 200", list + ", attempt 1: 200",
			one + ", attempt 1: 0", one + ", attempt 2: 429", one + ", attempt 3: 200",
		})
	})
}
