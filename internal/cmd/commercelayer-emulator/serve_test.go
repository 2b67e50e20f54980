package main

import (
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestServePrintsCredentialsFirstAndTheReadyLineLast(t *testing.T) {
	_, lines, url := serving(t)
	var names []string
	env := map[string]string{}
	for _, line := range lines {
		if assignment, ok := strings.CutPrefix(strings.TrimSpace(line), "export COMMERCELAYER_"); ok {
			name, value, _ := strings.Cut(assignment, "=")
			names = append(names, name)
			env[name] = value
		}
	}
	if got := strings.Join(names, " "); got != "DOMAIN CLIENT_ID CLIENT_SECRET TOKEN" || env["DOMAIN"] != url ||
		env["TOKEN"] != emulator.DefaultToken {
		t.Errorf("got %q", env)
	}
	if status, _, err := askForToken(url, env["CLIENT_ID"], env["CLIENT_SECRET"]); err != nil || status != http.StatusOK {
		t.Errorf("the printed client: %d %v", status, err)
	}
	curl := "curl -g '" + url + "/api/customers/" + emulator.SeedCustomerID + "'"
	if !strings.Contains(strings.Join(lines, "\n"), curl) {
		t.Errorf("%s is not printed", curl)
	}
}

func TestServeTakesItsFlags(t *testing.T) {
	p, _, url := serving(t, "-customers", "3", "-limits", "-live", "-latency", "1ms", "-log")
	status, body := mustAsk(t, url+"/api/customers?include=tags")
	if status != http.StatusOK || !strings.Contains(body, `"record_count":5`) || !strings.Contains(body, `"mode":"live"`) {
		t.Errorf("%d %s", status, body)
	}
	if line := p.until(t, "GET ")[0]; !strings.HasPrefix(line, "GET /api/customers?include=tags 200 ") {
		t.Errorf("log line %q", line)
	}
}

func TestServeServesDataAlone(t *testing.T) {
	_, lines, url := serving(t, "-data", customers(t, "repeat", "test"))
	if status, body := mustAsk(t, url+"/api/customers/x"); status != http.StatusOK || !strings.Contains(body, `"repeat"`) {
		t.Errorf("%d %s", status, body)
	}
	if status, _ := mustAsk(t, url+"/api/customers/"+emulator.SeedCustomerID); status != http.StatusNotFound {
		t.Errorf("the seeded customer: %d", status)
	}
	if text := strings.Join(lines, "\n"); !strings.Contains(text, "1 customer in test mode") ||
		!strings.Contains(text, "/api/customers/x'") {
		t.Errorf("got\n%s", text)
	}
}

func TestServeNamesThePortThatIsTaken(t *testing.T) {
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	r := runs(t, "-addr", taken.Addr().String())
	if r.code != exitFailed || !strings.Contains(r.stderr, "any that is free with -addr 127.0.0.1:0") {
		t.Errorf("got %d and %s", r.code, r.stderr)
	}
}

// A page in a browser can have its own name resolved to this machine. Then it
// may read what is served, unless the name is refused.
func TestServeStaysOnThisMachineUnlessExposed(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "example.com:80", "192.0.2.1:80"} {
		if r := runs(t, "-addr", addr); r.code != exitUsage || !strings.Contains(r.stderr, "add -expose") {
			t.Errorf("-addr %s: got %d and %s", addr, r.code, r.stderr)
		}
	}
	_, _, local := serving(t)
	p := start(t, nil, "-addr", "0.0.0.0:0", "-expose")
	lines := p.until(t, "ready ")
	exposed := strings.TrimPrefix(lines[len(lines)-1], "ready ")
	if !strings.HasPrefix(exposed, "http://127.0.0.1:") {
		t.Errorf("the URL is %s", exposed)
	}
	for want, hosts := range map[bool][]string{
		true: {"127.0.0.1:8080", "localhost:8080", "LocalHost.", "[::1]:8080", "[::ffff:127.0.0.1]", "emulator.localhost"},
		false: {
			"acme.example.com:8080", "localhost.example.com", "127.0.0.1.example.com", "shop", "yourdomain.commercelayer.io",
			"192.0.2.1", "0.0.0.0", "[2001:db8::1]:8080",
		},
	} {
		for _, host := range hosts {
			status, _, err := ask(t.Context(), local+"/api/customers", host)
			if err != nil || (status != http.StatusMisdirectedRequest) != want {
				t.Errorf("%s: %d %v", host, status, err)
			}
			status, _, err = ask(t.Context(), exposed+"/api/customers", host)
			if err != nil || status == http.StatusMisdirectedRequest {
				t.Errorf("%s, exposed: %d %v", host, status, err)
			}
		}
	}
	_ = p.Process.Kill()
	if warning, _ := io.ReadAll(p.stderr); !strings.Contains(string(warning), "warning: -expose") ||
		!strings.Contains(string(warning), "https") {
		t.Errorf("got the warning %q", warning)
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
		"an unknown flag":   {[]string{"-port", "1"}, exitUsage, "flag provided but not defined: -port"},
		"negative":          {[]string{"-customers", "-1"}, exitUsage, "-customers -1 is negative"},
		"two sources":       {[]string{"-customers", "1", "-data", good}, exitUsage, "use one of them"},
		"a run of nothing":  {[]string{"-next-at-run", "2"}, exitUsage, "-next, which is missing"},
		"the first run":     {[]string{"-next", good, "-next-at-run", "1"}, exitUsage, "would never serve -data"},
		"a run before that": {[]string{"-next", good, "-next-at-run", "-2"}, exitUsage, "is negative"},

		"absent":       {[]string{"-data", "absent.json"}, exitFailed, "absent.json"},
		"a wrong type": {[]string{"-data", broken}, exitFailed, broken + `: data.type: "customer", expected "customers"`},
		"live data": {[]string{"-data", live}, exitFailed, live +
			`: data[0].meta.mode: "live", but the emulator is in test mode: start it with -live`},
		"test data":   {[]string{"-live", "-data", good}, exitFailed, `"test", but the emulator is in live mode`},
		"broken next": {[]string{"-data", good, "-next", broken, "-next-at-run", "2"}, exitFailed, broken + ": data.type"},
		"live next":   {[]string{"-data", good, "-next", live, "-next-at-run", "2"}, exitFailed, "start it with -live"},
	} {
		t.Run(name, func(t *testing.T) {
			r := runs(t, test.flags...)
			if r.code != test.code || !strings.Contains(r.stderr, test.want) || r.stdout != "" {
				t.Errorf("serving: %+v, want %s", r, test.want)
			}
			r = runs(t, executing(t, "environment", test.flags...)...)
			if r.code != exitExecFailed || !strings.Contains(r.stderr, test.want) || r.stdout != "" {
				t.Errorf("exec: %+v, want %s", r, test.want)
			}
		})
	}
	for want, args := range map[string][]string{
		"write host:port":             {"-addr", "127.0.0.1"},
		`unexpected argument "serve"`: {"serve"},
	} {
		if r := runs(t, args...); r.code != exitUsage || !strings.Contains(r.stderr, want) {
			t.Errorf("%q: %+v", args, r)
		}
	}
}

func TestHelpAndVersion(t *testing.T) {
	version = "1.2.3"
	for _, args := range [][]string{{"version"}, {"-version"}, {"--version"}} {
		if r := runs(t, args...); r.code != 0 || r.stdout != "commercelayer-emulator 1.2.3\n" {
			t.Errorf("%q: %+v", args, r)
		}
	}
	for _, args := range [][]string{{"-help"}, {"-h"}, {"exec", "-help"}} {
		r := runs(t, args...)
		for _, want := range []string{"exec [flags] -- COMMAND", "-data file", "-next-at-run n", "-log"} {
			if r.code != 0 || !strings.Contains(r.stderr, want) {
				t.Errorf("%q: %d, and %q is not in\n%s", args, r.code, want, r.stderr)
			}
		}
	}
}

// With these lines in go.mod, go install refuses to install a module from
// another directory.
func TestTheModuleCanBeInstalled(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for _, directive := range []string{"replace", "exclude"} {
		if strings.Contains(string(text), "\n"+directive+" ") {
			t.Errorf("go.mod has a directive %s", directive)
		}
	}
}
