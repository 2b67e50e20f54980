package commercelayer

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestLongWaitsAreAnnouncedWithWhatForAndHowLong(t *testing.T) {
	const refused = "They wait for the rate limit: the API has refused a request."
	slow := func(_ http.ResponseWriter, r *http.Request) { _ = sleep(r.Context(), 8*time.Second) }
	for name, test := range map[string]struct {
		fault emulator.Fault
		want  []string
	}{
		"a full window": {emulator.Fault{}, []string{
			"4 requests have been waiting for up to 5 s. They wait for the rate limit: as many requests as it allows were " +
				"sent from this IP address.",
		}},
		"refusals": {
			emulator.Fault{Times: 3, Answer: emulator.ThrottledWith("30")},
			[]string{"4 requests have been waiting for up to 5 s. " + refused, "for up to 20 s. " + refused},
		},
		"the token endpoint": {
			emulator.Fault{PathPrefix: "/oauth/", Times: 1, Answer: slow, Through: true},
			[]string{"4 requests have been waiting for up to 5 s. They wait for the access token."},
		},
		"the first answer": {emulator.Fault{Times: 3, Answer: slow, Through: true}, []string{
			"3 requests have been waiting for up to 5 s. They wait for an answer of the API.",
			"A request has been waiting for 5 s. It waits for the first answer of this run, which tells the limits.",
		}},
		"nothing for long": {},
	} {
		bubble(t, name, func(t *testing.T) {
			say, said := sentences(t)
			e, _, c := underLimits(t, withCredentials(t), WithAnnouncer(say))
			switch {
			case name == "a full window":
				fillBurst(t, c)
			case test.want != nil:
				e.Inject(test.fault)
			}
			for _, r := range readApart(t.Context(), c, 4) {
				expectKind(t, r.err, ErrNotFound)
			}
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
// The last one takes longer.
func TestShortWaitsWithoutAGapAreNotAnnounced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		say, said := sentences(t)
		e, w, c := emulated(t, 4*time.Second, WithAnnouncer(say))
		e.Inject(emulator.Fault{After: 9, Answer: e.Delay(3 * time.Second), Through: true})
		var group sync.WaitGroup
		for i := range 10 {
			group.Go(func() {
				time.Sleep(time.Duration(i) * 3 * time.Second)
				_, err := c.Customer(t.Context(), fmt.Sprintf("a,%d", i), Selection{})
				expectKind(t, err, ErrNotFound)
			})
		}
		group.Wait()
		w.expect(t, 10)
		expectEqual(t, "the announcements", strings.Join(said(), "\n"),
			"A request has been waiting for 5 s. It waits for an answer of the API.")
	})
}

// A list says how long the limit held its requests in all, and not only for the
// longest time. The client says it of all reads. Waiting for a first answer does
// not count.
func TestTimeThatTheLimitHeldIsTold(t *testing.T) {
	for name, q := range map[string]Query{
		"by ID":   {IDs: numbered("a", 1500)},
		"by page": {Filter: map[string]string{"email_start": "customer"}},
	} {
		bubble(t, name, func(t *testing.T) {
			_, c := clientOf(t, emulator.New(emulator.WithCustomers(1500), emulator.WithLimits()), latency)
			start := time.Now()
			list, _ := listed(t, c, q)
			// Sixty requests: 25 in each of the first two windows of ten seconds.
			if took := time.Since(start); list.Waited < 15*time.Second || list.Waited > took {
				t.Errorf("the wait is %s of %s", list.Waited, took)
			}
			expectEqual(t, "the wait that the client tells", c.Stats().Held, list.Waited)
		})
	}
	bubble(t, "a first answer that is slow", func(t *testing.T) {
		e, _, c := emulated(t, 0)
		ids := addCustomers(e, 60)
		e.Inject(emulator.Fault{Times: 1, Answer: e.Delay(13 * time.Second), Through: true})
		expectAll(t, ids, readAll(t.Context(), c, ids))
		expectEqual(t, "the wait that the client tells", c.Stats().Held, 0)
	})
}
