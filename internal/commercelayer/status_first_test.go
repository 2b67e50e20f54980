package commercelayer

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// unreadable are responses whose body can't be had.
var unreadable = map[string]func() *http.Response{
	"brotli": func() *http.Response { return bodied(strings.NewReader("?"), http.Header{"Content-Encoding": {"br"}}) },
	"zstandard": func() *http.Response {
		return bodied(strings.NewReader("?"), http.Header{"Content-Encoding": {"zstd"}})
	},
	"not gzip": func() *http.Response {
		return bodied(strings.NewReader("?"), http.Header{"Content-Encoding": {"gzip"}})
	},
	"broken off": func() *http.Response {
		return bodied(io.MultiReader(strings.NewReader(`{"errors":[{"code":"INVALID_TOKEN"`), iotest.ErrReader(io.ErrUnexpectedEOF)), nil)
	},
	"broken off without a length": func() *http.Response { return bodied(strings.NewReader(`{"errors":[{"code":"INVALID_TOKEN"`), nil) },
	"too large": func() *http.Response {
		resp := bodied(strings.NewReader("?"), nil)
		resp.ContentLength = MaxAnswerBytes + 1
		return resp
	},
	// This one is whole, and says no more than those above.
	"empty, called gzip": func() *http.Response { return bodied(strings.NewReader(""), http.Header{"Content-Encoding": {"gzip"}}) },
}

// readers are the ways to ask the API, and the token endpoint.
var readers = map[string]func(context.Context, *Client) error{
	"id": hostileReads[0], "email": hostileReads[1], "list": hostileReads[2],
	"related": func(ctx context.Context, c *Client) error {
		_, err := collect(c.Related(RelatedQuery{CustomerID: "one", Relationship: "orders"}).Pages(ctx))
		return err
	},
	"token": hostileReads[0],
}

// The status of an answer decides what it is. A body that can't be read takes
// away only details.
func TestStatusDecidesIfTheBodyCanNotBeRead(t *testing.T) {
	for name, body := range unreadable {
		for reader, read := range readers {
			t.Run(name+" to "+reader, func(t *testing.T) {
				for status, want := range map[int]struct {
					class, token Class
					attempts     int
				}{
					401: {ErrInvalidToken, ErrCredentials, 1},
					403: {ErrBlocked, ErrBlocked, 1},
					404: {ErrNotFound, ErrBadRequest, 1},
					422: {ErrBadRequest, ErrBadRequest, 1},
					500: {ErrServer, ErrServer, 3},
					503: {ErrServer, ErrServer, 3},
				} {
					synctest.Test(t, func(t *testing.T) {
						var options []Option
						class := want.class
						if reader == "token" {
							options, class = append(options, withCredentials(t)), want.token
						}
						if class == ErrNotFound && (reader == "email" || reader == "list") {
							class = ErrNoList
						}
						transport, _ := responses(func() *http.Response {
							resp := body()
							resp.StatusCode = status
							return resp
						})
						failure := failureOf(t, read(t.Context(), newClient(t, transport, append(options, WithMaxRetries(2))...)), class)
						expectEqual(t, "the status", failure.Status, status)
						expectEqual(t, "the number of attempts", failure.Attempts, want.attempts)
						expectEqual(t, "the number of the API's errors", len(failure.API), 0)
					})
				}
			})
		}
	}
}

// A refusal counts neither as a failure nor against max_retries, and holds the
// requests back.
func TestRefusalIsOneIfItsBodyCanNotBeRead(t *testing.T) {
	for name, body := range unreadable {
		bubble(t, name, func(t *testing.T) {
			refused := func() *http.Response {
				resp := body()
				resp.StatusCode = http.StatusTooManyRequests
				return resp
			}
			transport, n := responses(refused, refused, refused, seedResponse)
			c := newClient(t, transport, WithMaxRetries(0))
			if _, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{}); err != nil {
				t.Fatal(err)
			}
			expectEqual(t, "the number of requests", *n, 4)
			if c.Stats().Held == 0 {
				t.Error("the limiter did not hold the request back")
			}
		})
	}
}

