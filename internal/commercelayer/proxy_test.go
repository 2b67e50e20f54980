package commercelayer

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// variables returns the function that looks them up.
func variables(set map[string]string) func(string) string {
	return func(name string) string { return set[name] }
}

func TestProxyVariablesMustNameAProxy(t *testing.T) {
	const secret = "sEcReT"
	values := map[string]string{ // what is wrong
		"://":                                  "can't be read",
		":8080":                                "names no host",
		"http://:3128":                         "names no host",
		"http://proxy:port":                    "can't be read",
		"http://proxy:99999":                   "port",
		"http://%zz":                           "can't be read",
		"ftp://proxy:21":                       "scheme",
		"not a proxy":                          "can't be read",
		" http://proxy:3128":                   "begins with a blank",
		"http://proxy:3128\n":                  "ends with a line end",
		`"http://proxy:3128"`:                  "quotes",
		"http://user:" + secret + "/x@proxy:1": "percent-encoded",
		"http://user:" + secret + "?x@proxy:1": "percent-encoded",
		"http://user:" + secret + "%@proxy:1":  "percent-encoded",
		"http://user:12/" + secret + "@proxy":  "percent-encoded",
		"http://proxy\x00:3128":                "NUL",
	}
	for _, good := range []string{
		"", "http://proxy.example.com:3128", "https://proxy.example.com", "socks5://127.0.0.1:1080", "socks5h://proxy:1080",
		"proxy.example.com:3128", "proxy", "10.0.0.1:8080", "http://[::1]:3128", "http://user:p%40ss%2Fword@proxy:3128",
		"user:password@proxy:3128", "http://proxy:3128/", "http://proxy_1:3128", "HTTP://PROXY:3128", "http://proxy:",
	} {
		values[good] = ""
	}
	host := parseURL(t, "https://acme.commercelayer.io")
	for value, want := range values {
		for _, name := range []string{"HTTPS_PROXY", "https_proxy"} {
			err := CheckProxyEnvironment(variables(map[string]string{name: value}), host)
			switch {
			case (err == nil) != (want == ""):
				t.Errorf("%s=%q: %v, want %q", name, value, err, want)
			case err != nil && (!strings.Contains(err.Error(), name+" ") || !strings.Contains(err.Error(), want)):
				t.Errorf("%s=%q: %q is missing in %v", name, value, want, err)
			case err != nil && strings.Contains(err.Error(), secret):
				t.Errorf("the password is quoted: %v", err)
			}
		}
	}
}

func TestOnlyAProxyThatWouldBeUsedIsChecked(t *testing.T) {
	const api, endpoint, here = "https://acme.commercelayer.io", testEndpoint, "http://127.0.0.1:8080"
	for _, test := range []struct {
		set   map[string]string
		hosts []string
		good  bool
	}{
		{map[string]string{"HTTPS_PROXY": "http://proxy:3128", "https_proxy": "://"}, []string{api}, true},
		{map[string]string{"HTTPS_PROXY": "", "https_proxy": "://"}, []string{api}, false},
		{map[string]string{"ALL_PROXY": "://", "NO_PROXY": "://"}, []string{api}, true},
		{map[string]string{"HTTP_PROXY": "://", "http_proxy": "://"}, []string{api, here}, true},
		{map[string]string{"HTTPS_PROXY": "://"}, []string{here, "https://localhost:8443", "https://[::1]"}, true},
		{map[string]string{"HTTPS_PROXY": "://"}, []string{here, endpoint}, false},
		{map[string]string{"HTTPS_PROXY": "://"}, nil, true},
		{map[string]string{"HTTPS_PROXY": "://", "NO_PROXY": "*"}, []string{api}, true},
		{map[string]string{"HTTPS_PROXY": "://", "no_proxy": ".commercelayer.io"}, []string{api, endpoint}, true},
		{map[string]string{"HTTPS_PROXY": "://", "NO_PROXY": "acme.commercelayer.io"}, []string{api, endpoint}, false},
	} {
		hosts := []*url.URL{nil}
		for _, host := range test.hosts {
			hosts = append(hosts, parseURL(t, host))
		}
		err := CheckProxyEnvironment(variables(test.set), hosts...)
		expectEqual(t, fmt.Sprint("whether it is right to set ", test.set, " for ", test.hosts), err == nil, test.good)
	}
}
