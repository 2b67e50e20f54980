package commercelayer

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

// DefaultBaseDomain is the domain of all hosts: each organization has a host
// below it, and the authentication service has another one (documented).
const DefaultBaseDomain = "commercelayer.io"

// hostLabel matches one label of a host name (RFC 1123). An organization's slug
// is such a label.
var hostLabel = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// jwtForm matches a JWT: three parts, of which the first begins like an encoded
// JSON object. An access token that was set as the domain must not become a
// host name, since it would be sent to the DNS resolver.
var jwtForm = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+`)

// ParseDomain reads the domain of an organization. It may be a slug (acme), a
// host with or without a port (acme.commercelayer.io), or a URL
// (https://acme.commercelayer.io). The result is the URL of the host, without a
// path. The scheme http is allowed only for loopback hosts, because each
// request carries the access token. The errors are written for the person who
// typed the domain.
func ParseDomain(domain string) (*url.URL, error) { return parseHost("domain", domain) }

// parseHost reads the domain, or what an endpoint has before its path. The noun
// tells the errors which.
func parseHost(noun, domain string) (*url.URL, error) {
	switch {
	case domain == "":
		return nil, fmt.Errorf("the %s is empty", noun)
	case strings.TrimSpace(domain) == "":
		return nil, fmt.Errorf("the %s is blank", noun)
	case strings.ContainsFunc(domain, func(r rune) bool { return r <= ' ' || r == 0x7f }):
		return nil, fmt.Errorf("the %s contains white space or a control character", noun)
	case jwtForm.MatchString(domain):
		return nil, fmt.Errorf("the %s holds an access token, which is no host name", noun)
	}
	scheme, authority, isURL := strings.Cut(domain, "://")
	if !isURL {
		scheme, authority = "https", domain // a slug or a host is checked like the host of a URL
	}
	scheme = strings.ToLower(scheme)
	if scheme != "https" && scheme != "http" {
		return nil, fmt.Errorf("the scheme %q is not supported: use https", redact.Name(scheme))
	}
	authority = strings.TrimSuffix(authority, "/")
	for _, part := range []struct{ mark, name string }{
		{"@", "a user or a password"}, {"?", "a query"}, {"#", "a fragment"},
		{"/", "a path: name the host only, /api is added by the provider"},
	} {
		if strings.Contains(authority, part.mark) {
			return nil, fmt.Errorf("the %s must not contain %s", noun, part.name)
		}
	}
	u, err := url.Parse(scheme + "://" + authority)
	if err != nil {
		return nil, fmt.Errorf("%q is not a host name", redact.Name(authority))
	}
	host, port := strings.ToLower(u.Hostname()), u.Port()
	if err := checkPort(authority, port); err != nil {
		return nil, err
	}
	if err := checkHost(host); err != nil {
		return nil, err
	}
	if !isURL && !strings.Contains(host, ".") && !strings.Contains(host, ":") && host != "localhost" {
		if port != "" {
			return nil, fmt.Errorf("a port needs the full host name, such as %s.%s:%s", host, DefaultBaseDomain, port)
		}
		host += "." + DefaultBaseDomain
	}
	if scheme == "http" && !isLoopback(host) {
		return nil, fmt.Errorf("an http:// URL is for loopback hosts only, since credentials would travel "+
			"unencrypted: use https://%s", host)
	}
	u.Host = joinHostPort(host, port)
	return u, nil
}

func checkPort(authority, port string) error {
	if port == "" {
		if strings.HasSuffix(authority, ":") {
			return errors.New("the port is missing after the colon")
		}
		return nil
	}
	if !isPort(port) {
		return fmt.Errorf("the port %s is not between 1 and 65535", port)
	}
	return nil
}

func isPort(port string) bool {
	n, err := strconv.Atoi(port)
	return err == nil && n >= 1 && n <= 65535
}

func checkHost(host string) error {
	if host == "" {
		return errors.New("the host is missing")
	}
	if addr, err := netip.ParseAddr(host); err == nil {
		if addr.Zone() != "" {
			return errors.New("the address must not name a zone")
		}
		return nil
	}
	if len(host) > 253 {
		return errors.New("the host name is longer than 253 characters")
	}
	for label := range strings.SplitSeq(host, ".") {
		if !hostLabel.MatchString(label) {
			return fmt.Errorf("%q is not a host name: a label holds 1 to 63 letters, digits and inner hyphens",
				redact.Name(host))
		}
	}
	return nil
}

func joinHostPort(host, port string) string {
	if port != "" {
		return net.JoinHostPort(host, port)
	}
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

// ParseAuthEndpoint reads the URL of the token endpoint. It must have a path,
// and it must not have a query, a fragment or a user. The scheme http is
// allowed only for loopback hosts, because the request carries the client
// secret.
func ParseAuthEndpoint(endpoint string) (*url.URL, error) {
	scheme, rest, found := strings.Cut(endpoint, "://")
	if !found {
		return nil, errors.New("the endpoint is not a URL: it starts with https://")
	}
	authority, path, _ := strings.Cut(rest, "/")
	base, err := parseHost("endpoint", scheme+"://"+authority)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(base.String() + "/" + path)
	switch {
	case err != nil, strings.Contains(path, " "):
		return nil, errors.New("the path of the endpoint is malformed")
	case strings.Contains(path, "?"):
		return nil, errors.New("the endpoint must not contain a query")
	case strings.Contains(path, "#"):
		return nil, errors.New("the endpoint must not contain a fragment")
	case path == "":
		return nil, errors.New("the path of the endpoint is missing, such as /oauth/token")
	}
	base.Path, base.RawPath = u.Path, u.RawPath
	return base, nil
}

// DefaultAuthEndpoint returns the token endpoint for the host of an
// organization. It is on auth.<base domain>, which all organizations share
// (documented). For a loopback host it is on the same host. A nil domain stands
// for [DefaultBaseDomain]. It fails for a host without a base domain, such as
// an IP address.
func DefaultAuthEndpoint(domain *url.URL) (*url.URL, error) {
	const path = "/oauth/token"
	if domain == nil {
		return &url.URL{Scheme: "https", Host: "auth." + DefaultBaseDomain, Path: path}, nil
	}
	host := domain.Hostname()
	if isLoopback(host) {
		return &url.URL{Scheme: domain.Scheme, Host: domain.Host, Path: path}, nil
	}
	_, base, found := strings.Cut(host, ".")
	if _, err := netip.ParseAddr(host); err == nil || !found || !strings.Contains(base, ".") {
		return nil, fmt.Errorf("no authentication host can be derived from %s", host)
	}
	return &url.URL{Scheme: "https", Host: "auth." + base, Path: path}, nil
}
