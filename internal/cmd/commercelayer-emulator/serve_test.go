package main

import (
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestServePrintsCredentialsFirstAndTheReadyLineLast(t *testing.T) {
	file := customers(t, "repeat", "test")
	_, printed, url := serving(t, "-data", file)
	rest := printed
	for _, want := range []string{
		"in test mode. Customers: 1, from " + file,
		"export COMMERCELAYER_DOMAIN=" + url,
		"export COMMERCELAYER_CLIENT_ID=" + emulator.DefaultClientID,
		"export COMMERCELAYER_CLIENT_SECRET=" + emulator.DefaultClientSecret,
		"export COMMERCELAYER_TOKEN=" + emulator.DefaultToken,
		"curl -g '" + url + "/api/customers/x'",
	} {
		var found bool
		if _, rest, found = strings.Cut(rest, want); !found {
			t.Fatalf("%q is missing, or in the wrong place, in\n%s", want, printed)
		}
	}
}

func TestServeTakesItsFlags(t *testing.T) {
	p, _, url := serving(t, "-customers", "3", "-limits", "-live", "-latency", "1ms", "-log")
	status, body := ask(url+"/api/customers?include=tags", "")
	if status != http.StatusOK || !strings.Contains(body, `"record_count":5`) || !strings.Contains(body, `"mode":"live"`) {
		t.Errorf("%d %s", status, body)
	}
	p.until(t, "GET /api/customers?include=tags 200 ")
}

// A page in a browser can have its own name resolved to this machine. Then it
// may read what is served, unless the name is refused.
func TestServeStaysOnThisMachineUnlessExposed(t *testing.T) {
	_, _, local := serving(t)
	p := start(t, nil, "-addr", "0.0.0.0:0", "-expose")
	exposed, printed := p.until(t, "ready ")
	if !strings.HasPrefix(exposed, "http://127.0.0.1:") || !strings.Contains(printed, "warning: -expose") {
		t.Errorf("got %s and %s", exposed, printed)
	}
	for want, hosts := range map[bool][]string{
		true: {"127.0.0.1:8080", "localhost:8080", "LocalHost.", "[::1]:8080", "[::ffff:127.0.0.1]", "emulator.localhost"},
		false: {
			"acme.example.com:8080", "localhost.example.com", "127.0.0.1.example.com", "shop", "yourdomain.commercelayer.io",
			"192.0.2.1", "0.0.0.0", "[2001:db8::1]:8080",
		},
	} {
		for _, host := range hosts {
			refused := http.StatusMisdirectedRequest
			if status, body := ask(local+"/api/customers", host); (status != refused) != want {
				t.Errorf("%s: %d %s", host, status, body)
			}
			if status, body := ask(exposed+"/api/customers", host); status == refused || status == 0 {
				t.Errorf("%s, exposed: %d %s", host, status, body)
			}
		}
	}
}

// What is wrong ends serving and exec before anything is started.
func TestMistakesEndBothWaysOfServing(t *testing.T) {
	good, live := customers(t, "repeat", "test"), customers(t, "repeat", "live")
	broken := write(t, "broken.json", `{"data":{"type":"customer","id":"x"}}`)
	for name, test := range map[string]struct {
		flags []string
		code  int // of serving
		want  string
	}{
		"an unknown flag":  {[]string{"-port", "1"}, exitUsage, "flag provided but not defined: -port"},
		"negative":         {[]string{"-customers", "-1"}, exitUsage, `invalid value "-1" for flag -customers`},
		"two sources":      {[]string{"-customers", "1", "-data", good}, exitUsage, "use one of them"},
		"a run of nothing": {[]string{"-next-at-run", "2"}, exitUsage, "-next, which is missing"},
		"the first run":    {[]string{"-next", good, "-next-at-run", "1"}, exitUsage, "would never serve -data"},

		"absent":       {[]string{"-data", "absent.json"}, exitFailed, "absent.json"},
		"a wrong type": {[]string{"-data", broken}, exitFailed, broken + `: data.type: "customer", expected "customers"`},
		"live data": {[]string{"-data", live}, exitFailed, live +
			`: data[0].meta.mode: "live", but the emulator is in test mode; the flag -live decides that`},
		"test data":   {[]string{"-live", "-data", good}, exitFailed, `"test", but the emulator is in live mode`},
		"broken next": {[]string{"-data", good, "-next", broken, "-next-at-run", "2"}, exitFailed, broken + ": data.type"},
		"live next":   {[]string{"-data", good, "-next", live, "-next-at-run", "2"}, exitFailed, "the emulator is in test mode"},
	} {
		t.Run(name, func(t *testing.T) {
			r := runs(test.flags...)
			if r.code != test.code || !strings.Contains(r.stderr, test.want) || r.stdout != "" {
				t.Errorf("serving: %+v, want %s", r, test.want)
			}
			r = runs(executing("environment", test.flags...)...)
			if r.code != exitExecFailed || !strings.Contains(r.stderr, test.want) || r.stdout != "" {
				t.Errorf("exec: %+v, want %s", r, test.want)
			}
		})
	}
}

func TestServeNeedsAnAddressOfThisMachine(t *testing.T) {
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for addr, want := range map[string]string{
		"0.0.0.0:0": "add -expose", ":0": "add -expose", "[::]:0": "add -expose", "example.com:80": "add -expose",
		"192.0.2.1:80": "add -expose", "127.0.0.1": "write host:port",
		taken.Addr().String(): "use any port that is free with -addr 127.0.0.1:0",
	} {
		if r := runs("-addr", addr); r.code == 0 || !strings.Contains(r.stderr, want) {
			t.Errorf("-addr %s: %+v", addr, r)
		}
	}
	if r := runs("serve"); r.code != exitUsage || !strings.Contains(r.stderr, `unexpected argument "serve"`) {
		t.Errorf("%+v", r)
	}
}

func TestHelpAndVersion(t *testing.T) {
	version = "1.2.3"
	for _, args := range [][]string{{"version"}, {"-version"}, {"--version"}} {
		if r := runs(args...); r.code != 0 || r.stdout != "commercelayer-emulator 1.2.3\n" {
			t.Errorf("%q: %+v", args, r)
		}
	}
	for _, args := range [][]string{{"-help"}, {"-h"}, {"exec", "-help"}} {
		r := runs(args...)
		for _, want := range []string{"exec [flags] -- COMMAND", "-data file", "-next-at-run n", "-log"} {
			if r.code != 0 || !strings.Contains(r.stderr, want) {
				t.Errorf("%q: %d, and %q is not in\n%s", args, r.code, want, r.stderr)
			}
		}
	}
}
