package commercelayer

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func isCollection(r *http.Request) bool { return r.URL.Path == customersPath }

func sharedByID(r *http.Request) bool { return r.URL.Query().Has(filterKey("id_in")) }

func sharedByEmail(r *http.Request) bool { return r.URL.Query().Has(filterKey("email_in")) }

// withoutKeys answers as if the request had no filter by keys.
func withoutKeys(_ http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	query.Del(filterKey("id_in"))
	query.Del(filterKey("email_in"))
	r.URL.RawQuery = query.Encode()
}

// If the API refuses or ignores lists of keys, each key is looked up alone for
// the rest of the run. The results stay right.
func TestListsThatDoNotWorkCostSingleReads(t *testing.T) {
	stranger := emulator.Body(200, "", listDocument(1, false, "stranger"))
	for name, fault := range map[string]emulator.Fault{
		"400":              {Answer: emulator.Status(400)},
		"401 UNAUTHORIZED": {Answer: emulator.Unauthorized()},
		"403":              {Answer: emulator.Status(403)},
		"404":              {Answer: emulator.Status(404)},
		"ignored":          {Answer: withoutKeys, Through: true},
		"stranger":         {Answer: stranger},
		"one object":       {Answer: emulator.Body(200, "", string(emulator.SeedDocument()))},
		"no data":          {Answer: emulator.Body(200, "", `{"meta":{"record_count":5}}`)},
	} {
		for key, shared := range map[string]func(*http.Request) bool{"IDs": sharedByID, "addresses": sharedByEmail} {
			bubble(t, name+" of "+key, func(t *testing.T) {
				say, notices := sentences(t)
				e, w, c := emulated(t, latency, WithNotice(say))
				fault.Match = shared
				e.Inject(fault)
				ids := addCustomers(e, 5)
				for _, requests := range []int{6, 5} {
					w.reset()
					start := time.Now()
					if key == "IDs" {
						expectAll(t, ids, readAll(t.Context(), c, ids))
					} else {
						emails := slices.Clone(ids)
						for i := range emails {
							emails[i] += "@example.com"
						}
						expectAll(t, ids, lookUpAll(t.Context(), c, emails...))
					}
					took := time.Since(start)
					w.expect(t, requests)
					expectEqual(t, "the number of notices", len(notices()), 1)
					if requests == 5 { // nobody waits for company any more
						closeTo(t, "the time of later reads", took, latency, 0)
					}
				}
				expectIdle(t, c)
			})
		}
	}
}

// These failures may pass, or a single read would have them, too.
func TestFailuresThatSayNothingOfListsDoNotEndThem(t *testing.T) {
	coded := func(code string) emulator.Answer {
		return emulator.Body(400, "", `{"errors":[{"code":"`+code+`"}]}`)
	}
	for name, answer := range map[string]emulator.Answer{
		"408": emulator.Status(408), "423": emulator.Status(423), "425": emulator.Status(425), "429": emulator.Status(429),
		"500": emulator.Status(500), "503": emulator.Status(503),
		"INVALID_INCLUDE": coded("INVALID_INCLUDE"), "INVALID_FIELD": coded("INVALID_FIELD"),
	} {
		bubble(t, name, func(t *testing.T) {
			say, notices := sentences(t)
			e, w, c := emulated(t, latency, WithNotice(say), WithMaxRetries(0))
			e.Inject(emulator.Fault{Match: isCollection, Times: 1, Answer: answer})
			ids := addCustomers(e, 5)
			readAll(t.Context(), c, ids)
			w.reset()
			expectAll(t, ids, readAll(t.Context(), c, ids))
			w.expect(t, 1)
			expectEqual(t, "the number of notices", len(notices()), 0)
		})
	}
}

