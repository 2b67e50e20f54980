package commercelayer

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
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

func TestDeadlineWhileTheTokenEndpointHangsIsAboutTheTokenEndpoint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, _, c := emulated(t, 0, withCredentials(t))
		e.Inject(emulator.Fault{PathPrefix: "/oauth/", Answer: e.Delay(time.Hour), Through: true})
		for _, r := range within(t, 5*time.Second, c, "one", "two") {
			failure := failureOf(t, r.err, ErrTimeout)
			expectEqual(t, "whether it is the token request's", failure.TokenRequest, true)
			expectEqual(t, "the request", failure.Method+" "+failure.Host+failure.Path, "POST auth.commercelayer.io/oauth/token")
			expectEqual(t, "the number of attempts", failure.Attempts, 1)
			closeTo(t, "the time it took", failure.Elapsed, 5*time.Second, 0)
		}
	})
}

func TestDeadlineAfterTheTokenEndpointFailedTellsItsFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, _, c := emulated(t, latency, withCredentials(t), WithMaxRetries(100))
		e.Inject(emulator.Fault{PathPrefix: "/oauth/", Answer: emulator.Status(503)})
		for _, r := range within(t, 5*time.Second, c, "one") {
			failure := failureOf(t, r.err, ErrTimeout)
			expectEqual(t, "whether it is the token request's", failure.TokenRequest, true)
			expectEqual(t, "the status", failure.Status, 503)
		}
	})
}

func TestDeadlineAtTheLimitNamesEachReadersOwnCustomer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, w, c := underLimits(t)
		fillBurst(t, c)
		ids := []string{"a", "b", "c"}
		for i, r := range within(t, 5*time.Second, c, ids...) {
			failure := failureOf(t, r.err, ErrRateLimited)
			expectEqual(t, "the path", failure.Path, customersPath+"/"+ids[i])
			expectEqual(t, "the host", failure.Host, "yourdomain.commercelayer.io")
		}
		w.expect(t, testLimits.Burst)
	})
}

func TestDeadlineBeforeTheFirstAnswerIsNoMatterOfTheRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, 0)
		e.Inject(emulator.Fault{Answer: e.Delay(time.Hour), Through: true})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		var group sync.WaitGroup
		// Ten look-ups that can't share a request.
		for i := range 10 {
			group.Go(func() {
				_, err := c.Customer(ctx, fmt.Sprintf("a,%d", i), Selection{})
				failure := failureOf(t, err, ErrTimeout)
				expectEqual(t, "the time waited for the limit", failure.Waited, 0)
				if failure.Attempts == 0 && !strings.Contains(failure.Reason, "the first requests of this run were not answered") {
					t.Errorf("the reason is %q", failure.Reason)
				}
			})
		}
		// At the deadline itself, the order of events is random. So the requests are
		// counted before it.
		time.Sleep(4 * time.Second)
		w.expect(t, 3)
		group.Wait()
	})
}

func TestStallBeforeTheFirstAnswerIsNotCountedAsTheRateLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, _, c := emulated(t, 0)
		ids := addCustomers(e, 60)
		e.Inject(emulator.Fault{Times: 1, Answer: e.Delay(13 * time.Second), Through: true})
		expectAll(t, ids, readAll(t.Context(), c, ids))
		expectEqual(t, "the time held by the limit", c.Stats().Held, 0)
	})
}

// The limit took almost all of the time, and the deadline passes during an
// attempt.
func TestDeadlineIsOfWhatTookTheTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := emulator.New(emulator.WithLimits())
		w := &wire{handler: e, latency: 100 * time.Millisecond}
		c := newClient(t, w)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second+20*time.Millisecond)
		defer cancel()
		var group sync.WaitGroup
		limited := 0
		var mu sync.Mutex
		for i := range 30 {
			group.Go(func() {
				_, err := c.Customer(ctx, fmt.Sprintf("a,%d", i), Selection{})
				if errors.Is(err, ErrNotFound) {
					return
				}
				mu.Lock()
				defer mu.Unlock()
				limited++
				expectKind(t, err, ErrRateLimited)
			})
		}
		group.Wait()
		expectEqual(t, "the number of readers whose time was up", limited, 5)
	})
}

