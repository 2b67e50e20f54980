package commercelayer

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// withAddresses adds a customer for each address. Their IDs are c0, c1 and so
// on.
func withAddresses(e *emulator.Emulator, emails ...string) {
	for i, email := range emails {
		e.AddCustomer(emulator.Customer{ID: fmt.Sprint("c", i), Email: email})
	}
}

func TestLoneReadIsOneRequest(t *testing.T) {
	include := Selection{Include: []string{"customer_group", "tags"}}
	synctest.Test(t, func(t *testing.T) {
		_, w, c := emulated(t, latency)
		start := time.Now()
		expectSeed(t, c)
		if added := time.Since(start) - latency; added > 20*time.Millisecond {
			t.Errorf("%s were added to the latency of the API", added)
		}
		customer, err := c.CustomerByEmail(t.Context(), emulator.FullCustomerEmail, include)
		if err != nil {
			t.Fatal(err)
		}
		expectEqual(t, "the ID", customer.ID, emulator.FullCustomerID)
		expectEqual(t, "the number of resources included", len(customer.Included), 3)
		if tag := string(customer.Included[1].Attributes); !strings.Contains(tag, `"name":`) {
			t.Errorf("the attributes of an included resource are %s", tag)
		}
		expectEqual(t, "the requests", w.asked(), "/xYZkjABcde "+
			"?filter[q][email_eq]=ada@example.com&include=customer_group,tags&page[size]=25&sort=id")
	})
}

// Each ID has two readers, but is asked for once.
func TestReadsThatComeTogetherTravelTogether(t *testing.T) {
	for n, want := range map[int]int{1: 1, 2: 1, 25: 1, 26: 2, 60: 3} {
		bubble(t, fmt.Sprint(n), func(t *testing.T) {
			e, w, c := emulated(t, latency)
			ids := addCustomers(e, n)
			twice := slices.Concat(ids, ids)
			expectAll(t, twice, readAll(t.Context(), c, twice))
			expectEqual(t, "the number of reads counted", c.Stats().Reads, 2*n)
			var asked []string
			for _, s := range w.expect(t, want) {
				if s.path != customersPath {
					asked = append(asked, strings.TrimPrefix(s.path, customersPath+"/"))
					continue
				}
				expectEqual(t, "page[size]", s.query.Get("page[size]"), "25")
				expectEqual(t, "sort", s.query.Get("sort"), "id")
				expectEqual(t, "the number of parameters", len(s.query), 3)
				asked = append(asked, strings.Split(s.filter("id_in"), ",")...)
			}
			slices.Sort(asked)
			expectEqual(t, "the IDs", asked, ids)
		})
	}
}

// While a group waits for the rate limit, readers can still join it.
func TestReadersJoinABatchThatWaitsForTheRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := underLimits(t)
		ids := addCustomers(e, 20)
		fillBurst(t, c)
		var group sync.WaitGroup
		for _, id := range ids {
			time.Sleep(200 * time.Millisecond)
			group.Go(func() { expectAll(t, []string{id}, readAll(t.Context(), c, []string{id})) })
		}
		group.Wait()
		w.expect(t, testLimits.Burst+1)
		closeTo(t, "the time that was held", c.Stats().Held, 8560*time.Millisecond, 100*time.Millisecond)
	})
}

// Readers share a request if they look up the same kind of key and want the
// same parts, in whatever order they name them.
func TestReadersOfDifferentPartsDoNotMix(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency)
		selections := []Selection{
			{}, {Include: []string{"customer_group"}}, {Include: []string{"customer_group", "tags", "tags"}},
			{Fields: []string{"status"}}, {Fields: []string{"status", "email"}}, {Fields: []string{"email", "status"}},
		}
		ids := addCustomers(e, 2*len(selections)+2)
		results := together(ids, func(id string) (*Customer, error) {
			i := slices.Index(ids, id) / 2
			if i == len(selections) {
				return c.CustomerByEmail(t.Context(), id+"@example.com", Selection{})
			}
			return c.Customer(t.Context(), id, selections[i])
		})
		expectAll(t, ids, results)
		for i, wanted := range selections {
			customer := results[2*i].customer
			included := customer.Relationships["customer_group"].Data != nil
			expectEqual(t, "whether the group is included", included, wanted.Include != nil)
			expectEqual(t, "whether there is a time", customer.CreatedAt != nil, wanted.Fields == nil)
		}
		w.expect(t, len(selections))
	})
}

func TestIDsThatCannotShareARequestGoAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency)
		ids := addCustomers(e, 2)
		odd := []string{"a,b", "a b", "ä", "a%2Fb", "a/b", "a?b#c", "john@example.com", strings.Repeat("x", 65)}
		results := readAll(t.Context(), c, append(odd, ids...))
		expectAll(t, ids, results[len(odd):])
		w.expect(t, len(odd)+1)
		for i, id := range odd {
			expectSecretless(t, failureOf(t, results[i].err, ErrNotFound), "john@")
			expectEqual(t, "the requests for "+id, w.paths()["GET "+customersPath+"/"+url.PathEscape(id)], 1)
		}
	})
}

// What a shared answer does not certainly hold is asked for alone, and is the
// error of its own reader.
func TestOneReaderDoesNotCostTheOthers(t *testing.T) {
	for name, test := range map[string]struct {
		document string // of the customer "odd"
		class    Class
		path     string
		requests int
	}{
		"not there":         {"", ErrNotFound, customerPath("odd"), 2},
		"unreadable":        {`"meta":{"mode":"test"},"attributes":{"email":12}`, ErrMalformed, customerPath("odd"), 2},
		"of the other mode": {`"meta":{"mode":"live"}`, ErrWrongMode, customersPath, 1},
		"of no mode":        {`"meta":{}`, ErrWrongMode, customersPath, 1},
	} {
		bubble(t, name, func(t *testing.T) {
			e, w, c := emulated(t, latency, WithMode(ModeTest))
			ids := addCustomers(e, 4)
			if test.document != "" {
				e.AddDocument("odd", []byte(`{"data":{"id":"odd","type":"customers",`+test.document+`}}`))
			}
			results := readAll(t.Context(), c, append([]string{"odd"}, ids...))
			expectAll(t, ids, results[1:])
			expectEqual(t, "the path", failureOf(t, results[0].err, test.class).Path, test.path)
			if results[0].customer != nil {
				t.Error("a customer was handed out beside the error")
			}
			w.expect(t, test.requests)
			expectIdle(t, c)
		})
	}
}

// An answer to one address may be a part of the list, and hold others.
func TestLookUpByAddressIsOneCustomerOrAnError(t *testing.T) {
	const john = "john@example.com"
	one, other := customerJSON("one", john, "repeat"), customerJSON("other", john, "repeat")
	live := strings.Replace(one, "{", `{"meta":{"mode":"live"},`, 1)
	leading := strings.Replace(one, "{", `{"meta":{"mode":"test"},"relationships":{"r":{"data":{"type":"t","id":"b"}}},`, 1)
	next := func(customers ...string) string {
		return strings.Replace(listJSON(-1, customers...), `"meta":{"record_count":-1}`, `"links":{"next":"https://x"}`, 1)
	}
	first := func(customer string) string { return `{"data":[` + customer + `]}` }
	for name, test := range map[string]struct {
		answers string // in turn, with blanks in between
		guard   string // the mode
		want    any
	}{
		"the only one":                   {listJSON(1, one), "", "one"},
		"no count":                       {first(one) + " " + first(""), "", "one"},
		"the same one twice":             {listJSON(2, one, one), "", "one"},
		"a next link, and nobody":        {next(one) + " " + first(""), "", "one"},
		"a next link, and another one":   {next(one) + " " + first(other), "", ErrAmbiguous},
		"two":                            {listJSON(2, one, other), "", ErrAmbiguous},
		"the count tells of another one": {listJSON(2, one), "", ErrAmbiguous},
		"a count, and nobody":            {listJSON(1), "", ErrMalformed},
		"nobody":                         {listJSON(0), "", ErrNotFound},
		"another address":                {listJSON(1, customerJSON("one", "ann@example.com", "x")), "", ErrFilterIgnored},
		"no address":                     {first(`{"id":"one","type":"customers"}`), "", ErrMalformed},
		"another type":                   {first(`{"id":"one","type":"orders"}`), "", ErrMismatch},
		"unreadable":                     {first(strings.Replace(one, `"`+john+`"`, "7", 1)), "", ErrMalformed},
		"a single one":                   {`{"data":` + one + `}`, "", ErrMalformed},
		"the other mode":                 {first(live), ModeTest, ErrWrongMode},
		"no mode":                        {first(one), ModeTest, ErrWrongMode},
		"the other mode, included": {
			`{"data":[` + leading + `],"included":[{"type":"t","id":"b","meta":{"mode":"live"}}]}`, ModeTest, ErrWrongMode,
		},
		"no mode, included": {`{"data":[` + leading + `],"included":[{"type":"t","id":"b"}]}`, ModeTest, "one"},
	} {
		bubble(t, name, func(t *testing.T) {
			w := pages(strings.Split(test.answers, " ")...)
			results := lookUpAll(t.Context(), newClient(t, w, WithMode(test.guard)), john)
			expectFound(t, results, test.want)
			class, fails := test.want.(Class)
			if !fails {
				return
			}
			failure := failureOf(t, results[0].err, class)
			expectEqual(t, "the request", failure.Method+" "+failure.Path, "GET /api/customers")
			expectEqual(t, "the status", failure.Status, http.StatusOK)
			expectSecretless(t, failure, "ann@", "john@")
		})
	}
}

