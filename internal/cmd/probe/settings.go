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

// settings say whom to ask and as whom.
type settings struct {
	domain                        *url.URL // nil: the token says it
	tokenURL                      string   // "": beside the domain
	token                         string
	clientID, clientSecret, scope string
	emulated                      bool
	// Tokens that some probes need, "" for none.
	expired, foreign, otherMode string
}

// The variables beside those of the provider.
const (
	expiredVariable   = "COMMERCELAYER_PROBE_EXPIRED_TOKEN"
	foreignVariable   = "COMMERCELAYER_PROBE_FOREIGN_TOKEN"
	otherModeVariable = "COMMERCELAYER_PROBE_OTHER_MODE_TOKEN"
)

// readSettings reads the provider's variables, nil without any credentials.
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
			return nil, errors.New("COMMERCELAYER_DOMAIN is set, but neither COMMERCELAYER_TOKEN " +
				"nor COMMERCELAYER_CLIENT_ID")
		}
		return nil, nil //nolint:nilnil // nothing is set: the emulator is asked
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

// parseDomain reads a slug, a host or a URL. Plain HTTP is for loopback hosts.
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
		return nil, wrong("it can't be read")
	case u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "":
		return nil, wrong("it has more or less than a host")
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return nil, wrong("http is for loopback hosts only")
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
