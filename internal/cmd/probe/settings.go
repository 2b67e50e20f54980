package main

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"net/url"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/provider"
)

// lookupFunc finds an environment variable, as os.LookupEnv does.
type lookupFunc func(name string) (string, bool)

// settings say which organization to ask, and with which credentials.
type settings struct {
	domain                        *url.URL // when nil, the token says it
	endpoint                      *url.URL // of tokens; when nil, it follows from the domain
	token                         string
	clientID, clientSecret, scope string
	mode                          string // when empty, either
	emulated                      bool
	// Further tokens that some probes need. They are empty when they are not set.
	expired, foreign, otherMode string
}

// The variables that only the probes read.
const (
	expiredVariable   = "COMMERCELAYER_PROBE_EXPIRED_TOKEN"
	foreignVariable   = "COMMERCELAYER_PROBE_FOREIGN_TOKEN"
	otherModeVariable = "COMMERCELAYER_PROBE_OTHER_MODE_TOKEN"
)

// chooseSettings returns those of the environment. If they name neither
// credentials nor an organization, it serves an emulator until stop is called.
func chooseSettings(o options, lookup lookupFunc) (s *settings, stop func(), err error) {
	if !o.emulator {
		s, err = readSettings(lookup)
		if s != nil && o.refuted != nil {
			err = errors.New("-refuted is for the emulator only: add -emulator, or unset the COMMERCELAYER_* variables")
		}
		if s != nil || err != nil {
			return s, func() {}, err
		}
	}
	api, s := newEmulator(o)
	server := httptest.NewServer(api)
	s.domain, err = commercelayer.ParseDomain(server.URL)
	return s, func() {
		api.Close()
		server.Close()
	}, err
}

// readSettings reads the provider's variables, and refuses what the provider
// refuses. It returns nil when they name neither credentials nor an organization.
func readSettings(lookup lookupFunc) (*settings, error) {
	get := func(name string) string {
		value, _ := lookup(name)
		return value
	}
	s := &settings{
		token: get("COMMERCELAYER_TOKEN"), clientID: get("COMMERCELAYER_CLIENT_ID"),
		clientSecret: get("COMMERCELAYER_CLIENT_SECRET"), scope: get("COMMERCELAYER_SCOPE"),
		mode: get("COMMERCELAYER_MODE"), expired: get(expiredVariable), foreign: get(foreignVariable),
		otherMode: get(otherModeVariable),
	}
	domain, endpoint := get("COMMERCELAYER_DOMAIN"), get("COMMERCELAYER_AUTH_ENDPOINT")
	if s.token+s.clientID+s.clientSecret+domain+endpoint == "" {
		return nil, nil
	}
	if err := provider.CheckEnvironment(lookup, expiredVariable, foreignVariable, otherModeVariable); err != nil {
		return nil, err
	}
	s.domain, _ = commercelayer.ParseDomain(domain) // the provider has refused a wrong one
	if endpoint == "" {
		return s, nil
	}
	// Without client credentials, the provider does not look at it.
	var err error
	if s.endpoint, err = commercelayer.ParseAuthEndpoint(endpoint); err != nil {
		return nil, fmt.Errorf("reading COMMERCELAYER_AUTH_ENDPOINT: %w", err)
	}
	return s, nil
}

// newEmulator makes an emulator with the data that the probes need, and the
// settings to ask it.
func newEmulator(o options) (*emulator.Emulator, *settings) {
	api := emulator.New(emulator.WithLimits(), emulator.WithCustomers(30), emulator.WithRefuted(o.refuted...))
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
