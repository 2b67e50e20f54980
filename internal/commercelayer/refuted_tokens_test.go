package commercelayer

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// special is a secret that HTTP Basic has to encode.
const special = "se+cret/of=an%application"

// signedIn reads with client credentials.
func signedIn(id, secret string, before func(*emulator.Emulator)) func(*testing.T, refutedAPI) string {
	return func(t *testing.T, api refutedAPI) string {
		t.Helper()
		e, w := api.start()
		e.AddApplication(emulator.Application{ClientID: "special", ClientSecret: special, CanReadCustomers: true})
		c := newClient(
			t,
			w,
			WithToken(""),
			WithClientCredentials(ClientCredentials{ID: id, Secret: secret, Endpoint: parseURL(t, testEndpoint)}),
		)
		if before != nil {
			if _, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{}); err != nil {
				return came(err)
			}
			before(e)
		}
		_, err := c.Customer(t.Context(), emulator.SeedCustomerID, Selection{})
		return inRequests(came(err), w)
	}
}

// withToken reads with a given token.
func withToken(token func(*emulator.Emulator) string) func(*testing.T, refutedAPI) string {
	return func(t *testing.T, api refutedAPI) string {
		t.Helper()
		e, w := api.start()
		_, err := newClient(t, w, WithToken(token(e))).Customer(t.Context(), emulator.SeedCustomerID, Selection{})
		return came(err)
	}
}

// These uses request and use tokens, good and bad ones.
var tokenUses = []use{
	{"client credentials", "right, 2 requests", signedIn(emulator.DefaultClientID, emulator.DefaultClientSecret, nil)},
	{"client credentials with special characters", "right, 2 requests", signedIn("special", special, nil)},
	{
		"a wrong client secret",
		"client credentials refused, 1 request",
		signedIn(emulator.DefaultClientID, "wrong", nil),
	},
	{
		"a token of client credentials that is revoked",
		"right, 5 requests",
		signedIn(emulator.DefaultClientID, emulator.DefaultClientSecret, (*emulator.Emulator).RevokeAllTokens),
	},
	{
		"a token of client credentials that expires early",
		"right, 5 requests",
		signedIn(emulator.DefaultClientID, emulator.DefaultClientSecret, (*emulator.Emulator).ExpireAllTokens),
	},
	{"an unknown token", "access token not accepted", withToken(func(*emulator.Emulator) string { return "unknown" })},
	{"an expired token", "access token not accepted", withToken(func(e *emulator.Emulator) string {
		return e.IssueToken(emulator.TokenOptions{TTL: -time.Hour})
	})},
	{"a token of another organization", "access token not accepted", withToken(func(e *emulator.Emulator) string {
		return e.IssueToken(emulator.TokenOptions{Slug: "other"})
	})},
	{"a token that may not read customers", "permission missing", withToken(func(e *emulator.Emulator) string {
		return e.IssueToken(emulator.TokenOptions{Kind: emulator.KindSalesChannel})
	})},
}

// limited reads customers one after the other, while neighbours behind the same
// IP address use up a part of the limits.
func limited(reads int, others func(w *wire, token string)) func(*testing.T, refutedAPI) string {
	return func(t *testing.T, api refutedAPI) string {
		t.Helper()
		e, w := api.start(emulator.WithLimits())
		w.latency = time.Millisecond
		c := newClient(t, w)
		ids := e.CustomerIDs()
		start := time.Now()
		for i := range reads {
			if i == 1 && others != nil {
				others(w, emulator.DefaultToken)
			}
			if _, err := c.Customer(t.Context(), ids[i%len(ids)], Selection{}); err != nil {
				return came(err)
			}
		}
		what := fmt.Sprintf("right, in %d0 s", (time.Since(start)+5*time.Second)/(10*time.Second))
		if n := e.CountStatus(http.StatusTooManyRequests); n > 0 {
			what += fmt.Sprintf(", %d refused", n)
		}
		return what
	}
}

// neighbours sends requests that the client does not know of.
func neighbours(n int) func(*wire, string) {
	return func(w *wire, token string) {
		for range n {
			r, err := http.NewRequestWithContext(
				context.Background(),
				http.MethodGet,
				testDomain+customersPath,
				http.NoBody,
			)
			if err != nil {
				panic(err) // the URL is a constant
			}
			r.Header.Set("Accept", "application/vnd.api+json")
			r.Header.Set("Authorization", "Bearer "+token)
			resp, err := w.RoundTrip(r)
			if err == nil {
				_ = resp.Body.Close()
			}
		}
	}
}

// These uses meet the limits, alone and with neighbours.
var limitUses = []use{
	{"120 reads under the limits", "right, in 60 s", limited(120, nil)},
	{"20 reads beside neighbours that leave some of the burst", "right, in 10 s", limited(20, neighbours(20))},
	{"20 reads beside neighbours that fill the burst", "right, in 10 s, 1 refused", limited(20, neighbours(24))},
}
