package commercelayer

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// stall is a handler that never answers.
func stall(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// readLikeTheCLI reads customers ten at a time. A read begins a moment after
// another one has ended. It returns the errors.
func readLikeTheCLI(ctx context.Context, c *Client, ids []string) []error {
	errs := make([]error, len(ids))
	next := make(chan int)
	var group sync.WaitGroup
	for range 10 {
		group.Go(func() {
			for i := range next {
				time.Sleep(time.Millisecond)
				_, errs[i] = c.Customer(ctx, ids[i], Selection{})
			}
		})
	}
	for i := range ids {
		next <- i
	}
	close(next)
	group.Wait()
	return errs
}

// outages are servers that answer nobody, and how each is seen.
var outages = map[string]struct {
	answer http.HandlerFunc
	class  Class
	// took is the longest time for one fetch and one more attempt.
	took time.Duration
}{
	"502":     {emulator.Status(502), ErrServer, 8 * time.Second},
	"503":     {emulator.Status(503), ErrServer, 8 * time.Second},
	"504":     {emulator.HTML(504), ErrServer, 8 * time.Second},
	"cut":     {cut, ErrConnection, 8 * time.Second},
	"stalled": {stall, ErrTimeout, 100 * time.Second},
}

func TestOutageIsLearnedOnce(t *testing.T) {
	for name, down := range outages {
		bubble(t, name, func(t *testing.T) {
			w := &wire{handler: down.answer}
			c := newClient(t, w)
			start := time.Now()
			ids := numbered("a", 60)
			attempts := map[int]int{}
			for i, err := range readLikeTheCLI(t.Context(), c, ids) {
				e := failureOf(t, err, down.class)
				attempts[e.Attempts]++
				expectEqual(t, "that the error tells of an outage", !e.Outage.IsZero(), e.Attempts < 5)
				if e.Attempts == 0 {
					expectEqual(t, "the path of a reader that sent nothing", e.Path, customerPath(ids[i]))
					closeTo(t, "the beginning of the outage", e.Outage.Sub(start), 0, time.Second)
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

func TestOutageOfTheTokenEndpointIsLearnedOnce(t *testing.T) {
	for name, down := range outages {
		bubble(t, name, func(t *testing.T) {
			w := &wire{handler: down.answer}
			c := credentialsClient(t, testDomain, WithTransport(w),
				WithMaxRetries(DefaultMaxRetries), WithRequestTimeout(DefaultRequestTimeout))
			start := time.Now()
			for _, err := range readLikeTheCLI(t.Context(), c, numbered("a", 60)) {
				e := failureOf(t, err, down.class)
				expectEqual(t, "that the error is about the token", e.TokenRequest, true)
				expectEqual(t, "that the error tells of an outage", !e.Outage.IsZero(), e.Attempts < 5)
			}
			w.expect(t, 6)
			if took := time.Since(start); took > down.took {
				t.Errorf("it took %s", took)
			}
		})
	}
}

// An outage of one endpoint says nothing about the other one.
func TestOutageOfTheAPIDoesNotHoldTheTokenEndpoint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := emulator.New()
		w := &wire{handler: e}
		c := credentialsClient(t, testDomain, WithTransport(w), WithMaxRetries(0))
		e.Inject(emulator.Fault{Times: 2, Answer: emulator.Status(503)})
		for range 2 {
			_, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{})
			expectKind(t, err, ErrServer)
		}
		time.Sleep(3 * time.Hour) // the token has expired, too
		_, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{})
		expectEqual(t, "the error after the outage", err, nil)
	})
}

func TestReadsGoOnAfterAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency)
		ids := addCustomers(e, 60)
		e.Inject(emulator.Fault{Times: 6, Answer: emulator.Status(503)})
		for _, r := range readAll(t.Context(), c, ids[:1]) {
			expectKind(t, r.err, ErrServer)
		}
		expectKind(t, readAll(t.Context(), c, ids[:1])[0].err, ErrServer)
		w.expect(t, 6)
		time.Sleep(6 * time.Second)
		expectAll(t, ids, readAll(t.Context(), c, ids))
		w.expect(t, 9) // one is the probe, and the other two wait for its answer
	})
}

// Fetches that are under way together have attempts of their own. When one of
// them has used up its attempts, the others do not go on.
func TestFetchesBesideTheFirstEndWithIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{handler: http.HandlerFunc(stall)}
		c := newClient(t, w)
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

