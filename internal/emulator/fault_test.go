package emulator_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// serve runs the emulator on a test server. The emulator is closed first,
// because the server waits for its answers.
func serve(t *testing.T, e *emulator.Emulator) *httptest.Server {
	t.Helper()
	srv := httptest.NewServer(e)
	t.Cleanup(srv.Close)
	t.Cleanup(e.Close)
	return srv
}

// request requests the seeded customer over a new connection. On a used
// connection the transport could repeat the request by itself.
func request(ctx context.Context, srv *httptest.Server) (*http.Response, error) {
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL+oneCustomer, http.NoBody)
	req.Header.Set("Accept", "application/vnd.api+json")
	req.Header.Set("Authorization", "Bearer "+emulator.DefaultToken)
	req.Close = true
	client := &http.Client{
		Transport:     &http.Transport{DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return client.Do(req)
}

func TestFaultsOnTheWire(t *testing.T) {
	seed := emulator.SeedDocument()
	tests := []struct {
		name    string
		answer  emulator.Answer
		status  int // 0: no answer at all
		readErr error
		check   func(t *testing.T, h http.Header, body []byte)
	}{
		{"cut", emulator.Cut(), 0, nil, nil},
		{"cut body", emulator.CutBody(100), 200, io.ErrUnexpectedEOF, func(t *testing.T, _ http.Header, body []byte) {
			t.Helper()
			if !bytes.Equal(body, seed[:100]) {
				t.Errorf("%d bytes", len(body))
			}
		}},
		{"cut body late", emulator.CutBody(1 << 20), 200, io.ErrUnexpectedEOF, func(t *testing.T, _ http.Header, body []byte) {
			t.Helper()
			if len(body) != len(seed)-1 {
				t.Errorf("%d bytes", len(body))
			}
		}},
		{"truncated", emulator.Truncated(), 200, nil, func(t *testing.T, h http.Header, body []byte) {
			t.Helper()
			if len(body) != len(seed)/2 || json.Valid(body) || h.Get("Content-Type") != "application/vnd.api+json" {
				t.Errorf("%d bytes, %v", len(body), h)
			}
		}},
		{"503", emulator.Status(503), 503, nil, func(t *testing.T, h http.Header, body []byte) {
			t.Helper()
			if !strings.HasPrefix(h.Get("Content-Type"), "text/html") || len(body) == 0 {
				t.Errorf("%v %s", h, body)
			}
		}},
		{"500", emulator.Status(500), 500, nil, func(t *testing.T, _ http.Header, body []byte) {
			t.Helper()
			if len(body) != 0 {
				t.Errorf("%s", body)
			}
		}},
		{"403", emulator.Status(403), 403, nil, contains(`"code":"FORBIDDEN","status":"403"`)},
		{"429 by status", emulator.Status(429), 429, nil, contains(`"code":"THROTTLED","status":429`)},
		{"html", emulator.HTML(404), 404, nil, contains("Oops, page not found")},
		{"html of a cache", emulator.HTML(502), 502, nil, contains("Varnish")},
		{"body", emulator.Body(418, "text/plain", "teapot"), 418, nil, contains("teapot")},
		{"throttled", emulator.Throttled(), 429, nil, header("Retry-After", "0")},
		{"throttled with", emulator.ThrottledWith("7"), 429, nil, header("Retry-After", "7")},
		{"redirect", emulator.Redirect(307, "https://elsewhere.test/"), 307, nil, header("Location", "https://elsewhere.test/")},
		{"invalid token", emulator.InvalidToken(), 401, nil, contains("INVALID_TOKEN")},
		{"unauthorized", emulator.Unauthorized(), 401, nil, contains("UNAUTHORIZED")},
		{"empty", emulator.Empty200(), 200, nil, func(t *testing.T, _ http.Header, body []byte) {
			t.Helper()
			if len(body) != 0 {
				t.Errorf("%s", body)
			}
		}},
		{"data null", emulator.DataNull(), 200, nil, contains(`{"data":null}`)},
		{"data array", emulator.DataArray(), 200, nil, contains(`{"data":[{"id":"xYZkjABcde"`)},
		{"wrong type", emulator.WrongType(), 200, nil, contains(`{"data":{"id":"xYZkjABcde","type":"orders"`)},
		{"wrong id", emulator.WrongID(), 200, nil, contains(`{"data":{"id":"wRoNgIdAbC","type":"customers"`)},
		{"large", emulator.Large(3 << 20), 200, nil, func(t *testing.T, _ http.Header, body []byte) {
			t.Helper()
			if len(body) != 3<<20 || !json.Valid(body) {
				t.Errorf("%d bytes", len(body))
			}
		}},
		{"gzip bomb", emulator.GzipBomb(8 << 20), 200, nil, func(t *testing.T, h http.Header, body []byte) {
			t.Helper()
			zr, err := gzip.NewReader(bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			unpacked, err := io.ReadAll(zr)
			if err != nil || len(unpacked) != 8<<20 || len(body) > 128<<10 || h.Get("Content-Encoding") != "gzip" {
				t.Errorf("%d bytes packed, %d unpacked, %v", len(body), len(unpacked), err)
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := emulator.New()
			e.Inject(emulator.Fault{Name: tt.name, Answer: tt.answer})
			res, err := request(t.Context(), serve(t, e))
			entry := e.Requests()[0]
			if entry.Fault != tt.name || entry.Status != tt.status || len(e.Requests()) != 1 {
				t.Errorf("log %+v", entry)
			}
			if tt.status == 0 {
				if err == nil {
					t.Errorf("answered %d", res.StatusCode)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			if res.StatusCode != tt.status || !errors.Is(err, tt.readErr) {
				t.Errorf("status %d, body error %v", res.StatusCode, err)
			}
			if tt.check != nil {
				tt.check(t, res.Header, body)
			}
		})
	}
}

func contains(want string) func(*testing.T, http.Header, []byte) {
	return func(t *testing.T, _ http.Header, body []byte) {
		t.Helper()
		if !strings.Contains(string(body), want) {
			t.Errorf("body %.300s lacks %s", body, want)
		}
	}
}

func header(key, want string) func(*testing.T, http.Header, []byte) {
	return func(t *testing.T, h http.Header, _ []byte) {
		t.Helper()
		if h.Get(key) != want {
			t.Errorf("%s: %q, want %q", key, h.Get(key), want)
		}
	}
}

func TestEndlessAnswersEndWithTheClientOrTheEmulator(t *testing.T) {
	for name, fault := range map[string]func(*emulator.Emulator) emulator.Answer{
		"endless": (*emulator.Emulator).Endless,
		"stall":   (*emulator.Emulator).Stall,
		"delay":   func(e *emulator.Emulator) emulator.Answer { return e.Delay(time.Hour) },
		"headers": func(e *emulator.Emulator) emulator.Answer { return e.SlowHeaders(time.Hour) },
		"body":    func(e *emulator.Emulator) emulator.Answer { return e.SlowBody(time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			e := emulator.New()
			e.Inject(emulator.Fault{Name: name, Answer: fault(e)})
			srv := serve(t, e)
			arrived := make(chan struct{}, 2)
			e.OnRequest(func(*http.Request) { arrived <- struct{}{} })

			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			read := func(ctx context.Context) {
				res, err := request(ctx, srv)
				if err == nil {
					_, err = io.Copy(io.Discard, res.Body)
					_ = res.Body.Close()
				}
				done <- err
			}
			go read(ctx)
			received(t, arrived)
			cancel()
			if err := received(t, done); !errors.Is(err, context.Canceled) {
				t.Errorf("cancelled: %v", err)
			}
			go read(t.Context())
			received(t, arrived)
			e.Close()
			t.Logf("ended with %v", received(t, done))
		})
	}
}

func TestDelaysTakeTheirTime(t *testing.T) {
	tests := []struct {
		name  string
		opts  []emulator.Option
		fault func(*emulator.Emulator) emulator.Fault
		want  time.Duration
	}{
		{"latency", []emulator.Option{emulator.WithLatency(40 * time.Millisecond)}, nil, 40 * time.Millisecond},
		{"delay", nil, func(e *emulator.Emulator) emulator.Fault {
			return emulator.Fault{Name: "d", Answer: e.Delay(3 * time.Second), Through: true}
		}, 3 * time.Second},
		{"headers", nil, func(e *emulator.Emulator) emulator.Fault {
			return emulator.Fault{Name: "d", Answer: e.SlowHeaders(2 * time.Second)}
		}, 2 * time.Second},
		{"body", nil, func(e *emulator.Emulator) emulator.Fault {
			return emulator.Fault{Name: "d", Answer: e.SlowBody(time.Second)}
		}, time.Duration(len(emulator.SeedDocument())/64+1) * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := emulator.New(tt.opts...)
				if tt.fault != nil {
					e.Inject(tt.fault(e))
				}
				start := time.Now()
				a := get(e, oneCustomer)
				if a.status != 200 || !bytes.Equal(a.body, emulator.SeedDocument()) {
					t.Errorf("%d %s", a.status, a.body)
				}
				if took := time.Since(start); took != tt.want {
					t.Errorf("took %s, want %s", took, tt.want)
				}
				if tt.fault != nil && e.CountFault("d") != 1 {
					t.Error("the fault is not in the log")
				}
				e.Close()
			})
		})
	}
}

func TestFaultsChooseTheirRequests(t *testing.T) {
	c := newClock()
	fail := emulator.Status(503)
	ok, no := 200, 503
	tests := []struct {
		name  string
		fault emulator.Fault
		want  []int
	}{
		{"each", emulator.Fault{Answer: fail}, []int{no, no, no, no, no, no}},
		{"after", emulator.Fault{Answer: fail, After: 2}, []int{ok, ok, no, no, no, no}},
		{"every", emulator.Fault{Answer: fail, Every: 3}, []int{ok, ok, no, ok, ok, no}},
		{"times", emulator.Fault{Answer: fail, Times: 2}, []int{no, no, ok, ok, ok, ok}},
		{"all of them", emulator.Fault{Answer: fail, After: 1, Every: 2, Times: 1}, []int{ok, ok, no, ok, ok, ok}},
		{"until", emulator.Fault{Answer: fail, Until: c.Now().Add(3 * time.Second)}, []int{no, no, no, ok, ok, ok}},
		{"method", emulator.Fault{Answer: fail, Method: http.MethodPost}, []int{ok, ok, ok, ok, ok, ok}},
		{"path", emulator.Fault{Answer: fail, PathPrefix: "/api/customers/other"}, []int{ok, ok, ok, ok, ok, ok}},
		{"match", emulator.Fault{Answer: fail, Match: func(r *http.Request) bool { return r.Header.Get("X") != "" }}, []int{ok, ok, ok, ok, ok, ok}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newClock()
			e := emulator.New(emulator.WithClock(c.Now))
			e.Inject(tt.fault)
			var got []int
			for range tt.want {
				got = append(got, get(e, oneCustomer).status)
				c.advance(time.Second)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestFaultsQueueAndSpareTheTokenEndpoint(t *testing.T) {
	e := emulator.New()
	e.Inject(emulator.Fault{Name: "first", Times: 1, Answer: emulator.Status(502)})
	e.Inject(emulator.Fault{Name: "second", Times: 1, Answer: emulator.Status(503)})
	mustToken(t, e)
	for _, want := range []int{502, 503, 200} {
		if a := get(e, oneCustomer); a.status != want {
			t.Errorf("%d, want %d", a.status, want)
		}
	}
	e.Inject(emulator.Fault{Name: "token", PathPrefix: "/oauth/", Answer: emulator.Status(500)})
	if a := requestToken(e, "client_credentials", emulator.DefaultClientID, emulator.DefaultClientSecret); a.status != 500 {
		t.Errorf("token: %d", a.status)
	}
	if get(e, oneCustomer).status != 200 {
		t.Error("the token's fault hit the API")
	}
	e.ClearFaults()
	mustToken(t, e)
	if e.CountFault("first") != 1 || e.CountFault("second") != 1 || e.CountFault("token") != 1 {
		t.Errorf("%+v", e.Requests())
	}
}

func TestFaultsDistortListsToo(t *testing.T) {
	e := emulator.New()
	for _, tt := range []struct {
		answer emulator.Answer
		want   string
	}{
		{emulator.WrongID(), `{"data":[{"id":"wRoNgIdAbC"`},
		{emulator.WrongType(), `{"data":[{"id":"xYZkjABcde","type":"orders"`},
	} {
		e.ClearFaults()
		e.Inject(emulator.Fault{Answer: tt.answer})
		a := get(e, "/api/customers?sort=id")
		if !strings.HasPrefix(string(a.body), tt.want) || !json.Valid(a.body) {
			t.Errorf("%.200s", a.body)
		}
	}
	if a := get(e, "/api/customers/nOsUcHiDxx"); a.status != 404 {
		t.Errorf("an error is distorted: %d", a.status)
	}
}
