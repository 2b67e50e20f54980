package commercelayer

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestIDsAreAskedForInChunks(t *testing.T) {
	for n, requests := range map[int]int{1: 1, 25: 1, 26: 2, 100: 4, 240: 10} {
		bubble(t, fmt.Sprint(n), func(t *testing.T) {
			_, w, c, ids := populated(t, max(n, 3))
			ids = ids[:n]
			slices.Reverse(ids)
			list, got := listed(t, c, Query{IDs: ids})
			expectIDs(t, got, ids)
			expectEqual(t, "the total", list.Total, n)
			for _, s := range w.expect(t, requests) {
				if k := strings.Count(s.filter("id_in"), ",") + 1; k > MaxPageSize {
					t.Errorf("%d IDs were asked for at once", k)
				}
			}
		})
	}
}

func TestDoubledKeysCostNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c, _ := populated(t, 3)
		ids := addCustomers(e, 20)
		list, got := listed(t, c, Query{IDs: slices.Concat(ids, ids, ids[:1])})
		expectIDs(t, got, ids)
		expectEqual(t, "the total", list.Total, 20)
		w.expect(t, 1)
	})
}

func TestLimitOfKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, _, c, ids := populated(t, 60)
		list, got := listed(t, c, Query{IDs: ids, Limit: 7})
		expectIDs(t, got, ids[:7])
		expectEqual(t, "the total", list.Total, 60)
	})
}

func TestKeysAndFiltersGoTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c, _ := populated(t, 3)
		ids := addCustomers(e, 5)
		_, got := listed(t, c, Query{IDs: ids, Filter: map[string]string{"email_start": "customer03"}})
		expectIDs(t, got, ids[2:3])
		w.expect(t, 1)
	})
}

// The list would overwrite the filter of the same name.
func TestFilterThatTheKeysWouldReplaceIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, w, c, ids := populated(t, 3)
		_, err := collect(c.Customers(Query{IDs: ids, Filter: map[string]string{"id_in": ids[0]}}).Pages(t.Context()))
		expectKind(t, err, ErrBadRequest)
		_, err = collect(c.Customers(Query{IDs: ids, Filter: map[string]string{"id_in": "b"}, Count: true}).Pages(t.Context()))
		expectKind(t, err, ErrBadRequest)
		_, err = collect(c.Customers(Query{Emails: []string{"a@b"}, Filter: map[string]string{"email_in": "c@d"}}).Pages(t.Context()))
		expectKind(t, err, ErrBadRequest)
		w.expect(t, 0)
	})
}

func TestRequestLinesAreBounded(t *testing.T) {
	long := func(n, length int) []string {
		emails := make([]string, n)
		for i := range emails {
			emails[i] = fmt.Sprintf("%s%03d@example.com", strings.Repeat("ü", length), i)
		}
		return emails
	}
	tests := map[string]Query{
		"long addresses":    {Emails: long(60, 50)},
		"longer addresses":  {Emails: long(30, 300)},
		"with a filter":     {Emails: long(30, 20), Filter: map[string]string{"metadata_jcont": strings.Repeat("{}&", 400)}},
		"with many include": {IDs: numbered("customer", 60), Selection: Selection{Include: numbered("relationship_number_", 60)}},
	}
	for name, q := range tests {
		bubble(t, name, func(t *testing.T) {
			var mu sync.Mutex
			longest, keys := 0, 0
			w := &wire{handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				mu.Lock()
				defer mu.Unlock()
				longest = max(longest, len(r.Method+" "+r.RequestURI+" HTTP/1.1\r\n"))
				for _, name := range []string{"email_in", "id_in"} {
					if list := r.URL.Query().Get(filterKey(name)); list != "" {
						keys += strings.Count(list, ",") + 1
					}
				}
				respond(200, "", `{"data":[]}`)(rw, r)
			})}
			listed(t, newClient(t, w), q)
			if longest > maxRequestLine {
				t.Errorf("a request line has %d bytes", longest)
			}
			expectEqual(t, "the number of keys asked for", keys, len(q.IDs)+len(q.Emails))
		})
	}
}

// A list of keys may have any length. MaxUnlimited bounds only lists whose
// length the user can't know.
func TestMoreKeysThanAListMayHaveAreRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ids := numbered("c", MaxUnlimited+1)
		w := &wire{handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			var list []string
			for id := range strings.SplitSeq(r.URL.Query().Get(filterKey("id_in")), ",") {
				list = append(list, customerJSON(id, id+"@example.com", "repeat"))
			}
			respond(200, "", listJSON(len(list), list...))(rw, r)
		})}
		list, got := listed(t, newClient(t, w), Query{IDs: ids})
		expectIDs(t, got, ids)
		expectEqual(t, "the total", list.Total, MaxUnlimited+1)
		w.expect(t, MaxUnlimited/MaxPageSize+1)
	})
}