// Neither another customer is handed on, nor one whose mode is not known.
func TestModeIsGuarded(t *testing.T) {
	e, w, _ := emulated(t, 0)
	c := newClient(t, w, WithToken(e.IssueToken(emulator.TokenOptions{Live: true})), WithMode(ModeTest))
	expectEqual(t, "the mode of the token", failureOf(t, readSeed(t, c), ErrWrongMode).Token.Mode, ModeLive)
	_, err := collect(c.Customers(Query{}).Pages(t.Context()))
	expectKind(t, err, ErrWrongMode)
	w.expect(t, 0)
	// If the token is no JWT, only the answers tell the mode.
	c = newClient(t, w, WithMode(ModeLive))
	expectKind(t, readSeed(t, c), ErrWrongMode)
	_, err = collect(c.Customers(Query{}).Pages(t.Context()))
	expectKind(t, err, ErrWrongMode)
	_, err = follow(t, c, RelatedQuery{CustomerID: emulator.FullCustomerID, Relationship: "orders"})
	expectKind(t, err, ErrWrongMode)
	w.expect(t, 3)
}

func TestLimitsFollowTheMode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := emulator.New()
		for _, test := range []struct {
			option Option
			want   int
		}{
			{WithToken(e.IssueToken(emulator.TokenOptions{})), testLimits.Burst},
			{WithToken(e.IssueToken(emulator.TokenOptions{Live: true})), liveLimits.Burst},
			{WithMode(ModeLive), liveLimits.Burst}, // with a token that is no JWT
		} {
			w := &wire{handler: respond(400, "", "")} // without rate limit headers
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			readApart(ctx, newClient(t, w, test.option), 2*liveLimits.Burst)
			cancel()
			w.expect(t, test.want)
		}
	})
}

func TestTokenTellsTheDomain(t *testing.T) {
	var hosts []string
	e := emulator.New(emulator.WithOrganization("acme", "o"))
	e.OnRequest(func(r *http.Request) { hosts = append(hosts, r.Host) })
	w := &wire{handler: e}
	issued := WithToken(e.IssueToken(emulator.TokenOptions{Issuer: "https://auth.commercelayer.co"}))
	expectSeed(t, newClient(t, w, WithDomain(nil), issued))
	expectEqual(t, "the host", strings.Join(hosts, " "), "acme.commercelayer.co")
	w.reset()
	failure := failureOf(t, readSeed(t, newClient(t, w, WithDomain(nil))), ErrDomainUnknown)
	expectEqual(t, "the path of a request that was not made", failure.Path, "")
	w.expect(t, 0)
}

