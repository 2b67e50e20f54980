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

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// lookUpAll looks up all addresses at the same time. Each has a reader of its
// own.
func lookUpAll(ctx context.Context, c *Client, emails ...string) []result {
	results := make([]result, len(emails))
	var group sync.WaitGroup
	for i, email := range emails {
		group.Go(func() { results[i].customer, results[i].err = c.CustomerByEmail(ctx, email, Selection{}) })
	}
	group.Wait()
	return results
}

// withAddresses adds a customer for each address. Their IDs are c0, c1 and so
// on.
func withAddresses(e *emulator.Emulator, emails ...string) {
	for i, email := range emails {
		e.AddCustomer(emulator.Customer{ID: fmt.Sprint("c", i), Email: email})
	}
}

// expectFound fails unless each result is the customer with that ID, or an
// error of that class.
func expectFound(t *testing.T, results []result, want ...any) {
	t.Helper()
	for i, r := range results {
		switch want := want[i].(type) {
		case string:
			if r.err != nil || r.customer.ID != want {
				t.Errorf("look-up %d: got %v, %v, want %s", i, r.customer, r.err, want)
			}
		case Class:
			expectKind(t, r.err, want)
		}
	}
}

func TestLookUpsByIDAndByEmailAreGroupsOfTheirOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency)
		ids := addCustomers(e, 4)
		var group sync.WaitGroup
		group.Go(func() { expectAll(t, ids[:2], readAll(t.Context(), c, ids[:2])) })
		group.Go(func() {
			expectFound(t, lookUpAll(t.Context(), c, ids[2]+"@example.com", ids[3]+"@example.com"), ids[2], ids[3])
		})
		group.Wait()
		w.expect(t, 2)
	})
}

func TestAddressesAreMatchedInTheirOwnCaseFirst(t *testing.T) {
	for name, insensitive := range map[string]bool{"by an API that tells case": false, "by an API that does not": true} {
		bubble(t, name, func(t *testing.T) {
			var options []emulator.Option
			if insensitive {
				options = append(options, emulator.WithRefuted(emulator.AssumeEmailEqCase, emulator.AssumeEmailInCase))
			}
			e := emulator.New(options...)
			w := &wire{handler: e, latency: latency}
			c := newClient(t, w)
			withAddresses(e, "Zoe@example.com", "zoe@example.com", "Bob@example.com")
			expectFound(t, lookUpAll(t.Context(), c, "zoe@example.com", "Zoe@example.com"), "c1", "c0")
			bob := any(ErrNotFound)
			if insensitive {
				bob = "c2"
			}
			// The result does not depend on what else is in the request.
			expectFound(t, lookUpAll(t.Context(), c, "bob@example.com"), bob)
			expectFound(t, lookUpAll(t.Context(), c, "bob@example.com", "Bob@example.com"), bob, "c2")
			expectFound(t, lookUpAll(t.Context(), c, "bob@example.com", "zoe@example.com"), bob, "c1")
		})
	}
}

func TestSeveralCustomersOfOneAddressDoNotCostTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency)
		withAddresses(e, "zoe@example.com", "twin@example.com", "twin@example.com", "twin@example.com")
		results := lookUpAll(t.Context(), c, "zoe@example.com", "twin@example.com", "nobody@example.com")
		expectFound(t, results, "c0", ErrAmbiguous, ErrNotFound)
		if ids := failureOf(t, results[1].err, ErrAmbiguous).IDs; !slices.Equal(ids, []string{"c1", "c2", "c3"}) {
			t.Errorf("the IDs are %v", ids)
		}
		w.expect(t, 3)
	})
}

// The race detector fails this test if the readers share the list of IDs.
func TestReadersOfOneAddressHaveErrorsOfTheirOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency)
		withAddresses(e, "twin@example.com", "twin@example.com")
		results := lookUpAll(t.Context(), c, slices.Repeat([]string{"twin@example.com"}, 10)...)
		for _, r := range results {
			failure := failureOf(t, r.err, ErrAmbiguous)
			expectEqual(t, "the IDs", strings.Join(failure.IDs, " "), "c0 c1")
		}
		w.expect(t, 1)
	})
}

// If more customers match than fit on a page, the addresses in doubt are asked
// for alone.
func TestPageThatIsTooSmallForAllMatchesAnswersTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency)
		withAddresses(e, slices.Concat(slices.Repeat([]string{"twin@example.com"}, 30), []string{"zoe@example.com"})...)
		results := lookUpAll(t.Context(), c, "zoe@example.com", "twin@example.com", "nobody@example.com")
		expectFound(t, results, "c30", ErrAmbiguous, ErrNotFound)
		w.expect(t, 4)
	})
}

// If the API refuses or ignores email_in, addresses are looked up alone. The
// results stay right.
func TestListsByEmailThatDoNotWorkCostSingleLookUps(t *testing.T) {
	for name, fault := range map[string]emulator.Fault{
		"refused":  {Match: byEmailIn, Answer: emulator.Status(400)},
		"ignored":  {Match: byEmailIn, Through: true, Answer: dropFilter("email_in")},
		"stranger": {Match: byEmailIn, Answer: emulator.Body(200, "", `{"data":[{"id":"x","type":"customers","attributes":{"email":"x@example.com"}}],"meta":{"record_count":1}}`)},
	} {
		bubble(t, name, func(t *testing.T) {
			notice, notices := noticed(t)
			e, w, c := emulated(t, latency, notice)
			withAddresses(e, "zoe@example.com", "bob@example.com")
			e.Inject(fault)
			expectFound(t, lookUpAll(t.Context(), c, "zoe@example.com", "nobody@example.com", "bob@example.com"), "c0", ErrNotFound, "c1")
			w.expect(t, 4)
			// From then on each address is looked up alone.
			expectFound(t, lookUpAll(t.Context(), c, "zoe@example.com", "bob@example.com"), "c0", "c1")
			w.expect(t, 6)
			expectEqual(t, "the number of notices", notices.Load(), 1)
		})
	}
}

func byEmailIn(r *http.Request) bool { return r.URL.Query().Has("filter[q][email_in]") }

// dropFilter answers as if the request had no such filter.
func dropFilter(predicate string) emulator.Answer {
	return func(_ http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		query.Del(filterKey(predicate))
		r.URL.RawQuery = query.Encode()
	}
}

func TestAddressIsCheckedAlsoWhenItIsNotAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency)
		withAddresses(e, "zoe@example.com", "bob@example.com")
		var group sync.WaitGroup
		for i, email := range []string{"zoe@example.com", "bob@example.com"} {
			group.Go(func() {
				customer, err := c.CustomerByEmail(t.Context(), email, Selection{Fields: []string{"status"}})
				if err != nil || customer.ID != fmt.Sprint("c", i) || customer.Email != nil || customer.Status == nil {
					t.Errorf("got %+v, %v", customer, err)
				}
			})
		}
		group.Wait()
		expectEqual(t, "the fields", w.expect(t, 1)[0].query.Get("fields[customers]"), "status,email")
	})
}