func TestFailuresThatPassDoNotEndLists(t *testing.T) {
	for _, status := range []int{408, 423, 425, 429, 500, 503} {
		bubble(t, fmt.Sprint(status), func(t *testing.T) {
			notice, notices := noticed(t)
			e, _, c := emulated(t, latency, notice, WithMaxRetries(0))
			e.Inject(emulator.Fault{Match: isCollection, Times: 1, Answer: emulator.Body(status, "", "")})
			ids := addCustomers(e, 5)
			readAll(t.Context(), c, ids)
			e.ResetLog()
			expectAll(t, ids, readAll(t.Context(), c, ids))
			expectEqual(t, "the number of lists", e.Count(http.MethodGet, customersPath), 1)
			expectEqual(t, "the number of notices", notices.Load(), 0)
		})
	}
}

// announcements returns an option that records announcements, and the record.
func announcements() (Option, func() []string) {
	var mu sync.Mutex
	var said []string
	return WithAnnouncer(func(_ context.Context, sentence string) {
			mu.Lock()
			defer mu.Unlock()
			said = append(said, sentence)
		}), func() []string {
			mu.Lock()
			defer mu.Unlock()
			return append([]string{}, said...)
		}
}

func TestLongWaitsAreAnnouncedWithWhatForAndHowLong(t *testing.T) {
	for name, test := range map[string]struct {
		prepare func(*testing.T, *emulator.Emulator, *Client)
		want    []string
	}{
		"a full window": {
			func(t *testing.T, _ *emulator.Emulator, c *Client) { t.Helper(); fillBurst(t, c) },
			[]string{"4 requests have been waiting for up to 5 s. They wait for the rate limit: as many requests as it allows were sent from this IP address."},
		},
		"refusals": {
			func(_ *testing.T, e *emulator.Emulator, _ *Client) {
				e.Inject(emulator.Fault{Times: 3, Answer: emulator.ThrottledWith("30")})
			},
			[]string{"4 requests have been waiting for up to 5 s. They wait for the rate limit: the API has refused a request.", "for up to 20 s. They wait for the rate limit: the API has refused a request."},
		},
		"the token endpoint": {
			func(_ *testing.T, e *emulator.Emulator, _ *Client) {
				e.Inject(emulator.Fault{PathPrefix: "/oauth/", Times: 1, Answer: e.Delay(8 * time.Second), Through: true})
			},
			[]string{"4 requests have been waiting for up to 5 s. They wait for the access token."},
		},
		"the first answer": {
			func(_ *testing.T, e *emulator.Emulator, _ *Client) {
				e.Inject(emulator.Fault{Times: 3, Answer: e.Delay(8 * time.Second), Through: true})
			},
			[]string{"3 requests have been waiting for up to 5 s. They wait for an answer of the API.", "A request has been waiting for 5 s. It waits for the first answer of this run, which tells the limits."},
		},
		"nothing for long": {func(*testing.T, *emulator.Emulator, *Client) {}, nil},
	} {
		bubble(t, name, func(t *testing.T) {
			announcer, said := announcements()
			e, _, c := underLimits(t, withCredentials(t), announcer)
			addCustomers(e, 4)
			test.prepare(t, e, c)
			var group sync.WaitGroup
			for i, include := range []string{"tags", "customer_group", "orders", "returns"} {
				group.Go(func() {
					id := fmt.Sprintf("customer%02d", i+1)
					if _, err := c.Customer(t.Context(), id, Selection{Include: []string{include}}); err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
			all := strings.Join(said(), "\n")
			for _, want := range test.want {
				if !strings.Contains(all, want) {
					t.Errorf("%q was not announced in\n%s", want, all)
				}
			}
			// The pause after a refusal is partly random.
			if len(said()) != len(test.want) && name != "refusals" {
				t.Errorf("%d announcements, want %d:\n%s", len(said()), len(test.want), all)
			}
			expectIdle(t, c)
		})
	}
}

// Requests that follow each other without a gap do not add up to a long wait.
func TestShortWaitsWithoutAGapAreNotAnnounced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		announcer, said := announcements()
		_, w, c := emulated(t, 0, announcer)
		w.latency = 4 * time.Second
		var group sync.WaitGroup
		for i := range 10 {
			group.Go(func() {
				time.Sleep(time.Duration(i) * 3 * time.Second)
				if _, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{Include: []string{strings.Repeat("tags,", i%2) + "tags"}}); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		expectEqual(t, "the announcements", strings.Join(said(), "\n"), "")
	})
}

// A stage may empty and fill again while its timer fires.
func TestLateTimerAnnouncesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		announcer, said := announcements()
		_, _, c := emulated(t, 0, announcer)
		p := c.newProgress()
		c.waits.tell(t.Context(), forAnswer)
		p.enter(t.Context(), forAnswer)
		time.Sleep(announceAfter - time.Second)
		c.waits.tell(t.Context(), forAnswer)
		expectEqual(t, "the announcements of a wait that is not long yet", len(said()), 0)
		time.Sleep(time.Second)
		synctest.Wait()
		expectEqual(t, "the announcements of a long wait", len(said()), 1)
		p.end(t.Context())
		time.Sleep(time.Minute)
		expectEqual(t, "the announcements after its end", len(said()), 1)
	})
}