// A failure that each reader would have costs a request or two, and not one for
// each. The errors are the readers' own.
func TestFailureOfASharedRequestIsNotRepeatedForEachReader(t *testing.T) {
	for name, test := range map[string]struct {
		fault    emulator.Fault
		class    Class
		attempts int
		requests int
	}{
		"no permission":        {emulator.Fault{Answer: emulator.Unauthorized()}, ErrPermission, 1, 2},
		"blocked":              {emulator.Fault{Answer: emulator.HTML(403)}, ErrBlocked, 1, 2},
		"503":                  {emulator.Fault{Answer: emulator.Status(503)}, ErrServer, 3, 3},
		"500":                  {emulator.Fault{Answer: emulator.Status(500)}, ErrServer, 3, 9},
		"an unreadable answer": {emulator.Fault{Match: isCollection, Answer: emulator.Truncated()}, ErrMalformed, 1, 1},
	} {
		bubble(t, name, func(t *testing.T) {
			say, notices := sentences(t)
			e, w, c := emulated(t, latency, WithNotice(say), WithMaxRetries(2))
			e.Inject(test.fault)
			seen := map[error]bool{}
			for _, r := range readAll(t.Context(), c, addCustomers(e, 25)) {
				failure := failureOf(t, r.err, test.class)
				expectEqual(t, "the number of attempts", failure.Attempts, test.attempts)
				seen[r.err] = true
			}
			expectEqual(t, "the number of errors", len(seen), 25)
			w.expect(t, test.requests)
			expectEqual(t, "the number of notices", len(notices()), 0)
			expectIdle(t, c)
		})
	}
}

// One bad record makes the API answer a list with 500. It is the error of its
// own reader only.
func TestOneBadRecordIsTheErrorOfOneReader(t *testing.T) {
	for _, bad := range []int{0, 3} {
		bubble(t, fmt.Sprint(bad), func(t *testing.T) {
			e, _, c := emulated(t, latency, WithMaxRetries(1))
			ids := addCustomers(e, 25)
			e.Inject(emulator.Fault{Answer: emulator.Status(500), Match: func(r *http.Request) bool {
				asked := cmp.Or(r.URL.Query().Get(filterKey("id_in")), r.URL.Path)
				return strings.Contains(asked, ids[bad])
			}})
			want := make([]any, len(ids))
			for i, id := range ids {
				want[i] = id
			}
			want[bad] = ErrServer
			expectFound(t, readAll(t.Context(), c, ids), want...)
		})
	}
}

func TestAnAnswerThatIsTooLargeForOneRequestIsReadInSeveral(t *testing.T) {
	bubble(t, "by ID", func(t *testing.T) {
		e, w, c := emulated(t, latency)
		large := `{"data":[` + strings.Repeat(`{"type":"customers","id":"a"},`, MaxPageSize) + `{"type":"customers","id":"a"}]}`
		e.Inject(emulator.Fault{Match: sharedByID, Answer: emulator.Body(200, "", large)})
		ids := addCustomers(e, 5)
		expectAll(t, ids, readAll(t.Context(), c, ids))
		w.expect(t, 6)
	})
}

func TestPanicBecomesAnError(t *testing.T) {
	for _, n := range []int{1, 3} {
		bubble(t, fmt.Sprint(n), func(t *testing.T) {
			e := emulator.New()
			ids := addCustomers(e, n)
			_, c := clientOf(t, inTurn(func(http.ResponseWriter, *http.Request) {
				panic("john@example.com " + emulator.DefaultToken)
			}, e.ServeHTTP), latency)
			for _, r := range readAll(t.Context(), c, ids) {
				expectSecretless(t, failureOf(t, r.err, ErrInternal), "john", emulator.DefaultToken)
			}
			// The panic has canceled the reservation.
			expectAll(t, ids, readAll(t.Context(), c, ids))
			expectIdle(t, c)
		})
	}
	synctest.Test(t, func(t *testing.T) {
		_, c := clientOf(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("oh") }), latency)
		_, err := collect(c.Customers(Query{IDs: numbered("customer", 30)}).Pages(t.Context()))
		expectKind(t, err, ErrInternal)
	})
}
