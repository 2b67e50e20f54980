package commercelayer

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

const latency = 50 * time.Millisecond

func TestLoneReadIsOnePlainRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, w, c := emulated(t, latency)
		start := time.Now()
		customer, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{})
		if err != nil {
			t.Fatal(err)
		}
		expectEqual(t, "the e-mail address", *customer.Email, "john@example.com")
		sent := w.expect(t, 1)[0]
		expectEqual(t, "the request", sent.method+" "+sent.path+"?"+sent.query.Encode(), "GET /api/customers/xYZkjABcde?")
		if added := time.Since(start) - latency; added > 20*time.Millisecond {
			t.Errorf("%s were added to the latency of the API", added)
		}
	})
}

func TestReadsThatComeTogetherTravelTogether(t *testing.T) {
	for n, want := range map[int]int{2: 1, 10: 1, 25: 1, 26: 2, 50: 2, 60: 3} {
		bubble(t, fmt.Sprint(n), func(t *testing.T) {
			e, w, c := emulated(t, latency)
			ids := addCustomers(e, n)
			expectAll(t, ids, readAll(t.Context(), c, ids))
			asked := map[string]bool{}
			for _, s := range w.expect(t, want) {
				if s.path != customersPath {
					asked[strings.TrimPrefix(s.path, customersPath+"/")] = true
					continue
				}
				expectEqual(t, "page[size]", s.query.Get("page[size]"), "25")
				expectEqual(t, "sort", s.query.Get("sort"), "id")
				expectEqual(t, "the number of parameters", len(s.query), 3)
				for id := range strings.SplitSeq(s.filter("id_in"), ",") {
					if asked[id] {
						t.Errorf("%s was asked for twice", id)
					}
					asked[id] = true
				}
			}
			expectEqual(t, "the number of customers asked for", len(asked), n)
		})
	}
}

// Terraform starts as many reads as -parallelism allows within a few
// milliseconds. It starts the next one when one has ended.
func TestReadsInWavesShareRequests(t *testing.T) {
	for _, latency := range []time.Duration{time.Millisecond, 50 * time.Millisecond, 150 * time.Millisecond, 400 * time.Millisecond} {
		t.Run(latency.String(), func(t *testing.T) { readInWaves(t, latency) })
	}
}

func readInWaves(t *testing.T, latency time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		const reads, wave = 100, 10
		e := emulator.New(emulator.WithLimits())
		w := &wire{handler: e, latency: latency}
		c := newClient(t, w)
		ids := addCustomers(e, reads)
		random := rand.New(rand.NewPCG(1, 1))
		delays := make([]time.Duration, reads)
		for i := range delays {
			delays[i] = between(random, 0, 2*time.Millisecond)
		}
		// Two readers miss the first request. Later they share requests with the
		// others again.
		delays[0], delays[1] = 20*time.Millisecond, 21*time.Millisecond
		jobs := make(chan int, reads)
		for i := range ids {
			jobs <- i
		}
		close(jobs)
		var group sync.WaitGroup
		for range wave {
			group.Go(func() {
				for i := range jobs {
					time.Sleep(delays[i])
					if _, err := c.Customer(t.Context(), ids[i], Selection{}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		if n := len(w.requests()); n > 14 {
			t.Errorf("%d requests were sent for %d reads, want 14 at most", n, reads)
		}
	})
}

// While a group waits for the rate limit, readers can still join it.
func TestReadersJoinABatchThatWaitsForTheRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := underLimits(t)
		ids := addCustomers(e, 20)
		fillBurst(t, c)
		results := make([]result, len(ids))
		var group sync.WaitGroup
		for i, id := range ids {
			time.Sleep(200 * time.Millisecond)
			group.Go(func() { results[i].customer, results[i].err = c.Customer(t.Context(), id, Selection{}) })
		}
		group.Wait()
		expectAll(t, ids, results)
		w.expect(t, testLimits.Burst+1)
		closeTo(t, "the time that was held", c.Stats().Held, 8560*time.Millisecond, 100*time.Millisecond)
	})
}

func TestSameIDInFlightIsOneRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, w, c := emulated(t, latency)
		ids := []string{emulator.SeedCustomerID, emulator.SeedCustomerID, emulator.SeedCustomerID}
		expectAll(t, ids, readAll(t.Context(), c, ids))
		w.expect(t, 1)
		expectEqual(t, "the number of reads counted", c.Stats().Reads, 3)

		// A reader of the same key can also join while the request is under way.
		w.reset()
		results := make(chan result, 2)
		for range 2 {
			go func() {
				customer, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{})
				results <- result{customer, err}
			}()
			time.Sleep(latency / 2)
		}
		expectAll(t, ids[:2], []result{<-results, <-results})
		w.expect(t, 1)
	})
}

// expectIdle fails if a fetch is still under way.
func expectIdle(t *testing.T, c *Client) {
	t.Helper()
	synctest.Wait()
	c.waits.mu.Lock()
	defer c.waits.mu.Unlock()
	for s, wait := range c.waits.stages {
		if len(wait.since) != 0 {
			t.Errorf("%d fetches still wait for %s", len(wait.since), stage(s))
		}
	}
}

