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

func TestKeysAreAskedForInChunks(t *testing.T) {
	for name, test := range map[string]struct {
		n        int // how many keys, in the order that is not the API's
		repeated int // how often each key is named
		query    Query
		total    int
		requests int
	}{
		"a page":        {25, 1, Query{}, 25, 1},
		"more":          {26, 1, Query{}, 26, 2},
		"repeated":      {20, 3, Query{}, 20, 1},
		"with a limit":  {60, 1, Query{Limit: 7}, 60, 3},
		"with a filter": {20, 1, Query{Filter: map[string]string{"email_start": "customer"}}, 20, 1},
		// One control of the filter is enough for all chunks.
		"with one that can't be compared": {60, 1, Query{Filter: map[string]string{"created_at_gt": "2000-01-01"}}, 60, 4},
	} {
		bubble(t, name, func(t *testing.T) {
			_, w, c, ids := populated(t, test.n+2)
			ids = ids[2:]
			slices.Reverse(ids)
			test.query.IDs = slices.Repeat(ids, test.repeated)
			list, got := listed(t, c, test.query)
			if test.query.Limit > 0 {
				ids = ids[:test.query.Limit]
			}
			expectEqual(t, "the IDs", got, ids)
			expectEqual(t, "the total", list.Total, test.total)
			for _, s := range w.expect(t, test.requests) {
				if k := strings.Count(s.filter("id_in"), ",") + 1; k > MaxPageSize {
					t.Errorf("%d IDs were asked for at once", k)
				}
				expectEqual(t, "the filter", s.filter("email_start"), test.query.Filter["email_start"])
			}
		})
	}
}

// The list would overwrite the filter of the same name.
func TestFilterThatTheKeysWouldReplaceIsRefused(t *testing.T) {
	_, w, c := emulated(t, 0)
	for _, q := range []Query{
		{IDs: []string{"a"}, Filter: map[string]string{"id_in": "b"}},
		{IDs: []string{"a"}, Filter: map[string]string{"id_in": "b"}, Count: true},
		{Emails: []string{"a@b"}, Filter: map[string]string{"email_in": "c@d"}},
	} {
		_, err := collect(c.Customers(q).Pages(t.Context()))
		expectKind(t, err, ErrBadRequest)
	}
	w.expect(t, 0)
}

// A key that is too long for the bound gets a request of its own, which the API
// may accept.
func TestRequestLinesOfKeysAreBounded(t *testing.T) {
	long := func(n, length int) []string {
		emails := make([]string, n)
		for i := range emails {
			emails[i] = fmt.Sprintf("%s%03d@example.com", strings.Repeat("ü", length), i)
		}
		return emails
	}
	for name, q := range map[string]Query{
		"long addresses":   {Emails: long(60, 50)},
		"longer addresses": {Emails: long(30, 300)},
		"one by one":       {Emails: long(3, maxRequestLine)},
		"with a filter":    {Emails: long(30, 20), Filter: map[string]string{"metadata_jcont": strings.Repeat("{}&", 400)}},
		"with many include": {
			IDs: numbered("customer", 60), Selection: Selection{Include: numbered("relationship_number_", 60)},
		},
	} {
		bubble(t, name, func(t *testing.T) {
			var mu sync.Mutex
			longest, keys := 0, 0
			w, c := clientOf(t, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				mu.Lock()
				defer mu.Unlock()
				longest = max(longest, len(r.Method+" "+r.RequestURI+" HTTP/1.1\r\n"))
				list := r.URL.Query().Get(filterKey("email_in")) + r.URL.Query().Get(filterKey("id_in"))
				keys += len(strings.Split(list, ","))
				respond(200, "", `{"data":[]}`)(rw, r)
			}), 0)
			listed(t, c, q)
			expectEqual(t, "the number of keys asked for", keys, len(q.IDs)+len(q.Emails))
			if name == "one by one" {
				w.expect(t, 3)
			} else if longest > maxRequestLine {
				t.Errorf("a request line has %d bytes", longest)
			}
		})
	}
}

// A list of keys may have any length. MaxUnlimited bounds only lists whose
// length the user can't know.
func TestMoreKeysThanAListMayHaveAreRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ids := numbered("c", MaxUnlimited+1)
		w, c := clientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked := strings.Split(r.URL.Query().Get(filterKey("id_in")), ",")
			respond(200, "", listDocument(len(asked), false, asked...))(w, r)
		}), 0)
		list, got := listed(t, c, Query{IDs: ids})
		expectEqual(t, "the IDs", got, ids)
		expectEqual(t, "the total", list.Total, MaxUnlimited+1)
		w.expect(t, MaxUnlimited/MaxPageSize+1)
	})
}

