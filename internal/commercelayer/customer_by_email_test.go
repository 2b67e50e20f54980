package commercelayer

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestCustomerByEmailIsOneRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, w, c := emulated(t, latency)
		customer, err := c.CustomerByEmail(t.Context(), emulator.FullCustomerEmail, Selection{Include: []string{"customer_group", "tags"}})
		if err != nil {
			t.Fatal(err)
		}
		expectEqual(t, "the ID", customer.ID, emulator.FullCustomerID)
		expectEqual(t, "the number of resources included", len(customer.Included), 3)
		sent := w.expect(t, 1)[0]
		expectEqual(t, "the query", sent.query.Encode(), "filter%5Bq%5D%5Bemail_eq%5D=ada%40example.com&include=customer_group%2Ctags&page%5Bsize%5D=25&sort=id")
	})
}

func TestUnknownEmailIsNotFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, w, c := emulated(t, latency)
		_, err := c.CustomerByEmail(t.Context(), "nobody@example.com", Selection{})
		failure := failureOf(t, err, ErrNotFound)
		expectEqual(t, "the status", failure.Status, http.StatusOK)
		expectEqual(t, "the request", failure.Method+" "+failure.Path, "GET /api/customers")
		expectSecretless(t, failure, "nobody")
		w.expect(t, 1)
	})
}

func TestEmailOfSeveralIsAmbiguous(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency)
		for _, id := range []string{"one", "two"} {
			e.AddCustomer(emulator.Customer{ID: id, Email: "both@example.com"})
		}
		_, err := c.CustomerByEmail(t.Context(), "both@example.com", Selection{})
		failure := failureOf(t, err, ErrAmbiguous)
		expectEqual(t, "the IDs", strings.Join(failure.IDs, " "), "one two")
		expectEqual(t, "the count", failure.Count, 2)
		w.expect(t, 1)
	})
}

func TestEmailsAreEscaped(t *testing.T) {
	for _, email := range []string{
		"john+tag@example.com", "a&b=c@example.com", "jürgen@exämple.com", "100%25@example.com", "o'neil#1@example.com", `"quoted"@example.com`, "semi;colon@example.com",
	} {
		bubble(t, email, func(t *testing.T) {
			e, w, c := emulated(t, latency)
			e.AddCustomer(emulator.Customer{ID: "one", Email: email})
			customer, err := c.CustomerByEmail(t.Context(), email, Selection{})
			if err != nil {
				t.Fatal(err)
			}
			expectEqual(t, "the ID", customer.ID, "one")
			expectEqual(t, "the filter", w.expect(t, 1)[0].filter("email_eq"), email)
		})
	}
}

// If the API ignores the filter, no other customer must be returned.
func TestAnswersToAnEmailThatAreRefused(t *testing.T) {
	for name, test := range map[string]struct {
		body string
		kind error
	}{
		"another address": {`{"data":[{"id":"one","type":"customers","attributes":{"email":"ann@example.com"}}]}`, ErrFilterIgnored},
		"no address":      {`{"data":[{"id":"one","type":"customers"}]}`, ErrFilterIgnored},
		"another type":    {`{"data":[{"id":"one","type":"orders"}]}`, ErrMismatch},
		"unreadable":      {`{"data":[{"id":"one","type":"customers","attributes":{"email":7}}]}`, ErrMalformed},
		"a single one":    {`{"data":{"id":"one","type":"customers"}}`, ErrMalformed},
		"the other mode":  {`{"data":[{"id":"one","type":"customers","attributes":{"email":"john@example.com"},"meta":{"mode":"live"}}]}`, ErrWrongMode},
		"no mode":         {`{"data":[{"id":"one","type":"customers","attributes":{"email":"john@example.com"}}]}`, ErrWrongMode},
	} {
		bubble(t, name, func(t *testing.T) {
			w := &wire{handler: respond(200, "", test.body)}
			var options []Option
			if errors.Is(test.kind, ErrWrongMode) {
				options = append(options, WithMode(ModeTest))
			}
			customer, err := newClient(t, w, options...).CustomerByEmail(t.Context(), "john@example.com", Selection{})
			failure := failureOf(t, err, test.kind)
			if customer != nil {
				t.Error("a customer was handed out beside the error")
			}
			expectEqual(t, "the request", failure.Method+" "+failure.Path, "GET /api/customers")
			expectSecretless(t, failure, "ann@", "john@")
			w.expect(t, 1)
		})
	}
}