// A filter can't be split into several requests, as a list of keys can.
func TestFilterThatNoServerTakesIsNotSent(t *testing.T) {
	long := map[string]string{"email_in": strings.Repeat("someone@example.com,", 400) + "ada@example.com"}
	for name, q := range map[string]Query{
		"by ID":      {Filter: long},
		"by page":    {Filter: long, Sort: []string{"email"}},
		"a count":    {Filter: long, Count: true},
		"with IDs":   {Filter: long, IDs: []string{emulator.FullCustomerID}},
		"IDs' count": {Filter: long, IDs: []string{emulator.FullCustomerID}, Count: true},
	} {
		bubble(t, name, func(t *testing.T) {
			_, w, c, _ := populated(t, 3)
			_, err := collect(c.Customers(q).Pages(t.Context()))
			failure := failureOf(t, err, ErrBadRequest)
			expectEqual(t, "whether it is too long", failure.TooLong(), true)
			if failure.Length <= maxFilterLine || !strings.Contains(failure.Reason, fmt.Sprint(failure.Length)) {
				t.Errorf("the length is %d, and the reason %q", failure.Length, failure.Reason)
			}
			w.expect(t, 0)
		})
	}
}

func TestFilterOfRelatedResourcesThatNoServerTakesIsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, w, c, ids := populated(t, 3)
		for _, relationship := range []string{"orders", "customer_group"} {
			_, err := collect(c.Related(RelatedQuery{CustomerID: ids[2], Relationship: relationship, Filter: map[string]string{
				"number_in": strings.Repeat("1001,", 2000) + "1002",
			}}).Pages(t.Context()))
			expectEqual(t, "whether it is too long", failureOf(t, err, ErrBadRequest).TooLong(), true)
		}
		w.expect(t, 0)
	})
}

// A 414 comes from a server in front of the API, with an HTML page. It does not
// mean that a firewall blocks the request.
func TestRefusalForItsLengthIsToldByItsStatus(t *testing.T) {
	for _, status := range []int{http.StatusRequestURITooLong, http.StatusRequestHeaderFieldsTooLarge} {
		synctest.Test(t, func(t *testing.T) {
			c := newClient(t, &wire{handler: respond(status, "text/html", "<title>Too long</title>")})
			_, err := collect(c.Customers(Query{}).Pages(t.Context()))
			expectEqual(t, "whether it is too long", failureOf(t, err, ErrBadRequest).TooLong(), true)
		})
	}
}

// A key that is too long for the bound gets a request of its own, which the API
// may accept.
func TestKeyThatIsTooLongGoesAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := pages(`{"data":[]}`)
		emails := []string{"a@example.com", strings.Repeat("x", 2*maxRequestLine) + "@example.com", "b@example.com"}
		listed(t, newClient(t, w), Query{Emails: emails})
		w.expect(t, 3)
	})
}

func TestEmailsAreMatchedWithoutCase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := pages(listDocument(2, false, "ann", "bob"))
		_, got := listed(t, newClient(t, w), Query{Emails: []string{"Bob@Example.com", "ANN@example.com", "bob@example.com"}})
		expectIDs(t, got, []string{"ann", "bob"})
		expectEqual(t, "what was asked for", w.expect(t, 1)[0].filter("email_in"), "Bob@Example.com,ANN@example.com,bob@example.com")
	})
}

// It is not documented that only one customer can have an address.
func TestEmailOfSeveralCustomersGivesAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c, _ := populated(t, 3)
		for i := range 30 {
			e.AddCustomer(emulator.Customer{ID: fmt.Sprint("twin", i), Email: "twin@example.com"})
		}
		list, got := listed(t, c, Query{Emails: []string{"twin@example.com", emulator.FullCustomerEmail}})
		expectIDs(t, got, append(numbered("twin", 30), emulator.FullCustomerID))
		expectEqual(t, "the total", list.Total, 31)
		w.expect(t, 2)
	})
}

func TestStrangersAmongTheKeysAreAnError(t *testing.T) {
	for name, q := range map[string]Query{"IDs": {IDs: []string{"one"}}, "emails": {Emails: []string{"one@example.com"}}} {
		bubble(t, name, func(t *testing.T) {
			w := pages(listDocument(2, false, "one", "stranger"))
			_, err := collect(newClient(t, w).Customers(q).Pages(t.Context()))
			expectSecretless(t, failureOf(t, err, ErrFilterIgnored), "stranger")
		})
	}
}

func TestOneFailureEndsAllChunks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c, _ := populated(t, 3)
		e.Inject(emulator.Fault{After: 2, Answer: emulator.Status(400)})
		_, err := collect(c.Customers(Query{IDs: numbered("customer", 1000)}).Pages(t.Context()))
		failure := failureOf(t, err, ErrBadRequest)
		expectEqual(t, "the status", failure.Status, 400)
		if n := len(w.requests()); n > 2+2*chunksAtOnce {
			t.Errorf("%d requests were sent after the first failed", n-2)
		}
	})
}

func TestCancellationEndsAllChunks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{handler: emulator.New(), latency: time.Minute}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		c := newClient(t, w, WithRequestTimeout(time.Hour))
		_, err := collect(c.Customers(Query{IDs: numbered("customer", 100)}).Pages(ctx))
		expectKind(t, err, ErrTimeout)
		synctest.Wait()
		for _, s := range w.requests() {
			if s.err == nil {
				t.Error("a request was not canceled")
			}
		}
		expectIdle(t, c)
	})
}
