package commercelayer

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/http/httpproxy"
)

// CheckProxyEnvironment tells whether requests to the hosts would use a proxy
// whose variable does not hold the URL of a proxy. Go ignores such a variable
// and connects directly. Where a proxy is the only way out, the connection then
// times out without an explanation. Elsewhere a request leaves without the
// proxy that it should use. A host may be nil.
//
// HTTP_PROXY is not checked. It is for http, which only loopback hosts may
// speak, and Go uses no proxy for them.
//
// The error names the variable. It quotes no part of the value, since that may
// contain a password.
func CheckProxyEnvironment(getenv func(string) string, hosts ...*url.URL) error {
	name, value := firstSet(getenv, "HTTPS_PROXY", "https_proxy")
	problem := proxyProblem(value)
	if value == "" || problem == "" {
		return nil
	}
	_, exceptions := firstSet(getenv, "NO_PROXY", "no_proxy")
	// Any valid proxy shows for which hosts there is one.
	proxyOf := (&httpproxy.Config{HTTPSProxy: "proxy", NoProxy: exceptions}).ProxyFunc()
	for _, host := range hosts {
		if host == nil {
			continue
		}
		if proxy, err := proxyOf(host); err == nil && proxy != nil {
			return fmt.Errorf("the environment variable %s does not hold the URL of a proxy: %s", name, problem)
		}
	}
	return nil
}

// firstSet returns the first variable that is set, as Go does.
func firstSet(getenv func(string) string, names ...string) (name, value string) {
	for _, name := range names {
		if value := getenv(name); value != "" {
			return name, value
		}
	}
	return "", ""
}

// proxyProblem says what is wrong with the address of a proxy. It returns "" if
// the address is valid.
func proxyProblem(value string) string {
	const encode = "In a user name and a password, the characters / ? # @ : must be percent-encoded, such as %2F for /"
	if stray := FindStray(value); stray.Found() {
		return "it " + stray.String()
	}
	if !strings.Contains(value, "://") {
		value = "http://" + value // Go does the same
	}
	u, err := url.Parse(value)
	switch {
	case err != nil && strings.Contains(value, "@"):
		return "it can't be read. " + encode
	case err != nil:
		return "it can't be read as scheme://host:port"
	case !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme):
		return "its scheme must be http, https, socks5 or socks5h"
	case strings.Contains(u.EscapedPath()+u.RawQuery+u.EscapedFragment(), "@"):
		return "there is an @ after its host. " + encode
	case u.Hostname() == "":
		return "it names no host"
	}
	if port := u.Port(); port != "" && !isPort(port) {
		return "its port is not between 1 and 65535"
	}
	return ""
}
