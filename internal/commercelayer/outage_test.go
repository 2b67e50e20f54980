package commercelayer

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// stall is a handler that never answers.
func stall(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func TestOutageIsLearnedOnce(t *testing.T) {
	for name, down := range map[string]struct {
		answer http.HandlerFunc
		class  Class
		took   time.Duration // the longest time for one fetch and one more attempt
	}{
		"502":     {emulator.Status(502), ErrServer, 8 * time.Second},
		"503":     {emulator.Status(503), ErrServer, 8 * time.Second},
		"504":     {emulator.HTML(504), ErrServer, 8 * time.Second},
		"522":     {emulator.HTML(522), ErrServer, 8 * time.Second},
		"cut":     {cut, ErrConnection, 8 * time.Second},
		"stalled": {stall, ErrTimeout, 100 * time.Second},
	} {
		for endpoint, options := range map[string][]Option{"the API": nil, "the token endpoint": {withCredentials(t)}} {
			bubble(t, name+" of "+endpoint, func(t *testing.T) {
				w, c := clientOf(t, down.answer, 0, options...)
				start := time.Now()
				ids, errs := numbered("a", 60), make([]error, 60)
				tenAtATime(len(ids), func(i int) {
					time.Sleep(time.Millisecond)
					_, errs[i] = c.Customer(t.Context(), ids[i], Selection{})
				})
				attempts := map[int]int{}
				for i, err := range errs {
					e := failureOf(t, err, down.class)
					attempts[e.Attempts]++
					expectEqual(t, "that the error is about the token", e.TokenRequest, options != nil)
					expectEqual(t, "that the error tells of an outage", !e.Outage.IsZero(), e.Attempts < 5)
					if e.Attempts == 0 {
						closeTo(t, "the beginning of the outage", e.Outage.Sub(start), 0, time.Second)
					}
					if e.Attempts == 0 && options == nil {
						expectEqual(t, "the path of a reader that sent nothing", e.Path, customerPath(ids[i]))
					}
				}
				w.expect(t, 6) // those of one fetch, and a probe
				if took := time.Since(start); took > down.took {
					t.Errorf("it took %s", took)
				}
				if attempts[5] == 0 || attempts[1] == 0 || attempts[0] < 30 || len(attempts) != 3 {
					t.Errorf("the readers by the number of their attempts: %v", attempts)
				}
				expectIdle(t, c)
			})
		}
	}
}

// An outage of one endpoint says nothing about the other one. When it is over,
// one request is the probe, and the others wait for its answer.
func TestReadsGoOnAfterAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency, withCredentials(t))
		ids := addCustomers(e, 60)
		e.Inject(emulator.Fault{Times: 6, Answer: emulator.Status(503)})
		for range 2 {
			expectKind(t, readSeed(t, c), ErrServer)
		}
		w.expect(t, 7)
		time.Sleep(3 * time.Hour) // the token has expired, too
		expectAll(t, ids, readAll(t.Context(), c, ids))
		w.expect(t, 11)
		w.expectTokens(t, 2)
	})
}

// Fetches that are under way together have attempts of their own. When one of
// them has used up its attempts, the others do not go on.
func TestFetchesBesideTheFirstEndWithIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, c := clientOf(t, http.HandlerFunc(stall), 0)
		start := time.Now()
		for _, r := range readAll(t.Context(), c, numbered("a", 250)) {
			expectKind(t, r.err, ErrTimeout)
		}
		if n, took := len(w.requests()), time.Since(start); n > 5*10 || took > 120*time.Second {
			t.Errorf("%d requests in %s", n, took)
		}
		expectIdle(t, c)
	})
}

// A 500 may be about one record, and a 429 shows that the host lives. So all
// attempts are made.
func TestFailuresThatAreNoOutage(t *testing.T) {
	down := emulator.Status(503)
	between := []http.HandlerFunc{down, emulator.Throttled(), down}
	for name, test := range map[string]struct {
		handler  http.Handler
		retries  int
		attempts int
	}{
		"500":            {http.HandlerFunc(emulator.Status(500)), 4, 5},
		"429 in between": {inTurn(slices.Repeat(between, 2)...), 1, 3},
	} {
		bubble(t, name, func(t *testing.T) {
			_, c := clientOf(t, test.handler, latency, WithMaxRetries(test.retries))
			for range 2 {
				_, err := c.Customer(t.Context(), "bad", Selection{})
				e := failureOf(t, err, ErrServer)
				expectEqual(t, "the number of attempts", e.Attempts, test.attempts)
				expectEqual(t, "that there is no outage", e.Outage.IsZero(), true)
			}
		})
	}
}

func TestReaderThatWaitsForAProbeIsToldSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, c := clientOf(t, http.HandlerFunc(stall), 0, WithMaxRetries(0))
		expectKind(t, readSeed(t, c), ErrTimeout)
		go func() { expectKind(t, readSeed(t, c), ErrTimeout) }() // the probe
		time.Sleep(time.Second)
		failure := failureOf(t, within(t, 5*time.Second, c, "three")[0].err, ErrTimeout)
		expectEqual(t, "the time of the reader", failure.Elapsed, 5*time.Second)
		if failure.Attempts != 0 || !strings.Contains(failure.Reason, "another read was finding out") {
			t.Errorf("the error is %+v", failure)
		}
		time.Sleep(time.Minute)
		w.expect(t, 2)
	})
}

// The reader of the probe may go before its end. Then another one makes it.
func TestProbeOfAReaderThatHasGoneIsMadeByAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency, WithMaxRetries(0))
		e.Inject(emulator.Fault{Times: 2, Answer: stall})
		expectKind(t, readSeed(t, c), ErrTimeout)
		go within(t, 3*time.Second, c, "gone")
		time.Sleep(time.Second)
		expectSeed(t, c)
		w.expect(t, 3)
	})
}

// The two kinds of wait can follow each other, and neither keeps what the other
// one needs.
func TestRateLimitDuringAProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, _, c := emulated(t, latency, WithMaxRetries(0))
		e.Inject(emulator.Fault{Times: 1, Answer: emulator.Status(503)})
		expectKind(t, readSeed(t, c), ErrServer)
		e.Inject(emulator.Fault{Times: 1, Answer: emulator.Throttled()})
		ids := addCustomers(e, 60)
		expectAll(t, ids, readAll(t.Context(), c, ids))
		expectIdle(t, c)
	})
}
