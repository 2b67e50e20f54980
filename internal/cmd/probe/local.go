package main

import (
	"net/http/httptest"
	"slices"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// newEmulator makes an emulator with the data that the probes need, and the
// settings to ask it.
func newEmulator(o options) (*emulator.Emulator, *settings) {
	api := emulator.New(
		emulator.WithLimits(), emulator.WithCustomers(30), emulator.WithRefuted(slices.Collect(o.refutations())...))
	// One customer needs an empty reference, because a probe asks where empty
	// values come in a sorted list. All other customers have a reference.
	api.AddCustomer(emulator.Customer{Email: "no-reference@example.com"})
	return api, &settings{
		clientID: emulator.DefaultClientID, clientSecret: emulator.DefaultClientSecret, emulated: true,
		expired:   api.IssueToken(emulator.TokenOptions{TTL: -time.Hour}),
		foreign:   api.IssueToken(emulator.TokenOptions{Slug: "globex"}),
		otherMode: api.IssueToken(emulator.TokenOptions{Live: true}),
	}
}

// startEmulator serves an emulator on this machine until stop is called.
func startEmulator(o options) (s *settings, stop func(), err error) {
	api, s := newEmulator(o)
	server := httptest.NewServer(api)
	s.domain, err = commercelayer.ParseDomain(server.URL)
	return s, func() {
		api.Close()
		server.Close()
	}, err
}
