package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// lookupFunc finds an environment variable, as os.LookupEnv does.
type lookupFunc func(name string) (string, bool)

// settings say which organization to ask, and with which credentials.
type settings struct {
	domain                        *url.URL // when nil, the token says it
	tokenURL                      string   // when empty, it follows from the domain
	token                         string
	clientID, clientSecret, scope string
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

// readSettings reads the provider's variables. It returns nil when they have
// neither credentials nor a domain, and then the emulator is asked.
func readSettings(lookup lookupFunc) (*settings, error) {
	get := func(name string) string {
		value, _ := lookup(name)
		return strings.TrimSpace(value)
	}
	s := &settings{
		tokenURL: get("COMMERCELAYER_AUTH_ENDPOINT"), token: get("COMMERCELAYER_TOKEN"),
		clientID: get("COMMERCELAYER_CLIENT_ID"), clientSecret: get("COMMERCELAYER_CLIENT_SECRET"),
		scope: get("COMMERCELAYER_SCOPE"), expired: get(expiredVariable), foreign: get(foreignVariable),
		otherMode: get(otherModeVariable),
	}
	domain := get("COMMERCELAYER_DOMAIN")
	if s.token == "" && s.clientID == "" {
		if domain != "" {
			return nil, errors.New("COMMERCELAYER_DOMAIN is set without credentials: set COMMERCELAYER_TOKEN, or " +
				"COMMERCELAYER_CLIENT_ID and COMMERCELAYER_CLIENT_SECRET")
		}
		return nil, nil //nolint:nilnil // no settings mean that the emulator is asked
	}
	if domain != "" {
		parsed, err := parseDomain(domain)
		if err != nil {
			return nil, err
		}
		s.domain = parsed
	}
	return s, nil
}

// parseDomain reads a slug, a host or a URL. It allows plain HTTP only for hosts
// on this machine.
func parseDomain(text string) (*url.URL, error) {
	wrong := func(what string) error {
		return fmt.Errorf("COMMERCELAYER_DOMAIN must be a slug, a host "+
			"or a URL such as https://acme.commercelayer.io: %s", what)
	}
	if !strings.Contains(text, "://") {
		if !strings.ContainsAny(text, ".:/") {
			text += ".commercelayer.io"
		}
		text = "https://" + text
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, wrong("this is not a valid URL")
	case u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "":
		return nil, wrong("it must name a host and nothing else")
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return nil, wrong("only https is allowed for hosts other than this machine")
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