func TestDifferentIncludesDoNotMix(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency)
		ids := addCustomers(e, 6)
		var group sync.WaitGroup
		for i, include := range [][]string{nil, {"customer_group"}, {"customer_group", "tags", "tags"}} {
			group.Go(func() {
				these := ids[2*i : 2*i+2]
				results := readAll(t.Context(), c, these, include...)
				expectAll(t, these, results)
				for _, r := range results {
					if included := r.customer.Relationships["customer_group"].Data != nil; included != (i > 0) {
						t.Errorf("%s: the group is included: %t", r.customer.ID, included)
					}
				}
			})
		}
		group.Wait()
		includes := map[string]int{}
		for _, s := range w.expect(t, 3) {
			includes[s.query.Get("include")]++
		}
		for _, include := range []string{"", "customer_group", "customer_group,tags"} {
			expectEqual(t, "the number of requests that include "+include, includes[include], 1)
		}
	})
}

func TestIDsThatCannotShareARequestGoAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency)
		ids := addCustomers(e, 2)
		odd := []string{"a,b", "a b", "ä", "a%2Fb", "a/b", "a?b#c", "john@example.com", strings.Repeat("x", 65)}
		results := readAll(t.Context(), c, append(odd, ids...))
		expectAll(t, ids, results[len(odd):])
		for i, id := range odd {
			e := failureOf(t, results[i].err, ErrNotFound)
			if strings.Contains(e.Error(), "john@") {
				t.Errorf("the error of %q shows the address: %v", id, e)
			}
		}
		want := map[string]int{"GET " + customersPath: 1}
		for _, id := range odd {
			want["GET "+customersPath+"/"+url.PathEscape(id)] = 1
		}
		w.expect(t, len(odd)+1)
		for path, n := range w.paths() {
			expectEqual(t, "the number of requests "+path, n, want[path])
		}
	})
}

func TestMissingIDIsAskedForAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency)
		ids := addCustomers(e, 9)
		results := readAll(t.Context(), c, append([]string{"missing"}, ids...))
		expectAll(t, ids, results[1:])
		failure := failureOf(t, results[0].err, ErrNotFound)
		expectEqual(t, "the path", failure.Path, customersPath+"/missing")
		expectEqual(t, "the status", failure.Status, 404)
		expectEqual(t, "the code", failure.Code(), "RECORD_NOT_FOUND")
		w.expect(t, 2)
		expectEqual(t, "the number of requests for it", w.paths()["GET "+customersPath+"/missing"], 1)
		expectIdle(t, c)
	})
}

// The other readers get their answer before the missing ID is asked for.
func TestMissingIDDoesNotHoldUpTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, _, c := emulated(t, latency)
		e.Inject(emulator.Fault{PathPrefix: customersPath + "/missing", Answer: emulator.Status(503)})
		ids := addCustomers(e, 1)
		start := time.Now()
		go func() { _, _ = c.Customer(t.Context(), "missing", Selection{}) }()
		expectAll(t, ids, readAll(t.Context(), c, ids))
		if took := time.Since(start); took > 2*latency {
			t.Errorf("the others waited %s", took)
		}
	})
}

func TestUnreadableCustomerDoesNotCostTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency)
		ids := addCustomers(e, 4)
		e.AddDocument("broken", []byte(`{"data":{"id":"broken","type":"customers","attributes":{"email":12}}}`))
		results := readAll(t.Context(), c, append([]string{"broken"}, ids...))
		expectAll(t, ids, results[1:])
		failure := failureOf(t, results[0].err, ErrMalformed)
		expectEqual(t, "the path", failure.Path, customersPath+"/broken")
		w.expect(t, 2)
	})
}

func TestModeIsCheckedForEachCustomerOfABatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency, WithMode(ModeTest))
		ids := addCustomers(e, 3)
		e.AddDocument("stranger", []byte(`{"data":{"id":"stranger","type":"customers","meta":{"mode":"live"}}}`))
		e.AddDocument("silent", []byte(`{"data":{"id":"silent","type":"customers"}}`))
		results := readAll(t.Context(), c, append([]string{"stranger", "silent"}, ids...))
		expectAll(t, ids, results[2:])
		for _, r := range results[:2] {
			failure := failureOf(t, r.err, ErrWrongMode)
			expectEqual(t, "the path", failure.Path, customersPath)
			if r.customer != nil {
				t.Error("a customer was handed out beside the error")
			}
		}
		w.expect(t, 1)
	})
}

func TestLastReaderThatGivesUpEndsTheRequest(t *testing.T) {
	for _, n := range []int{1, 3} {
		bubble(t, fmt.Sprint(n), func(t *testing.T) {
			e, w, c := emulated(t, time.Hour)
			ids := addCustomers(e, n)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			start := time.Now()
			for _, r := range readAll(ctx, c, ids) {
				failure := failureOf(t, r.err, ErrTimeout)
				expectEqual(t, "the number of attempts", failure.Attempts, 1)
			}
			closeTo(t, "the time it took", time.Since(start), time.Second, 0)
			synctest.Wait()
			if s := w.expect(t, 1)[0]; s.err == nil {
				t.Error("the request was not canceled")
			}
			expectIdle(t, c)
		})
	}
}

func TestDeadlineInTheQueueSaysRateLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := underLimits(t)
		ids := addCustomers(e, 2)
		fillBurst(t, c)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		for _, r := range readAll(ctx, c, ids) {
			failure := failureOf(t, r.err, ErrRateLimited)
			expectEqual(t, "the number of attempts", failure.Attempts, 0)
			closeTo(t, "the wait it tells", failure.Waited, 5*time.Second, 10*time.Millisecond)
		}
		w.expect(t, testLimits.Burst)
		expectIdle(t, c)
	})
}
