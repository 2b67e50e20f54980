package commercelayer

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// proxyVariables are the variables that [net/http.ProxyFromEnvironment] reads.
// In each pair the first variable that is set counts.
var proxyVariables = [][2]string{{"HTTPS_PROXY", "https_proxy"}, {"HTTP_PROXY", "http_proxy"}}

// CheckProxyEnvironment finds a variable that should hold the URL of a proxy
// and does not. Go ignores such a variable and connects directly. Where a proxy
// is the only way out, the connection then times out without an explanation.
// Elsewhere a request leaves without the proxy that it should use.
//
// The error names the variable. It quotes no part of the value, since that may
// contain a password.
func CheckProxyEnvironment(getenv func(string) string) error {
	for _, pair := range proxyVariables {
		for _, name := range pair {
			value := getenv(name)
			if value == "" {
				continue
			}
			if problem := proxyProblem(value); problem != "" {
				return fmt.Errorf("the environment variable %s does not hold the URL of a proxy: %s", name, problem)
			}
			break // the second variable of the pair is not read
		}
	}
	return nil
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