func TestAddressesAreMatchedInTheirOwnCaseFirst(t *testing.T) {
	for name, test := range map[string]struct {
		refuted []string
		bob     any
	}{
		"by an API that tells case":    {nil, ErrNotFound},
		"by an API that does not":      {[]string{emulator.AssumeEmailEqCase, emulator.AssumeEmailInCase}, "c2"},
		"by one that does not, of one": {[]string{emulator.AssumeEmailEqCase}, "c2"},
	} {
		bubble(t, name, func(t *testing.T) {
			e := emulator.New(emulator.WithRefuted(test.refuted...))
			_, c := clientOf(t, e, latency)
			withAddresses(e, "Zoe@example.com", "zoe@example.com", "Bob@example.com", "jürgen+a&b=c%25@example.com")
			expectFound(t, lookUpAll(t.Context(), c, "zoe@example.com", "Zoe@example.com"), "c1", "c0")
			expectFound(t, lookUpAll(t.Context(), c, "jürgen+a&b=c%25@example.com"), "c3")
			// The result does not depend on what else is in the request.
			expectFound(t, lookUpAll(t.Context(), c, "bob@example.com"), test.bob)
			expectFound(t, lookUpAll(t.Context(), c, "bob@example.com", "Bob@example.com"), test.bob, "c2")
			expectFound(t, lookUpAll(t.Context(), c, "bob@example.com", "zoe@example.com"), test.bob, "c1")
		})
	}
}

// More customers may have an address than a page has. The addresses in doubt
// are then asked for alone. The race detector fails this test if readers of one
// address share the list of IDs.
func TestSeveralCustomersOfOneAddressDoNotCostTheOthers(t *testing.T) {
	for twins, requests := range map[int]int{2: 3, 30: 4} {
		bubble(t, fmt.Sprint(twins), func(t *testing.T) {
			e, w, c := emulated(t, latency)
			twin := "twin@example.com"
			withAddresses(e, append(slices.Repeat([]string{twin}, twins), "zoe@example.com")...)
			zoe := fmt.Sprint("c", twins)
			results := lookUpAll(t.Context(), c, "zoe@example.com", "nobody@example.com", twin, twin, twin)
			expectFound(t, results, zoe, ErrNotFound, ErrAmbiguous, ErrAmbiguous, ErrAmbiguous)
			for _, r := range results[2:] {
				failure := failureOf(t, r.err, ErrAmbiguous)
				expectEqual(t, "the IDs", failure.IDs, numbered("c", len(failure.IDs)))
				expectEqual(t, "the count", failure.Count, twins)
			}
			w.expect(t, requests)
			list, _ := listed(t, c, Query{Emails: []string{twin}, Count: true})
			expectEqual(t, "the total", list.Total, twins)
		})
	}
}

// This API ignores the case, and nothing else. So two addresses that are alike may
// belong to one customer, or to two.
func TestAddressesThatAreAlikeAreAskedForAlone(t *testing.T) {
	bubble(t, "one of both exists", func(t *testing.T) {
		w, c := clientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			list := listJSON(0)
			if strings.Contains(strings.ToLower(r.URL.RawQuery), "strasse") {
				list = listJSON(1, customerJSON("a", "strasse@example.com", "repeat"))
			}
			respond(200, "", list)(w, r)
		}), latency)
		expectFound(t, lookUpAll(t.Context(), c, "Strasse@example.com", "straße@example.com"), "a", ErrNotFound)
		w.expect(t, 3)
	})
}

// A shared answer is believed only as far as it goes.
func TestSharedAnswerThatIsNotWholeAnswersNobodyFalsely(t *testing.T) {
	for name, shared := range map[string]string{
		"the count is that of the page": listDocument(3, true, "c0", "c1", "c2"),
		"one stands twice":              listDocument(4, false, "c0", "c1", "c2", "c0"),
	} {
		bubble(t, name, func(t *testing.T) {
			e, _, c := emulated(t, latency)
			emails := []string{"c0@example.com", "c1@example.com", "c2@example.com", "c3@example.com"}
			withAddresses(e, emails...)
			e.Inject(emulator.Fault{Match: sharedByEmail, Answer: emulator.Body(200, "", shared)})
			expectFound(t, lookUpAll(t.Context(), c, emails...), "c0", "c1", "c2", "c3")
		})
	}
}

func TestAddressIsCheckedAlsoWhenItIsNotAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, w, c := emulated(t, latency)
		customer, err := c.CustomerByEmail(t.Context(), emulator.FullCustomerEmail, Selection{Fields: []string{"status"}})
		if err != nil || customer.Email != nil || customer.Status == nil {
			t.Errorf("got %+v, %v", customer, err)
		}
		expectEqual(t, "the fields", w.expect(t, 1)[0].query.Get("fields[customers]"), "status,email")
	})
}