// Without a length, an answer ends where the connection ends. In the middle of
// its JSON, the connection broke.
func TestAnswerWithoutALengthThatEndsInItsJSONIsRetried(t *testing.T) {
	document := emulator.SeedDocument()
	for name, test := range map[string]struct {
		body     string
		length   int64
		encoding []string
		class    Class
		requests int
	}{
		"cut":                                {string(document[:len(document)/2]), -1, nil, ErrConnection, 3},
		"cut after a byte order mark":        {"\uFEFF{", -1, nil, ErrConnection, 3},
		"cut in a letter":                    {`{"data":{"id":"` + "\xc3", -1, nil, ErrConnection, 3},
		"complete and wrong":                 {`{"data":]}`, -1, nil, ErrMalformed, 1},
		"nothing but white space":            {"\n", -1, nil, ErrNotJSON, 1},
		"wrong, and as long as it should be": {`{"data":`, 8, nil, ErrMalformed, 1},
		"wrong, and ended by a last chunk":   {`{"data":`, -1, []string{"chunked"}, ErrMalformed, 1},
	} {
		bubble(t, name, func(t *testing.T) {
			transport, n := responses(func() *http.Response {
				resp := bodied(strings.NewReader(test.body), nil)
				resp.ContentLength, resp.TransferEncoding = test.length, test.encoding
				return resp
			})
			_, err := newClient(t, transport, WithMaxRetries(2)).Customer(t.Context(), emulator.SeedCustomerID, Selection{})
			expectKind(t, err, test.class)
			expectEqual(t, "the number of requests", *n, test.requests)
		})
	}
	bubble(t, "cut once", func(t *testing.T) {
		transport, n := responses(func() *http.Response { return bodied(bytes.NewReader(document[:100]), nil) }, seedResponse)
		if _, err := newClient(t, transport).Customer(t.Context(), emulator.SeedCustomerID, Selection{}); err != nil {
			t.Fatal(err)
		}
		expectEqual(t, "the number of requests", *n, 2)
	})
}

// The server's clock is told by its own answer, and not by one from a cache.
func TestErrorTellsTheServersTime(t *testing.T) {
	const date = "Sat, 01 Jan 2000 00:02:00 GMT"
	told := time.Date(2000, 1, 1, 0, 2, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		header http.Header
		want   time.Time
	}{
		"told":         {http.Header{"Date": {date}}, told},
		"from a cache": {http.Header{"Date": {date}, "Age": {"0"}}, time.Time{}},
		"no time":      {http.Header{"Date": {"today"}}, time.Time{}},
		"not told":     {nil, time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			transport, _ := responses(func() *http.Response {
				resp := bodied(strings.NewReader(""), test.header)
				resp.StatusCode = http.StatusUnauthorized
				return resp
			})
			_, err := newClient(t, transport).Customer(t.Context(), "one", Selection{})
			expectEqual(t, "the server's time", failureOf(t, err, ErrInvalidToken).Date, test.want)
		})
	}
}

// Only the API itself tells that it does not accept a token.
func TestRefusalInOtherWordsThanTheAPIsIsAGateways(t *testing.T) {
	for name, test := range map[string]struct {
		body  string
		class Class
	}{
		"a message of a gateway":  {`{"message":"No API key found in request"}`, ErrBlocked},
		"plain words":             {`Unauthorized`, ErrBlocked},
		"a code of a gateway":     {`{"errors":[{"code":"E401","title":"No"}]}`, ErrBlocked},
		"an error without a code": {`{"errors":[{"title":"Unauthorized","status":"401"}]}`, ErrBlocked},
		"the API's words":         {`{"errors":[{"code":"INVALID_TOKEN"}]}`, ErrInvalidToken},
		"the API's other words":   {`{"errors":{"code":"UNAUTHORIZED"}}`, ErrPermission},
		"no word":                 {"", ErrInvalidToken},
	} {
		bubble(t, name, func(t *testing.T) {
			w := &wire{handler: respond(http.StatusUnauthorized, "application/json", test.body)}
			_, err := newClient(t, w).Customer(t.Context(), "one", Selection{})
			expectKind(t, err, test.class)
			w.expect(t, 1)
		})
	}
}