// An API may ignore the case of addresses. A count knows no IDs by which the same
// customer in two answers would be recognized.
func TestACustomerIsCountedOnceHoweverOftenHisAddressIsWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := emulator.New(emulator.WithRefuted("email-in-case"))
		w, c := clientOf(t, e, 0)
		emails := numbered("nobody@example.com", 60)
		for _, i := range []int{0, 25, 59} {
			emails[i] = []string{"john@example.com", "John@example.com", "JOHN@example.com"}[i/25]
		}
		list, _ := listed(t, c, Query{Emails: emails, Count: true})
		expectEqual(t, "the total", list.Total, 1)
		w.expect(t, 3)
	})
}

func TestWhatIsFoundInAChunkIsToldOfTheWholeResult(t *testing.T) {
	for name, test := range map[string]struct {
		last, want string
	}{
		"incomplete": {listDocument(5, false, "c25", "c26", "c27", "c28"), "29 of 29, incomplete 29/30"},
		"included": {
			strings.TrimSuffix(listDocument(5, false, "c25", "c26", "c27", "c28", "c29"), "}") + `,"included":[]}`, "30 of 30",
		},
	} {
		bubble(t, name, func(t *testing.T) {
			first, all := listDocument(25, false, numbered("c", 25)...), numbered("c", 30)
			_, c := clientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch asked := r.URL.Query().Get(filterKey("id_in")); {
				case strings.HasPrefix(asked, "c0,"):
					respond(200, "", first)(w, r)
				case strings.HasPrefix(asked, "c25,"):
					respond(200, "", test.last)(w, r)
				default:
					respond(404, "", `{"errors":[{"code":"RECORD_NOT_FOUND","status":"404"}]}`)(w, r)
				}
			}), 0)
			query := Query{IDs: all}
			if name == "included" {
				query.Include = []string{"customer_group"}
			}
			expectEqual(t, "the outcome", outcomeOf(t, c, query), test.want)
		})
	}
}

func TestAddressesInAnotherCaseAreReadAsTheyAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := emulator.New(emulator.WithRefuted("email-in-case"))
		withAddresses(e, "ZOE@example.com", "zoe@example.com")
		_, c := clientOf(t, e, 0)
		emails := []string{"zoe@example.com"}
		expectEqual(t, "the outcome", outcomeOf(t, c, Query{Emails: emails}), "2 of 2")
		expectEqual(t, "the outcome", outcomeOf(t, c, Query{Emails: emails, Count: true}), "0 of 2")
	})
}

// A chunk in which nothing is in doubt does not ask about the filter.
func TestFilterIsAskedAboutByTheFirstChunkThatIsInDoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := crookedAPI{Emulator: emulator.New(), ignored: []string{filterKey("total_orders_count_gt")}}
		_, c := clientOf(t, api, 0)
		query := Query{IDs: append(numbered("nobody", 25), api.CustomerIDs()...)}
		query.Filter = map[string]string{"total_orders_count_gt": "999"}
		expectEqual(t, "the outcome", outcomeOf(t, c, query), "filter ignored")
	})
}

func TestOneFailureEndsAllChunks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, 0)
		e.Inject(emulator.Fault{After: 2, Answer: emulator.Status(400)})
		_, err := collect(c.Customers(Query{IDs: numbered("customer", 1000)}).Pages(t.Context()))
		expectEqual(t, "the status", failureOf(t, err, ErrBadRequest).Status, 400)
		if n := len(w.requests()); n > 2+2*chunksAtOnce {
			t.Errorf("%d requests were sent after the first failed", n-2)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		_, w, c := emulated(t, time.Minute, WithRequestTimeout(time.Hour))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
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

// Each chunk may be right by itself.
func TestChunksOfTwoOrganizationsAreNoResult(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, c := clientOf(t, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			id, _, _ := strings.Cut(r.URL.Query().Get(filterKey("id_in")), ",")
			one := strings.Replace(customerJSON(id, id+"@example.com", "x"), "{", `{"meta":{"organization_id":"`+id+`"},`, 1)
			respond(200, "", listJSON(1, one))(rw, r)
		}), 0)
		_, err := collect(c.Customers(Query{IDs: numbered("a", MaxPageSize+1)}).Pages(t.Context()))
		failure := failureOf(t, err, ErrMismatch)
		expectEqual(t, "the request", failure.Host+failure.Path, "yourdomain.commercelayer.io"+customersPath)
		w.expect(t, 2)
	})
}
