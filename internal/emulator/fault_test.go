package emulator_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// overTheWire requests the seeded customer from a server. The server waits for
// the end of its answers when the test ends.
func overTheWire(t *testing.T, e *emulator.Emulator) (*http.Response, error) {
	t.Helper()
	srv := httptest.NewServer(e)
	t.Cleanup(srv.Close)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL+oneCustomer, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	return srv.Client().Do(r)
}

func TestCutClosesTheConnection(t *testing.T) {
	e := emulator.New()
	e.Inject(emulator.Fault{Answer: emulator.Cut()})
	res, err := overTheWire(t, e)
	if err == nil {
		_ = res.Body.Close()
		t.Errorf("answered %d", res.StatusCode)
	}
	if log := e.Requests(); len(log) != 1 || log[0].Status != 0 {
		t.Errorf("log %+v", log)
	}
}

func TestAnEndlessAnswerEndsWithTheClientOrTheEmulator(t *testing.T) {
	for _, by := range []string{"client", "emulator"} {
		e := emulator.New()
		e.Inject(emulator.Fault{Answer: e.Endless()})
		res, err := overTheWire(t, e)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.CopyN(io.Discard, res.Body, 1<<20); err != nil {
			t.Errorf("it ends by itself: %v", err)
		}
		if by == "emulator" {
			e.Close()
			if _, err := io.Copy(io.Discard, res.Body); err != nil {
				t.Errorf("it does not end with the emulator: %v", err)
			}
		}
		_ = res.Body.Close()
	}
}

func TestDelaysEndWithTheClientOrTheEmulator(t *testing.T) {
	for name, fault := range map[string]func(*emulator.Emulator) emulator.Answer{
		"stall": (*emulator.Emulator).Stall,
		"delay": func(e *emulator.Emulator) emulator.Answer { return e.Delay(time.Hour) },
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