func TestCustomerIsTheOneAskedFor(t *testing.T) {
	for name, answer := range map[string]struct {
		answer emulator.Answer
		kind   error
	}{
		"another ID":   {emulator.WrongID(), ErrMismatch},
		"another type": {emulator.WrongType(), ErrMismatch},
	} {
		bubble(t, name, func(t *testing.T) {
			e, w, c := emulated(t, latency)
			e.Inject(emulator.Fault{Answer: answer.answer})
			_, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{})
			failure := failureOf(t, err, answer.kind)
			expectEqual(t, "the path", failure.Path, customersPath+"/"+emulator.SeedCustomerID)
			w.expect(t, 1)
		})
	}
}

func TestNotFoundInEachForm(t *testing.T) {
	for way, code := range map[string]string{"object": "RECORD_NOT_FOUND", "array": "RECORD_NOT_FOUND", "html": ""} {
		synctest.Test(t, func(t *testing.T) {
			e := emulator.New()
			if way != "object" {
				e = emulator.New(emulator.WithRefuted(emulator.AssumeNotFoundForm + ":" + way))
			}
			w := &wire{handler: e}
			_, err := newClient(t, w).Customer(t.Context(), "missing", Selection{})
			failure := failureOf(t, err, ErrNotFound)
			expectEqual(t, "the code", failure.Code(), code)
			expectEqual(t, "the status", failure.Status, 404)
			w.expect(t, 1) // Retry-After: 0 does not mean that the next request is accepted
		})
	}
}

func TestModeGuardOfAToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := emulator.New()
		w := &wire{handler: e}
		live := WithToken(e.IssueToken(emulator.TokenOptions{Live: true}))
		_, err := newClient(t, w, live, WithMode(ModeTest)).Customer(t.Context(), emulator.SeedCustomerID, Selection{})
		failure := failureOf(t, err, ErrWrongMode)
		expectEqual(t, "the mode of the token", failure.Token.Mode, ModeLive)
		_, err = collect(newClient(t, w, live, WithMode(ModeTest)).Customers(Query{}).Pages(t.Context()))
		expectKind(t, err, ErrWrongMode)
		w.expect(t, 0)
	})
}

// If the token is no JWT, only the answers tell the mode.
func TestModeGuardOfAnOpaqueToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, w, c := emulated(t, 0, WithMode(ModeLive))
		_, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{})
		expectKind(t, err, ErrWrongMode)
		w.expect(t, 1)
	})
}

func TestLimitsFollowTheMode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := emulator.New()
		refuse := &wire{handler: respond(400, "", "")} // without rate limit headers
		for want, options := range map[int][]Option{
			testLimits.Burst: {WithToken(e.IssueToken(emulator.TokenOptions{}))},
			liveLimits.Burst: {WithToken(e.IssueToken(emulator.TokenOptions{Live: true}))},
		} {
			c := newClient(t, refuse, options...)
			expectEqual(t, "the requests that go out at once", sentAtOnce(t, refuse, c), want)
		}
		c := newClient(t, refuse, WithMode(ModeLive)) // with a token that is no JWT
		expectEqual(t, "the requests that go out at once", sentAtOnce(t, refuse, c), liveLimits.Burst)
	})
}

func TestTokenTellsTheDomain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var hosts []string
		e := emulator.New(emulator.WithOrganization("acme", "o"))
		e.OnRequest(func(r *http.Request) { hosts = append(hosts, r.Host) })
		w := &wire{handler: e}
		c := newClient(t, w, WithDomain(nil), WithToken(e.IssueToken(emulator.TokenOptions{Issuer: "https://auth.commercelayer.co"})))
		if _, err := c.Customer(t.Context(), emulator.FullCustomerID, Selection{}); err != nil {
			t.Fatal(err)
		}
		expectEqual(t, "the host", strings.Join(hosts, " "), "acme.commercelayer.co")
		w.reset()
		_, err := newClient(t, w, WithDomain(nil)).Customer(t.Context(), emulator.FullCustomerID, Selection{})
		expectKind(t, err, ErrDomainUnknown)
		w.expect(t, 0)
	})
}
