package commercelayer

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact/redacttest"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// customerJSON returns a customer with an address and a status.
func customerJSON(id, email, status string) string {
	return fmt.Sprintf(`{"id":%q,"type":"customers","attributes":{"email":%q,"status":%q}}`, id, email, status)
}

// listJSON returns a page of customers, and how many match in all.
func listJSON(total int, customers ...string) string {
	return fmt.Sprintf(`{"data":[%s],"meta":{"record_count":%d}}`, strings.Join(customers, ","), total)
}

func TestErrorsWithTheStatusOfASuccessAreShown(t *testing.T) {
	const text = "The organization is being moved."
	errorOf := func(status string) string {
		return `{"title":"Unavailable","detail":"` + text + `","code":"MOVED","status":` + status + `}`
	}
	many := strings.TrimSuffix(strings.Repeat(errorOf(`"503"`)+",", 50), ",")
	for name, test := range map[string]struct {
		body     string
		want     Class
		requests int
	}{
		"a server error":       {`{"errors":[` + errorOf(`"503"`) + `]}`, ErrServer, 3},
		"many":                 {`{"errors":[` + many + `]}`, ErrServer, 3},
		"beside null":          {`{"data":null,"errors":[` + errorOf(`"503"`) + `]}`, ErrServer, 3},
		"not found":            {`{"errors":[` + errorOf(`"404"`) + `]}`, ErrNotFound, 1},
		"without a status":     {`{"errors":[` + errorOf(`null`) + `]}`, ErrBadRequest, 1},
		"as OAuth writes them": {`{"error":"MOVED","error_description":"` + text + `"}`, ErrBadRequest, 1},
	} {
		for _, status := range []int{200, 201} {
			bubble(t, fmt.Sprint(name, " ", status), func(t *testing.T) {
				w := &wire{handler: respond(status, "", test.body)}
				c := newClient(t, w, WithMaxRetries(2))
				for i, read := range []func() error{
					func() error { _, err := c.Customer(t.Context(), "one", Selection{}); return err },
					func() error { _, err := collect(c.Customers(Query{}).Pages(t.Context())); return err },
				} {
					w.reset()
					want := test.want
					if i == 1 && want == ErrNotFound {
						want = ErrNoList
					}
					failure := failureOf(t, read(), want)
					if len(failure.API) == 0 || failure.API[0].Detail != text || failure.Code() != "MOVED" {
						t.Errorf("the API's errors are %v", failure.API)
					}
					expectEqual(t, fmt.Sprint("the requests of read ", i), len(w.requests()), test.requests)
				}
			})
		}
	}
}

func TestErrorsBesideResourcesDoNotHideThem(t *testing.T) {
	w := &wire{handler: respond(200, "", `{"data":`+customerJSON("one", "a@example.com",
		"repeat")+`,"errors":[{"title":"x"}]}`)}
	if _, err := newClient(t, w).Customer(t.Context(), "one", Selection{}); err != nil {
		t.Error(err)
	}
}

func TestErrorOfTheTokenEndpointWithTheStatusOfASuccessIsShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{handler: tokenAnswer(`{"error":"invalid_client","error_description":"unknown client"}`)}
		_, err := newClient(t, w, withCredentials(t)).Customer(t.Context(), "one", Selection{})
		failure := failureOf(t, err, ErrCredentials)
		expectEqual(t, "the code", failure.Code(), "invalid_client")
		w.expect(t, 1)
	})
}

func TestEverySuccessWithACompleteDocumentIsRead(t *testing.T) {
	for _, status := range []int{200, 201, 202, 203, 206, 207, 226, 299} {
		w := &wire{handler: respond(status, "", `{"data":`+customerJSON("one", "a@example.com", "repeat")+`}`)}
		if _, err := newClient(t, w).Customer(t.Context(), "one", Selection{}); err != nil {
			t.Errorf("%d: %v", status, err)
		}
		w = &wire{handler: respond(status, "", listJSON(1, customerJSON("one", "a@example.com", "repeat")))}
		if all, err := collect(newClient(t, w).Customers(Query{}).Pages(t.Context())); err != nil || len(all) != 1 {
			t.Errorf("%d: %d customers, %v", status, len(all), err)
		}
	}
}

func TestUnreadableCustomerOfAListIsNamed(t *testing.T) {
	broken := `{"id":"BrOkEn","type":"customers","attributes":{"created_at":"yesterday"}}`
	good := customerJSON("one", "a@example.com", "repeat")
	for name, query := range map[string]Query{"all": {}, "sorted": {Sort: []string{"email"}},
		"by ID": {IDs: []string{"one", "BrOkEn"}}} {
		w := &wire{handler: respond(200, "", listJSON(2, good, broken))}
		_, err := collect(newClient(t, w).Customers(query).Pages(t.Context()))
		failure := failureOf(t, err, ErrMalformed)
		expectEqual(t, name+": the reason", failure.Reason,
			`the customer "BrOkEn": the attribute created_at is not an RFC 3339 time`)
		expectEqual(t, name+": the path", failure.Path, customersPath)
	}
}

// Each answer is checked against its own request, and not against other
// requests.
func TestCustomersOfAnotherChunkAreAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ids := make([]string, 30)
		for i := range ids {
			ids[i] = fmt.Sprintf("c%02d", i)
		}
		w := &wire{handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			asked := strings.Split(r.URL.Query().Get(filterKey("id_in")), ",")
			if len(asked) < MaxPageSize {
				asked[0] = "c00" // a customer of the first chunk instead of this chunk
			}
			var list []string
			for _, id := range asked {
				list = append(list, customerJSON(id, id+"@example.com", "repeat"))
			}
			respond(200, "", listJSON(len(list), list...))(rw, r)
		})}
		_, err := collect(newClient(t, w).Customers(Query{IDs: ids}).Pages(t.Context()))
		failure := failureOf(t, err, ErrFilterIgnored)
		expectEqual(t, "the method", failure.Method, http.MethodGet)
		expectEqual(t, "the path", failure.Path, customersPath)
		if failure.Attempts == 0 || failure.Host == "" {
			t.Errorf("the request is %+v", failure)
		}
	})
}

// What a server sends back must not be shown, in whatever field and form.
func TestNothingThatAServerSendsBackIsTold(t *testing.T) {
	silenceNetHTTP(t)
	names := slices.Sorted(maps.Keys(redacttest.Encodings()))
	token := []byte(httpAnswer("200 OK", []string{"Content-Type: application/json"},
		`{"access_token":"{issued}","token_type":"bearer"}`))
	for form := range names {
		t.Run(names[form], func(t *testing.T) {
			for i, answer := range hostileAnswers() {
				if (i+form)%8 != 0 && form > 0 {
					continue // each answer is tried with some of the forms
				}
				sent := hostileBytes([]byte(answer), byte(form))
				s := &hostileServer{token: hostileBytes(token, 0), answers: [][]byte{sent}}
				texts, err := hostileRead(t, s, byte(i+form))
				isHarmless(t, err, texts)
				s = &hostileServer{token: sent, answers: [][]byte{[]byte(httpAnswer("200 OK", nil,
					string(emulator.SeedDocument())))}}
				texts, err = hostileRead(t, s, byte(0))
				isHarmless(t, err, texts)
			}
		})
	}
}
