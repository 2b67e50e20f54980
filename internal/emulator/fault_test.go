package emulator_test

import (
	"bytes"
	"context"
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
	for name, tt := range map[string]struct {
		answer emulator.Answer
		status int // 0: no answer at all
		media  string
		body   string // the mark … stands for anything at its end
		header string // a further header
	}{
		"cut":       {emulator.Cut(), 0, "", "", ""},
		"truncated": {emulator.Truncated(), 200, jsonAPI, seed[:len(seed)/2], ""},
		"503":       {emulator.Status(503), 503, html, "<?xml…", "Server: Varnish"},
		"500":       {emulator.Status(500), 500, "", "", ""},
		"401":       {emulator.Status(401), 401, applicationError, `{"errors":[{"title":"Invalid token"…`, ""},
		"403":       {emulator.Status(403), 403, applicationError, `{"errors":[{"title":"Forbidden"…`, ""},
		"404":       {emulator.Status(404), 404, gateway, `{"errors":{"title":"Record Not Found"…`, ""},
		"429":       {emulator.Status(429), 429, gateway, `{"errors":{"title":"Too Many…`, "Retry-After: 0"},
		"204":       {emulator.Status(204), 204, "", "", ""},
		"page":      {emulator.HTML(404), 404, "text/html", "<!DOCTYPE html>…", "X-Cache: MISS"},
		"body":      {emulator.Body(418, "text/plain", "teapot"), 418, "text/plain", "teapot", ""},
		"throttled": {emulator.ThrottledWith("7"), 429, gateway, "{…", "Retry-After: 7"},
		"redirect":  {emulator.Redirect(307, "https://other.test/"), 307, "", "", "Location: https://other.test/"},
		"forbidden": {emulator.Unauthorized(), 401, applicationError, `{"errors":[{"title":"Access denied"…`, ""},
		"empty":     {emulator.Empty200(), 200, jsonAPI, "", ""},
		"wrong ID":  {emulator.WrongID(), 200, jsonAPI, `{"data":{"id":"wRoNgIdAbC","type":"customers"…`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := emulator.New()
			e.Inject(emulator.Fault{Name: name, Answer: tt.answer})
			res, err := request(t.Context(), serve(t, e))
			if log := e.Requests(); len(log) != 1 || log[0].Fault != name || log[0].Status != tt.status {
				t.Errorf("log %+v", log)
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
			if res.StatusCode != tt.status || err != nil || res.Header.Get("Content-Type") != tt.media {
				t.Errorf("status %d, body error %v, %v", res.StatusCode, err, res.Header)
			}
			begin, open := strings.CutSuffix(tt.body, "…")
			if !strings.HasPrefix(string(body), begin) || !open && string(body) != begin {
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
	} {
		for _, by := range []string{"client", "emulator"} {
			t.Run(name+" by the "+by, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					e := emulator.New()
					e.Inject(emulator.Fault{Answer: fault(e)})
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					e.OnRequest(func(*http.Request) {
						if by == "client" {
							cancel()
						} else {
							e.Close()
						}
					})
					start := time.Now()
					get(e, oneCustomer, func(r *http.Request) { *r = *r.WithContext(ctx) })
					if took := time.Since(start); took != 0 {
						t.Errorf("it ends after %s", took)
					}
				})
			})
		}
	}
}

func TestDelaysTakeTheirTime(t *testing.T) {
	for name, tt := range map[string]struct {
		answer  func(*emulator.Emulator, time.Duration) emulator.Answer
		through bool
		want    time.Duration
	}{
		"delay": {(*emulator.Emulator).Delay, true, time.Second},
		"body":  {(*emulator.Emulator).SlowBody, false, time.Duration(len(emulator.SeedDocument())/64+1) * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := emulator.New(emulator.WithLatency(time.Millisecond))
				e.Inject(emulator.Fault{Answer: tt.answer(e, time.Second), Through: tt.through})
				start := time.Now()
				a := get(e, oneCustomer)
				if a.status != 200 || !bytes.Equal(a.body, emulator.SeedDocument()) {
					t.Errorf("%d %s", a.status, a.body)
				}
				if took := time.Since(start); took != tt.want+time.Millisecond {
					t.Errorf("took %s, want %s", took, tt.want)
				}
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