func TestBadRecordBesideReadersThatAreServedIsNoOutage(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{"503": emulator.Status(503), "stalled": stall} {
		bubble(t, name, func(t *testing.T) {
			e, _, c := emulated(t, latency)
			ids := addCustomers(e, 30)
			bad := func(r *http.Request) bool { return r.URL.Path == customerPath(ids[0]) }
			e.Inject(emulator.Fault{Match: bad, Answer: answer})
			done := make(chan error)
			go func() {
				_, err := c.Customer(t.Context(), ids[0], Selection{})
				done <- err
			}()
			for _, id := range ids[1:] {
				time.Sleep(5 * time.Second)
				if _, err := c.Customer(t.Context(), id, Selection{}); err != nil {
					t.Errorf("another customer: %v", err)
				}
			}
			var e1 *Error
			if err := <-done; !errors.As(err, &e1) || e1.Attempts != 5 || !e1.Outage.IsZero() {
				t.Errorf("the bad record: %v", err)
			}
		})
	}
}

// A 500 may be about one record, and a 429 shows that the host lives. So each
// of these readers makes all attempts.
func TestFailuresThatAreNoOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{handler: http.HandlerFunc(emulator.Status(500))}
		c := newClient(t, w)
		for _, id := range []string{"one", "two", "three"} {
			_, err := c.Customer(t.Context(), id, Selection{})
			e := failureOf(t, err, ErrServer)
			expectEqual(t, "the number of attempts", e.Attempts, 5)
			expectEqual(t, "that there is no outage", e.Outage.IsZero(), true)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		down := emulator.Status(503)
		answers := []http.HandlerFunc{down, emulator.Throttled(), down}
		w := &wire{handler: inTurn(answers...)}
		c := newClient(t, w, WithMaxRetries(1))
		for range 2 {
			_, err := c.Customer(t.Context(), "one", Selection{})
			e := failureOf(t, err, ErrServer)
			expectEqual(t, "that there is no outage", e.Outage.IsZero(), true)
		}
	})
}

// Every second request fails, for customers that are read one after the other
// and together.
func TestPassingFailuresCostNobodyAnything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency)
		ids := addCustomers(e, 90)
		e.Inject(emulator.Fault{Every: 2, Answer: emulator.Status(503)})
		for i, err := range readLikeTheCLI(t.Context(), c, ids) {
			if err != nil {
				t.Errorf("%s: %v", ids[i], err)
			}
		}
		for _, id := range ids {
			if _, err := c.Customer(t.Context(), id, Selection{}); err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}
		if n := len(w.requests()); n < 180 || n > 220 {
			t.Errorf("%d requests were sent", n)
		}
	})
}

// ended returns how a reader ends that waits for the probe of another one.
func ended(t *testing.T, end func(context.Context) (context.Context, context.CancelFunc)) (took time.Duration, err error) {
	t.Helper()
	w := &wire{handler: http.HandlerFunc(stall)}
	c := newClient(t, w, WithMaxRetries(0))
	_, err = c.Customer(t.Context(), "one", Selection{})
	expectKind(t, err, ErrTimeout)
	probe := make(chan error)
	go func() {
		_, err := c.Customer(t.Context(), "two", Selection{})
		probe <- err
	}()
	time.Sleep(time.Second)
	ctx, cancel := end(t.Context())
	defer cancel()
	start := time.Now()
	_, err = c.Customer(ctx, "three", Selection{})
	took = time.Since(start)
	expectKind(t, <-probe, ErrTimeout)
	w.expect(t, 2)
	return took, err
}

func TestReadersThatWaitForAProbeEndWithTheirContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		took, err := ended(t, func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 5*time.Second)
		})
		e := failureOf(t, err, ErrTimeout)
		expectEqual(t, "the time of the reader", took, 5*time.Second)
		if e.Attempts != 0 || !strings.Contains(e.Reason, "another read was finding out") {
			t.Errorf("the error is %+v", e)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		took, err := ended(t, func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(2*time.Second, cancel)
			return ctx, cancel
		})
		expectKind(t, err, ErrCanceled)
		expectEqual(t, "the time of the reader", took, 2*time.Second)
	})
}

// The reader of the probe may go before its end. Then another one makes it.
func TestProbeOfAReaderThatHasGoneIsMadeByAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency, WithMaxRetries(0))
		e.Inject(emulator.Fault{Times: 2, Answer: stall})
		_, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{})
		expectKind(t, err, ErrTimeout)
		gone, leave := context.WithTimeout(t.Context(), 3*time.Second)
		defer leave()
		go func() { _, _ = c.Customer(gone, "gone", Selection{}) }()
		time.Sleep(time.Second)
		if _, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{}); err != nil {
			t.Error(err)
		}
		w.expect(t, 3)
	})
}

// The two kinds of wait can follow each other, and neither keeps what the other
// one needs.
func TestRateLimitDuringAProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, _, c := emulated(t, latency, WithMaxRetries(0))
		e.Inject(emulator.Fault{Times: 1, Answer: emulator.Status(503)})
		_, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{})
		expectKind(t, err, ErrServer)
		e.Inject(emulator.Fault{Times: 1, Answer: emulator.Throttled()})
		ids := addCustomers(e, 60)
		expectAll(t, ids, readAll(t.Context(), c, ids))
		expectIdle(t, c)
	})
}
