package commercelayer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/filter"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// A use is something that users do. It describes its outcome in a few words.
type use struct {
	name string
	// usual is the outcome if all assumptions about the API hold.
	usual string
	run   func(t *testing.T, api refutedAPI) string
}

// A refutedAPI makes emulators with some assumptions refuted.
type refutedAPI struct{ refuted []string }

// start returns a new emulator with 60 customers, and a transport to it.
func (api refutedAPI) start(options ...emulator.Option) (*emulator.Emulator, *wire) {
	usual := []emulator.Option{emulator.WithCustomers(58), emulator.WithRefuted(api.refuted...)}
	e := emulator.New(slices.Concat(usual, options)...)
	return e, &wire{handler: e, latency: latency}
}

// useGroups are all uses. Each use has an emulator and a client of its own,
// because a client learns from answers.
var useGroups = [][]use{lookupUses, listUses, filterUses, partUses, relatedUses, tokenUses, limitUses}

// came describes the outcome of a read in a few words.
func came(err error) string {
	var e *Error
	switch {
	case err == nil:
		return "right"
	case !errors.As(err, &e):
		return "no error of the client"
	}
	return e.Class.Error()
}

// inRequests adds the number of requests.
func inRequests(what string, w *wire) string {
	if n := len(w.requests()); n != 1 {
		return fmt.Sprintf("%s, %d requests", what, n)
	}
	return what + ", 1 request"
}

// lookUps looks up several keys at the same time. It describes the outcome of
// the keys that no customer has, and of the other keys.
func lookUps(
	ctx context.Context, e *emulator.Emulator, keys []string, find func(context.Context, string) (*Customer, error),
) string {
	known := map[string]bool{}
	for _, id := range e.CustomerIDs() {
		known[id] = true
	}
	var mu sync.Mutex
	var outcomes []string
	var group sync.WaitGroup
	for _, key := range keys {
		group.Go(func() {
			customer, err := find(ctx, key)
			outcome := came(err)
			switch {
			case strings.HasPrefix(key, "nobody"):
				outcome = "unknown one " + outcome
			case err == nil && key != customer.ID && (customer.Email == nil || !filter.SameAddress(*customer.Email, key)):
				outcome = "a stranger"
			case err == nil && !known[customer.ID]:
				outcome = "an invention"
			}
			mu.Lock()
			defer mu.Unlock()
			if !slices.Contains(outcomes, outcome) {
				outcomes = append(outcomes, outcome)
			}
		})
	}
	group.Wait()
	slices.Sort(outcomes)
	return strings.Join(outcomes, ", ")
}

// byIDs looks customers up by the last n IDs. If the filter is ignored, the
// first page contains other customers.
func byIDs(n int, more ...string) func(*testing.T, refutedAPI) string {
	return func(t *testing.T, api refutedAPI) string {
		t.Helper()
		e, w := api.start()
		c := newClient(t, w)
		ids := e.CustomerIDs()
		keys := slices.Concat(ids[len(ids)-n:], more)
		return inRequests(lookUps(t.Context(), e, keys, func(ctx context.Context, id string) (*Customer, error) {
			return c.Customer(ctx, id, Selection{})
		}), w)
	}
}

// byAddresses looks customers up by address. change turns an address into the
// key.
func byAddresses(n int, change func(string) string, more ...string) func(*testing.T, refutedAPI) string {
	return func(t *testing.T, api refutedAPI) string {
		t.Helper()
		e, w := api.start()
		c := newClient(t, w)
		var keys []string
		for i := range n {
			address := fmt.Sprintf("someone-%02d@example.com", i)
			e.AddCustomer(emulator.Customer{ID: fmt.Sprintf("someone%02d", i), Email: address})
			keys = append(keys, change(address))
		}
		return inRequests(
			lookUps(t.Context(), e, append(keys, more...), func(ctx context.Context, email string) (*Customer, error) {
				return c.CustomerByEmail(ctx, email, Selection{})
			}),
			w,
		)
	}
}

func asWritten(address string) string { return address }

// These uses read single customers, by ID and by address, alone and together.
var lookupUses = []use{
	{"a customer by ID", "right, 1 request", byIDs(1)},
	{"an unknown ID", "unknown one not found, 1 request", byIDs(0, "nobody")},
	{"30 customers by ID", "right, 2 requests", byIDs(30)},
	{"5 customers by ID and an unknown one", "right, unknown one not found, 2 requests", byIDs(5, "nobody")},
	{"a customer by address", "right, 1 request", byAddresses(1, asWritten)},
	{"an address in capitals", "not found, 1 request", byAddresses(1, strings.ToUpper)},
	{"30 customers by address", "right, 2 requests", byAddresses(30, asWritten)},
	{
		"5 customers by address and an unknown one",
		"right, unknown one not found, 2 requests",
		byAddresses(5, asWritten, "nobody@example.com"),
	},
	{"5 addresses in capitals", "not found, 6 requests", byAddresses(5, strings.ToUpper)},
	{"25 customers by long addresses", "right, 8 requests", func(t *testing.T, api refutedAPI) string {
		t.Helper()
		e, w := api.start()
		c := newClient(t, w)
		var keys []string
		for i := range 25 {
			keys = append(keys, fmt.Sprintf("%s%02d@example.com", strings.Repeat("long", 50), i))
			e.AddCustomer(emulator.Customer{Email: keys[i]})
		}
		return inRequests(lookUps(t.Context(), e, keys, func(ctx context.Context, email string) (*Customer, error) {
			return c.CustomerByEmail(ctx, email, Selection{})
		}), w)
	}},
	{"a customer of the other mode", "not found", otherMode()},
	{"a customer of the other mode, with the guard", "not found", otherMode(WithMode(ModeTest))},
	{"a server error", "server error", func(t *testing.T, api refutedAPI) string {
		t.Helper()
		e, w := api.start()
		e.Inject(emulator.Fault{Answer: emulator.Status(500)})
		_, err := newClient(t, w).Customer(t.Context(), emulator.SeedCustomerID, Selection{})
		return came(err)
	}},
}

func otherMode(options ...Option) func(*testing.T, refutedAPI) string {
	return func(t *testing.T, api refutedAPI) string {
		t.Helper()
		e, w := api.start()
		e.AddCustomer(emulator.Customer{ID: "liveone", Mode: "live"})
		_, err := newClient(t, w, options...).Customer(t.Context(), "liveone", Selection{})
		return came(err)
	}
}
