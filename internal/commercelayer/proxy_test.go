package commercelayer

import (
	"fmt"
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
	for value, want := range values {
		for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"} {
			err := CheckProxyEnvironment(variables(map[string]string{name: value}))
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

func TestOnlyTheProxyVariableThatIsReadIsChecked(t *testing.T) {
	for _, test := range []struct {
		set  map[string]string
		good bool
	}{
		{map[string]string{"HTTPS_PROXY": "http://proxy:3128", "https_proxy": "://"}, true},
		{map[string]string{"HTTPS_PROXY": "", "https_proxy": "://"}, false},
		{map[string]string{"ALL_PROXY": "://", "NO_PROXY": "://"}, true},
	} {
		err := CheckProxyEnvironment(variables(test.set))
		expectEqual(t, fmt.Sprint("whether it is right to set ", test.set), err == nil, test.good)
	}
}
