package commercelayer

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// noticed returns an option that counts notices, and the count.
func noticed(t *testing.T) (Option, *atomic.Int32) {
	t.Helper()
	var n atomic.Int32
	return WithNotice(func(_ context.Context, sentence string) {
		if !strings.HasSuffix(sentence, ".") {
			t.Errorf("the notice is no sentence: %q", sentence)
		}
		n.Add(1)
	}), &n
}

func isCollection(r *http.Request) bool { return r.URL.Path == customersPath }

func TestRefusedListsFallBackToSingleReadsForGood(t *testing.T) {
	for name, answer := range map[string]emulator.Answer{
		"400":              emulator.Status(400),
		"401 UNAUTHORIZED": emulator.Unauthorized(),
		"403":              emulator.Status(403),
		"404":              emulator.Status(404),
		"404 HTML":         emulator.HTML(404),
		"405":              emulator.Status(405),
	} {
		bubble(t, name, func(t *testing.T) {
			notice, notices := noticed(t)
			e, w, c := emulated(t, latency, notice)
			e.Inject(emulator.Fault{Name: "no list", Match: isCollection, Answer: answer})
			ids := addCustomers(e, 5)
			expectAll(t, ids, readAll(t.Context(), c, ids))
			w.expect(t, 6)
			expectEqual(t, "the number of notices", notices.Load(), 1)

			w.reset()
			start := time.Now()
			expectAll(t, ids, readAll(t.Context(), c, ids))
			w.expect(t, 5)
			closeTo(t, "the time of later reads", time.Since(start), latency, 0)
			expectEqual(t, "the number of refused lists", e.CountFault("no list"), 1)
			expectEqual(t, "the number of notices", notices.Load(), 1)
			expectIdle(t, c)
		})
	}
}

func TestWrongIncludeDoesNotEndLists(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		notice, notices := noticed(t)
		e, w, c := emulated(t, latency, notice)
		ids := addCustomers(e, 3)
		results := readAll(t.Context(), c, ids, "nonsense")
		seen := map[error]bool{}
		for _, r := range results {
			seen[r.err] = true
			failure := failureOf(t, r.err, ErrBadRequest)
			expectEqual(t, "the code", failure.Code(), "INVALID_INCLUDE")
		}
		expectEqual(t, "the number of errors", len(seen), len(ids))
		w.expect(t, 1)
		expectAll(t, ids, readAll(t.Context(), c, ids))
		w.expect(t, 2)
		expectEqual(t, "the number of notices", notices.Load(), 0)
	})
}

func TestMissingPermissionCostsTwoRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		notice, notices := noticed(t)
		e := emulator.New()
		w := &wire{handler: e, latency: latency}
		no := false
		c := newClient(t, w, notice, WithToken(e.IssueToken(emulator.TokenOptions{CanReadCustomers: &no})))
		ids := addCustomers(e, 25)
		seen := map[error]bool{}
		for _, r := range readAll(t.Context(), c, ids) {
			failure := failureOf(t, r.err, ErrPermission)
			expectEqual(t, "the code", failure.Code(), codeUnauthorized)
			seen[r.err] = true
		}
		w.expect(t, 2)
		expectEqual(t, "the number of errors", len(seen), len(ids))
		expectEqual(t, "the number of notices", notices.Load(), 0)
	})
}

func TestServerErrorOfABatchFailsEachReaderByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency, WithMaxRetries(2))
		e.Inject(emulator.Fault{Answer: emulator.Status(503)})
		ids := addCustomers(e, 4)
		seen := map[error]bool{}
		for _, r := range readAll(t.Context(), c, ids) {
			failure := failureOf(t, r.err, ErrServer)
			expectEqual(t, "the path", failure.Path, customersPath)
			expectEqual(t, "the number of attempts", failure.Attempts, 3)
			seen[r.err] = true
		}
		w.expect(t, 3)
		expectEqual(t, "the number of errors", len(seen), len(ids))
		expectIdle(t, c)
	})
}

func TestListThatIsNoListFailsTheReaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency)
		e.Inject(emulator.Fault{Match: isCollection, Answer: emulator.Truncated()})
		ids := addCustomers(e, 3)
		for _, r := range readAll(t.Context(), c, ids) {
			failure := failureOf(t, r.err, ErrMalformed)
			expectEqual(t, "the request", failure.Method+" "+failure.Path, "GET "+customersPath)
		}
		w.expect(t, 1)
	})
}

// If the API ignores the filter, no other customers must be returned. The
// customers that were asked for are then read alone.
func TestCustomersThatWereNotAskedForAreIgnored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency)
		ids := addCustomers(e, 2)
		e.Inject(emulator.Fault{Match: isCollection, Answer: emulator.Body(200, jsonapi.MediaType, `{"data":[{"id":"stranger","type":"customers"}]}`)})
		expectAll(t, ids, readAll(t.Context(), c, ids))
		w.expect(t, 3)
	})
}

func TestPanicBecomesAnError(t *testing.T) {
	for _, n := range []int{1, 3} {
		bubble(t, fmt.Sprint(n), func(t *testing.T) {
			e := emulator.New()
			ids := addCustomers(e, n)
			w := &wire{latency: latency, handler: inTurn(
				func(http.ResponseWriter, *http.Request) { panic("john@example.com " + emulator.DefaultToken) }, e.ServeHTTP)}
			c := newClient(t, w)
			for _, r := range readAll(t.Context(), c, ids) {
				failure := failureOf(t, r.err, ErrInternal)
				if strings.Contains(failure.Error(), "john") || strings.Contains(failure.Error(), emulator.DefaultToken) {
					t.Errorf("the error quotes what was thrown: %v", failure)
				}
			}
			// The panic has canceled the reservation.
			expectAll(t, ids, readAll(t.Context(), c, ids))
			expectIdle(t, c)
		})
	}
}

func TestPanicInOneOfSeveralListsBecomesAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{latency: latency, handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("oh") })}
		ids := make([]string, 30)
		for i := range ids {
			ids[i] = fmt.Sprint("customer", i)
		}
		_, err := collect(newClient(t, w).Customers(Query{IDs: ids}).Pages(t.Context()))
		expectKind(t, err, ErrInternal)
	})
}

func TestRateLimitIsWaitedOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := emulator.New(emulator.WithLimits())
		w := &wire{handler: e, latency: latency}
		c := newClient(t, w, WithMaxRetries(0))
		e.Inject(emulator.Fault{Times: 6, Answer: emulator.Throttled()})
		ids := addCustomers(e, 3)
		expectAll(t, ids, readAll(t.Context(), c, ids))
		sent := w.expect(t, 7)
		for i, s := range sent[1:] {
			if pause := s.at.Sub(sent[i].at); pause < time.Second {
				t.Errorf("request %d came %s after a refusal", i+2, pause)
			}
		}
		expectIdle(t, c)
	})
}
