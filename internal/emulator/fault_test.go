package emulator_test

import (
	"bytes"
	"context"
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
	seed := string(emulator.SeedDocument())
	const html, jsonAPI = "text/html; charset=utf-8", "application/vnd.api+json"
	const gateway, applicationError = "application/json; charset=utf-8", jsonAPI + "; charset=utf-8"
	tests := []struct {
		name    string
		answer  emulator.Answer
		status  int // 0: no answer at all
		media   string
		size    int    // of the body, -1: any
		begin   string // of the body
		readErr error
		header  string // a further header
	}{
		{"cut", emulator.Cut(), 0, "", 0, "", nil, ""},
		{"truncated", emulator.Truncated(), 200, jsonAPI, len(seed) / 2, seed[:100], nil, ""},
		{"503", emulator.Status(503), 503, html, -1, "<?xml", nil, "Server: Varnish"},
		{"500", emulator.Status(500), 500, "", 0, "", nil, ""},
		{"403", emulator.Status(403), 403, applicationError, -1, `{"errors":[{"title":"Forbidden"`, nil, ""},
		{"404", emulator.Status(404), 404, gateway, -1, `{"errors":{"title":"Record Not Found"`, nil, ""},
		{"429 by status", emulator.Status(429), 429, gateway, -1, `{"errors":{"title":"Too Many`, nil, "Retry-After: 0"},
		{"204", emulator.Status(204), 204, "", 0, "", nil, ""},
		{"html", emulator.HTML(404), 404, "text/html", -1, "<!DOCTYPE html>", nil, "X-Cache: MISS"},
		{"body", emulator.Body(418, "text/plain", "teapot"), 418, "text/plain", 6, "teapot", nil, ""},
		{"throttled", emulator.Throttled(), 429, gateway, -1, "{", nil, "Retry-After: 0"},
		{"throttled with", emulator.ThrottledWith("7"), 429, gateway, -1, "{", nil, "Retry-After: 7"},
		{"redirect", emulator.Redirect(307, "https://elsewhere.test/"), 307, "", 0, "", nil,
			"Location: https://elsewhere.test/"},
		{"401 by status", emulator.Status(401), 401, applicationError, -1, `{"errors":[{"title":"Invalid token"`, nil, ""},
		{"invalid token", emulator.InvalidToken(), 401, applicationError, -1, `{"errors":[{"title":"Invalid token"`, nil, ""},
		{"unauthorized", emulator.Unauthorized(), 401, applicationError, -1, `{"errors":[{"title":"Access denied"`, nil, ""},
		{"empty", emulator.Empty200(), 200, jsonAPI, 0, "", nil, ""},
		{"wrong id", emulator.WrongID(), 200, jsonAPI, -1, `{"data":{"id":"wRoNgIdAbC","type":"customers"`, nil, ""},
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
			if res.StatusCode != tt.status || !errors.Is(err, tt.readErr) || res.Header.Get("Content-Type") != tt.media {
				t.Errorf("status %d, body error %v, %v", res.StatusCode, err, res.Header)
			}
			if tt.size >= 0 && len(body) != tt.size || !strings.HasPrefix(string(body), tt.begin) {
				t.Errorf("%d bytes: %.300s", len(body), body)
			}
			if key, want, _ := strings.Cut(tt.header, ": "); res.Header.Get(key) != want {
				t.Errorf("%v, want %s", res.Header, tt.header)
			}
		})
	}
}

func TestEndlessAnswersEndWithTheClientOrTheEmulator(t *testing.T) {
	for name, fault := range map[string]func(*emulator.Emulator) emulator.Answer{
		"endless": (*emulator.Emulator).Endless,
		"stall":   (*emulator.Emulator).Stall,
		"delay":   func(e *emulator.Emulator) emulator.Answer { return e.Delay(time.Hour) },
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
			return emulator.Fault{Answer: e.Delay(3 * time.Second), Through: true}
		}, 3 * time.Second},
		{"body", nil, func(e *emulator.Emulator) emulator.Fault {
			return emulator.Fault{Answer: e.SlowBody(time.Second)}
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
				e.Close()
			})
		})
	}
}

func TestFaultsChooseTheirRequests(t *testing.T) {
	fail := emulator.Status(503)
	elsewhere := func(r *http.Request) bool { return r.Header.Get("X") != "" }
	const ok, no = 200, 503
	tests := []struct {
		name   string
		faults []emulator.Fault
		want   []int
	}{
		{"each", []emulator.Fault{{Answer: fail}}, []int{no, no, no, no, no, no}},
		{"after", []emulator.Fault{{Answer: fail, After: 2}}, []int{ok, ok, no, no, no, no}},
		{"every", []emulator.Fault{{Answer: fail, Every: 3}}, []int{ok, ok, no, ok, ok, no}},
		{"times", []emulator.Fault{{Answer: fail, Times: 2}}, []int{no, no, ok, ok, ok, ok}},
		{"all of them", []emulator.Fault{{Answer: fail, After: 1, Every: 2, Times: 1}}, []int{ok, ok, no, ok, ok, ok}},
		{"path", []emulator.Fault{{Answer: fail, PathPrefix: "/api/customers/other"}}, []int{ok, ok, ok, ok, ok, ok}},
		{"match", []emulator.Fault{{Answer: fail, Match: elsewhere}}, []int{ok, ok, ok, ok, ok, ok}},
		{"one after the other", []emulator.Fault{{Answer: emulator.Status(502), Times: 1}, {Answer: fail, Times: 1}},
			[]int{502, no, ok, ok, ok, ok}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := emulator.New()
			hit := 0
			for _, f := range tt.faults {
				f.Name = "fault"
				e.Inject(f)
			}
			var got []int
			for range tt.want {
				mustToken(t, e) // a fault without a path spares the token endpoint
				status := get(e, oneCustomer).status
				if got = append(got, status); status != ok {
					hit++
				}
			}
			if !slices.Equal(got, tt.want) || e.CountFault("fault") != hit {
				t.Errorf("got %v, want %v; %d hits are logged", got, tt.want, e.CountFault("fault"))
			}
			if e.ClearFaults(); get(e, oneCustomer).status != ok {
				t.Error("a fault is left")
			}
		})
	}
}
