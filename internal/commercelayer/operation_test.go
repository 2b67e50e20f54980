package commercelayer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// within reads customers at the same time, each with the same deadline.
func within(t *testing.T, deadline time.Duration, c *Client, ids ...string) []result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), deadline)
	defer cancel()
	return readAll(ctx, c, ids)
}

// Each reader's error is about its own customer, and about what took most of
// its time. Nothing goes on that nobody waits for.
func TestReaderThatGivesUpIsToldWhatTookTheTime(t *testing.T) {
	const api, token, one = "/api/", "/oauth/token", customersPath + "/one"
	toldAsSuccess := emulator.Body(200, "", `{"errors":[{"status":"429","code":"THROTTLED"}]}`)
	for name, test := range map[string]struct {
		prefix   string // of the requests that get the answer
		answer   emulator.Answer
		ids      string
		deadline time.Duration // or when the user interrupts
		class    Class
		path     string // of the requests
		status   int
		most     int // how many requests at most
	}{
		"the token endpoint hangs":     {token, stall, "one two", 5 * time.Second, ErrTimeout, token, 0, 1},
		"the token endpoint fails":     {token, emulator.Status(503), "one", 5 * time.Second, ErrTimeout, token, 503, 8},
		"the token endpoint refuses":   {token, emulator.Throttled(), "one", 5 * time.Minute, ErrRateLimited, token, 429, 60},
		"the API hangs":                {api, stall, "one", 2 * time.Second, ErrTimeout, one, 0, 2},
		"the API hangs, for many":      {api, stall, "one two three", 2 * time.Second, ErrTimeout, customersPath, 0, 2},
		"the API fails":                {api, emulator.Status(503), "one", 2 * time.Second, ErrTimeout, one, 503, 5},
		"the API refuses":              {api, emulator.Throttled(), "one", 20 * time.Minute, ErrRateLimited, one, 429, 60},
		"the API refuses as a success": {api, toldAsSuccess, "one", time.Minute, ErrRateLimited, one, 200, 10},
		"the user interrupts a pause":  {api, emulator.ThrottledWith("60"), "one", 2 * time.Second, ErrCanceled, one, 429, 2},
	} {
		bubble(t, name, func(t *testing.T) {
			e, w, c := emulated(t, latency, withCredentials(t), WithMaxRetries(100))
			e.Inject(emulator.Fault{PathPrefix: test.prefix, Answer: test.answer})
			ctx, cancel := context.WithTimeout(t.Context(), test.deadline)
			if test.class == ErrCanceled {
				ctx, cancel = context.WithCancel(t.Context())
				time.AfterFunc(test.deadline, cancel)
			}
			defer cancel()
			for _, r := range readAll(ctx, c, strings.Fields(test.ids)) {
				failure := failureOf(t, r.err, test.class)
				expectEqual(t, "the path", failure.Path, test.path)
				expectEqual(t, "whether it is the token request's", failure.TokenRequest, test.path == token)
				expectEqual(t, "the status", failure.Status, test.status)
				closeTo(t, "the time it took", failure.Elapsed, test.deadline, 0)
				made := w.paths()["GET "+test.path] + w.paths()["POST "+test.path]
				expectEqual(t, "the number of attempts", failure.Attempts, made)
				if test.class == ErrTimeout && errors.Is(failure, ErrServer) {
					t.Error("the error is of two kinds")
				}
			}
			synctest.Wait()
			sent := w.requests()
			if n := len(sent); n > test.most {
				t.Errorf("%d requests were sent, want %d at most", n, test.most)
			}
			if last := sent[len(sent)-1]; test.status == 0 && last.err == nil {
				t.Error("the request that nobody waits for was not canceled")
			}
			expectIdle(t, c)
		})
	}
}

// The answer to an earlier page is not the answer to the one that is waited for.
func TestDeadlineOnALaterPageTellsNoStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, _, c, _ := populated(t, 30)
		e.Inject(emulator.Fault{After: 1, Answer: stall})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		_, err := collect(c.Customers(Query{}).Pages(ctx))
		expectEqual(t, "the status", failureOf(t, err, ErrTimeout).Status, 0)
	})
}