// If the API refuses everything, only one reader waits until its deadline.
func TestRefusalWithoutEndIsWaitedOutOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{latency: latency, handler: emulatorAnswer(emulator.ThrottledWith("0"))}
		c := newClient(t, w)
		expectKind(t, within(t, 20*time.Minute, c, "first")[0].err, ErrRateLimited)
		sent := len(w.requests())
		start := time.Now()
		for i := range 50 {
			failure := failureOf(t, within(t, 20*time.Minute, c, fmt.Sprint("later", i))[0].err, ErrRateLimited)
			expectEqual(t, "the path", failure.Path, fmt.Sprint(customersPath, "/later", i))
		}
		if took := time.Since(start); took > 30*time.Minute {
			t.Errorf("50 readers waited for %s", took)
		}
		if more := len(w.requests()) - sent; more > 60 {
			t.Errorf("they sent %d requests", more)
		}
	})
}

// A full window of an hour is waited for only once.
func TestWindowOfAnHourIsWaitedForOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{latency: latency, handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			rw.Header().Set("X-Ratelimit-Limit", "100")
			rw.Header().Set("X-Ratelimit-Interval", "3600")
			rw.Header().Set("X-Ratelimit-Remaining", "0")
			respond(404, "", `{"errors":{"code":"RECORD_NOT_FOUND"}}`)(rw, r)
		})}
		announcer, said := announcements()
		c := newClient(t, w, announcer)
		expectKind(t, within(t, 20*time.Minute, c, "first")[0].err, ErrNotFound)
		expectKind(t, within(t, 20*time.Minute, c, "second")[0].err, ErrRateLimited)
		if len(said()) == 0 {
			t.Error("nothing was announced")
		}
		start := time.Now()
		for i := range 10 {
			expectKind(t, within(t, 20*time.Minute, c, fmt.Sprint("later", i))[0].err, ErrRateLimited)
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("10 readers waited for %s", took)
		}
	})
}

func TestRefusalsOfTheTokenEndpointAreAskedAboutLessAndLess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{latency: latency, handler: emulatorAnswer(emulator.ThrottledWith("0"))}
		expectKind(t, within(t, 5*time.Minute, newClient(t, w, withCredentials(t)), "one")[0].err, ErrRateLimited)
		if n := w.tokenRequests(); n > 60 {
			t.Errorf("the endpoint was asked %d times in five minutes", n)
		}
	})
}

// A document whose errors have the status 429 counts as an answer with status
// 429.
func TestRefusalWithTheStatusOfASuccessHoldsTheReaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{latency: latency, handler: emulatorAnswer(
			emulator.Body(200, "", `{"errors":[{"status":"429","code":"THROTTLED"}]}`))}
		expectKind(t, within(t, time.Minute, newClient(t, w), "one")[0].err, ErrRateLimited)
		if n := len(w.requests()); n > 10 {
			t.Errorf("%d requests were sent in a minute", n)
		}
	})
}
