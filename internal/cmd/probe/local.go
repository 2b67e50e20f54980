package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// newEmulator makes an emulator with the data that the probes need, and the
// settings to ask it.
func newEmulator(o options) (*emulator.Emulator, *settings) {
	api := emulator.New(
		emulator.WithLimits(), emulator.WithCustomers(30), emulator.WithRefuted(slices.Collect(o.turned())...))
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
func startEmulator(ctx context.Context, o options) (s *settings, stop func(), err error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, fmt.Errorf("starting the emulator: %w", err)
	}
	api, s := newEmulator(o)
	s.domain = &url.URL{Scheme: "http", Host: listener.Addr().String()}
	server := &http.Server{Handler: api, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	return s, func() {
		api.Close()
		_ = server.Close()
	}, nil
}
