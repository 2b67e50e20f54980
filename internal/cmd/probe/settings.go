package main

import (
	"fmt"
	"net/url"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
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

// readSettings reads the provider's variables, and refuses what the provider
// refuses. It returns nil when they name neither credentials nor an organization,
// and then the emulator is asked.
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
		return nil, nil //nolint:nilnil // no settings mean that the emulator is asked
	}
	if err := provider.CheckEnvironment(lookup); err != nil {
		return nil, err //nolint:wrapcheck // it names the variable
	}
	for _, name := range []string{expiredVariable, foreignVariable, otherModeVariable} {
		if stray := commercelayer.FindStray(get(name)); stray.Found() {
			return nil, fmt.Errorf("the token in the environment variable %s %s", name, stray)
		}
	}
	var err error
	if domain != "" {
		if s.domain, err = commercelayer.ParseDomain(domain); err != nil {
			return nil, fmt.Errorf("reading COMMERCELAYER_DOMAIN: %w", err)
		}
	}
	if endpoint != "" {
		// Without client credentials, the provider does not look at it.
		if s.endpoint, err = commercelayer.ParseAuthEndpoint(endpoint); err != nil {
			return nil, fmt.Errorf("reading COMMERCELAYER_AUTH_ENDPOINT: %w", err)
		}
	}
	return s, nil
}
