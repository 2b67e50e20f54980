package main

import (
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// serving starts the command on a free port and waits for the ready line.
func serving(t *testing.T, args ...string) (p *process, lines []string, url string) {
	t.Helper()
	p = startBinary(t, nil, append([]string{"-addr", "127.0.0.1:0"}, args...)...)
	lines = p.until(t, "ready ")
	return p, lines, strings.TrimPrefix(lines[len(lines)-1], "ready ")
}

func TestServePrintsCredentialsFirstAndTheReadyLineLast(t *testing.T) {
	_, lines, url := serving(t)
	var names []string
	env := map[string]string{}
	for _, line := range lines {
		if assignment, ok := strings.CutPrefix(strings.TrimSpace(line), "export "); ok {
			name, value, _ := strings.Cut(assignment, "=")
			names = append(names, name)
			env[name] = value
		}
	}
	if got, want := strings.Join(names, " "),
		"COMMERCELAYER_DOMAIN COMMERCELAYER_CLIENT_ID COMMERCELAYER_CLIENT_SECRET COMMERCELAYER_TOKEN"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if env["COMMERCELAYER_DOMAIN"] != url {
		t.Errorf("the domain %q is not the ready line's %q", env["COMMERCELAYER_DOMAIN"], url)
	}
	status, err := askForToken(t.Context(), url, env["COMMERCELAYER_CLIENT_ID"], env["COMMERCELAYER_CLIENT_SECRET"])
	if err != nil || status != http.StatusOK {
		t.Errorf("the printed client: %d %v", status, err)
	}
	if status, _, err := ask(t.Context(), url+"/api/customers", env["COMMERCELAYER_TOKEN"]); err != nil ||
		status != http.StatusOK {
		t.Errorf("the printed token: %d %v", status, err)
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

func TestServeSwitchesToNextAtARun(t *testing.T) {
	_, _, url := serving(t, "-data", customers(t, "prospect", "test"),
		"-next", customers(t, "repeat", "test"), "-next-at-run", "3")
	for run, want := range []string{"prospect", "prospect", "repeat", "repeat"} {
		status, err := askForToken(t.Context(), url, emulator.DefaultClientID, emulator.DefaultClientSecret)
		if err != nil || status != http.StatusOK {
			t.Fatalf("%d %v", status, err)
		}
		if _, body := mustAsk(t, url+"/api/customers/x"); !strings.Contains(body, want) {
			t.Errorf("run %d: want %s in %s", run+1, want, body)
		}
	}
}

func TestServeProposesAnotherPort(t *testing.T) {
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	r := runBinary(t, nil, "-addr", taken.Addr().String())
	if r.code != exitFailed || !strings.Contains(r.stderr,
		"is taken by another program: choose another one with -addr 127.0.0.1:") {
		t.Errorf("got %d and %s", r.code, r.stderr)
	}
}

func TestServeStaysOnThisMachineUnlessExposed(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "example.com:80", "192.0.2.1:80"} {
		if r := runBinary(t, nil, "-addr", addr); r.code != exitUsage || !strings.Contains(r.stderr, "add -expose") {
			t.Errorf("-addr %s: got %d and %s", addr, r.code, r.stderr)
		}
	}
	p := startBinary(t, nil, "-addr", "0.0.0.0:0", "-expose")
	lines := p.until(t, "ready ")
	url := strings.TrimPrefix(lines[len(lines)-1], "ready ")
	if status, _ := mustAsk(t, url+"/api/customers"); status != http.StatusOK || !strings.HasPrefix(url,
		"http://127.0.0.1:") {
		t.Errorf("%s: %d", url, status)
	}
	_ = p.Process.Kill()
	if warning, _ := io.ReadAll(p.stderr); !strings.Contains(string(warning), "warning: -expose") ||
		!strings.Contains(string(warning), "https") {
		t.Errorf("got the warning %q", warning)
	}
}

// A page in a browser can have its own name resolved to this machine. Then it
// may read what is served, unless the name is refused.
func TestOnlyThisMachineIsTakenAsHost(t *testing.T) {
	_, _, url := serving(t)
	_, _, exposed := serving(t, "-expose")
	refused := func(url, host string) bool {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = host
		req.Header = http.Header{"Accept": {"application/vnd.api+json"}, "Authorization": {"Bearer your-access-token"}}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		return res.StatusCode == http.StatusMisdirectedRequest
	}
	for _, path := range []string{"/api/customers", "/oauth/token", "/"} {
		for _, host := range []string{
			"127.0.0.1:8080", "localhost:8080", "LocalHost.", "[::1]:8080", "[::ffff:127.0.0.1]", "emulator.localhost", "127.1.2.3",
		} {
			if refused(url+path, host) {
				t.Errorf("%s is refused as host of %s", host, path)
			}
		}
		for _, host := range []string{
			"acme.example.com", "acme.example.com:8080", "localhost.example.com", "127.0.0.1.example.com", "shop",
			"yourdomain.example.com", "yourdomain.commercelayer.io", "192.0.2.1", "0.0.0.0", "[2001:db8::1]:8080",
		} {
			if !refused(url+path, host) || refused(exposed+path, host) {
				t.Errorf("%s is not refused as host of %s, or it is although -expose is given", host, path)
			}
		}
	}
}

func TestMistakesInTheCommandLine(t *testing.T) {
	some := customers(t, "repeat", "test")
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"no port":           {[]string{"-addr", "127.0.0.1"}, "write host:port"},
		"an argument":       {[]string{"serve"}, `unexpected argument "serve"`},
		"an unknown flag":   {[]string{"-port", "1"}, "flag provided but not defined: -port"},
		"negative":          {[]string{"-customers", "-1"}, "-customers -1 is negative"},
		"two sources":       {[]string{"-customers", "1", "-data", some}, "use one of them"},
		"a run of nothing":  {[]string{"-next-at-run", "2"}, "-next, which is missing"},
		"the first run":     {[]string{"-next", some, "-next-at-run", "1"}, "would never serve -data"},
		"a run before that": {[]string{"-next", some, "-next-at-run", "-2"}, "is negative"},
	} {
		t.Run(name, func(t *testing.T) {
			if r := runBinary(t, nil, test.args...); r.code != exitUsage || !strings.Contains(r.stderr, test.want) ||
				r.stdout != "" {
				t.Errorf("serving: got %d, %q and %q, want %s", r.code, r.stdout, r.stderr, test.want)
			}
			if name == "no port" || name == "an argument" {
				return
			}
			args := append(append([]string{"exec"}, test.args...), "--", "true")
			if r := runBinary(t, nil, args...); r.code != exitExecFailed || !strings.Contains(r.stderr, test.want) {
				t.Errorf("exec: got %d and %q, want %s", r.code, r.stderr, test.want)
			}
		})
	}
}

func TestBadDataEndsBothWaysOfServing(t *testing.T) {
	good, live := customers(t, "repeat", "test"), customers(t, "repeat", "live")
	broken := write(t, "broken.json", `{"data":{"type":"customer","id":"x"}}`)
	for name, test := range map[string]struct {
		flags []string
		want  string
	}{
		"absent":       {[]string{"-data", "absent.json"}, "absent.json"},
		"a wrong type": {[]string{"-data", broken}, broken + `: data.type: "customer", expected "customers"`},
		"live data": {[]string{"-data", live}, live +
			`: data[0].meta.mode: "live", but the emulator is in test mode: start it with -live`},
		"test data":   {[]string{"-live", "-data", good}, `"test", but the emulator is in live mode`},
		"broken next": {[]string{"-data", good, "-next", broken, "-next-at-run", "2"}, broken + ": data.type"},
		"live next":   {[]string{"-data", good, "-next", live, "-next-at-run", "2"}, "start it with -live"},
	} {
		t.Run(name, func(t *testing.T) {
			if r := runBinary(t, nil, test.flags...); r.code != exitFailed || !strings.Contains(r.stderr, test.want) ||
				r.stdout != "" {
				t.Errorf("serving: got %d, %q and %q", r.code, r.stdout, r.stderr)
			}
			env, args := child(t, "environment", test.flags...)
			if r := runBinary(t, env, args...); r.code != exitExecFailed || !strings.Contains(r.stderr, test.want) ||
				r.stdout != "" {
				t.Errorf("exec: got %d, %q and %q", r.code, r.stdout, r.stderr)
			}
		})
	}
}

func TestHelpAndVersion(t *testing.T) {
	for _, args := range [][]string{{"version"}, {"-version"}, {"--version"}} {
		if r := runBinary(t, nil, args...); r.code != 0 || r.stdout != "commercelayer-emulator 1.2.3\n" {
			t.Errorf("%q: %+v", args, r)
		}
	}
	for _, args := range [][]string{{"-help"}, {"-h"}, {"exec", "-help"}} {
		r := runBinary(t, nil, args...)
		for _, want := range []string{"exec [flags] -- COMMAND", "-data file", "-next-at-run n", "-log"} {
			if r.code != 0 || !strings.Contains(r.stderr, want) {
				t.Errorf("%q: %d, and %q is not in\n%s", args, r.code, want, r.stderr)
			}
		}
	}
}

// TestTheModuleCanBeInstalled looks for lines in go.mod that make go install
// refuse to install a module from another directory.
func TestTheModuleCanBeInstalled(t *testing.T) {
	output, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.GoMod}}").Output()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(strings.TrimSpace(string(output)))
	if err != nil {
		t.Fatal(err)
	}
	for _, directive := range []string{"replace", "exclude"} {
		if strings.Contains("\n"+string(text), "\n"+directive+" ") {
			t.Errorf("go.mod has a directive %s, with which go install …@version fails", directive)
		}
	}
}