func TestDeadlineInTheQueueIsAboutTheRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, w, c := underLimits(t)
		fillBurst(t, c)
		ids := []string{"a", "b", "c"}
		for i, r := range within(t, 5*time.Second, c, ids...) {
			failure := failureOf(t, r.err, ErrRateLimited)
			expectEqual(t, "the request", failure.Host+failure.Path, "yourdomain.commercelayer.io"+customerPath(ids[i]))
			expectEqual(t, "the number of attempts", failure.Attempts, 0)
			closeTo(t, "the wait it tells", failure.Waited, 5*time.Second, 10*time.Millisecond)
		}
		w.expect(t, testLimits.Burst)
		expectIdle(t, c)
	})
	// The limit took almost all of the time, and the deadline passes during an
	// attempt.
	synctest.Test(t, func(t *testing.T) {
		_, w, c := underLimits(t)
		w.latency = 100 * time.Millisecond
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second+20*time.Millisecond)
		defer cancel()
		limited := 0
		for _, r := range readApart(ctx, c, 30) {
			if !errors.Is(r.err, ErrNotFound) {
				expectKind(t, r.err, ErrRateLimited)
				limited++
			}
		}
		expectEqual(t, "the number of readers whose time was up", limited, 5)
	})
}

func TestDeadlineBeforeTheFirstAnswerIsNoMatterOfTheRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, 0)
		e.Inject(emulator.Fault{Answer: e.Delay(time.Hour), Through: true})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		// At the deadline itself, the order of events is random. So the requests are
		// counted before it.
		time.AfterFunc(4*time.Second, func() { w.expect(t, 3) })
		for _, r := range readApart(ctx, c, 10) {
			failure := failureOf(t, r.err, ErrTimeout)
			expectEqual(t, "the time waited for the limit", failure.Waited, 0)
			waits := "the first requests of this run were not answered"
			if failure.Attempts == 0 && !strings.Contains(failure.Reason, waits) {
				t.Errorf("the reason is %q", failure.Reason)
			}
		}
	})
}

// stalled is a body that sends nothing until the request is canceled.
type stalled struct{ ctx context.Context }

func (s stalled) Read([]byte) (int, error) {
	<-s.ctx.Done()
	return 0, s.ctx.Err()
}

func TestAttemptTimeoutCoversTheBodyAndIsRetried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(req *http.Request) (*http.Response, error) {
			return streamed(io.MultiReader(strings.NewReader(`{"data":`), stalled{req.Context()}), nil), nil
		}}
		failure := failureOf(t, readSeed(t, newClient(t, w, WithRequestTimeout(3*time.Second), WithMaxRetries(1))),
			ErrTimeout)
		expectEqual(t, "the status", failure.Status, http.StatusOK)
		expectEqual(t, "the number of attempts", failure.Attempts, 2)
		closeTo(t, "the time they took", failure.Elapsed, 6*time.Second, pauseMin)
		if !strings.Contains(failure.Error(), "request timeout") {
			t.Errorf("the error does not name the request timeout: %v", failure)
		}
	})
}

// If the API refuses everything, only one reader waits until its deadline.
func TestRefusalWithoutEndIsWaitedOutOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency)
		e.Inject(emulator.Fault{Answer: emulator.ThrottledWith("0")})
		expectKind(t, within(t, 20*time.Minute, c, "first")[0].err, ErrRateLimited)
		sent, start := len(w.requests()), time.Now()
		for i := range 50 {
			failure := failureOf(t, within(t, 20*time.Minute, c, fmt.Sprint("later", i))[0].err, ErrRateLimited)
			expectEqual(t, "the path", failure.Path, customerPath(fmt.Sprint("later", i)))
		}
		if more, took := len(w.requests())-sent, time.Since(start); more > 60 || took > 30*time.Minute {
			t.Errorf("50 readers sent %d requests in %s", more, took)
		}
	})
}
