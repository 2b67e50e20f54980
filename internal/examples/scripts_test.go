package examples

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

// A shell runs a script of the guides without a CLI.
type shell struct {
	dir string
	env []string
}

// newShell returns a shell in a copy of an example. On its PATH, the programs of
// testdata/bin that are named stand in for the real ones.
func newShell(t *testing.T, example string, programs ...string) *shell {
	t.Helper()
	for _, command := range []string{"sh", "curl", "jq"} {
		if _, err := exec.LookPath(command); err != nil {
			t.Skipf("this machine has no %s", command)
		}
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(pipelines, example))); err != nil {
		t.Fatal(err)
	}
	path := standIns(t, programs...) + string(os.PathListSeparator) + os.Getenv("PATH")
	return &shell{dir: dir, env: []string{"PATH=" + path, "HOME=" + dir}}
}

// run runs a script, and returns its exit code and both outputs.
func (s *shell) run(t *testing.T, script string, args ...string) (int, string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "sh", append([]string{script}, args...)...)
	command.Dir, command.Env = s.dir, s.env
	output, err := command.CombinedOutput()
	if command.ProcessState == nil {
		t.Fatal(err)
	}
	return command.ProcessState.ExitCode(), string(output)
}

// secretScripts are the scripts that send a secret with curl, to the URL that a
// variable holds.
var secretScripts = map[string]struct {
	example, script, argument, variable, path string
	env                                       []string
}{
	"record.sh": {
		"record", "record.sh", "recorded", "COMMERCELAYER_DOMAIN", "", []string{"COMMERCELAYER_TOKEN=sEcReT"},
	},
	"plan-all.sh": {
		"token", "plan-all.sh", "one", "COMMERCELAYER_AUTH_ENDPOINT", "/oauth/token",
		[]string{"COMMERCELAYER_CLIENT_ID=id", "COMMERCELAYER_CLIENT_SECRET=sEcReT"},
	},
}

// TestScriptsSendSecretsOverHTTPSOrToThisMachine looks at what curl is asked to
// do. curl itself would ask acme over plain http.
func TestScriptsSendSecretsOverHTTPSOrToThisMachine(t *testing.T) {
	t.Parallel()
	for name, tt := range secretScripts {
		for host, sent := range map[string]bool{
			"HTTPS://acme.commercelayer.io:8443":    true,
			"http://127.0.0.1:8080":                 true,
			"http://localhost":                      true,
			"http://[::1]:8080":                     true,
			"acme":                                  false,
			"HTTP://acme.commercelayer.io":          false,
			"http://127.0.0.1.example.com":          false,
			"http://127.0.0.1:8080@example.com":     false,
			"https://example.com\nhttp://127.0.0.1": false,
			"https://example.com http://10.0.0.1":   false,
			"https://user@example.com":              false,
			"file:///etc/passwd":                    false,
			"--url=http://example.com":              false,
			"https://":                              false,
		} {
			t.Run(name+" "+host, func(t *testing.T) {
				t.Parallel()
				s := newShell(t, tt.example, "curl")
				log := filepath.Join(s.dir, "curl.log")
				s.env = append(slices.Concat(s.env, tt.env), tt.variable+"="+host+tt.path, "CURL_LOG="+log)
				code, output := s.run(t, tt.script, tt.argument)
				if code == 0 || exists(log) != sent {
					t.Fatalf("curl ran: %t, want %t; exit code %d, and\n%s", exists(log), sent, code, output)
				}
				if !sent {
					if !strings.Contains(output, tt.variable+" must be ") {
						t.Errorf("the variable is not named:\n%s", output)
					}
					return
				}
				asked := read(t, log)
				if !strings.Contains(asked, "argument: "+host) || !strings.Contains(asked, "argument: --disable\n") {
					t.Errorf("curl got\n%s", asked)
				}
				for line := range strings.Lines(asked) {
					if strings.HasPrefix(line, "argument: ") && strings.Contains(line, "sEcReT") {
						t.Errorf("the secret is an argument: %s", line)
					}
				}
				if !strings.Contains(asked, "sEcReT") {
					t.Errorf("the secret is not sent:\n%s", asked)
				}
			})
		}
	}
}

// TestRecordRefusesWhatIsNoToken gives a value that would become a line of
// curl's own configuration.
func TestRecordRefusesWhatIsNoToken(t *testing.T) {
	t.Parallel()
	for name, token := range map[string]string{
		"empty":      "",
		"a line end": "sEcReT\n",
		"a URL":      "sEcReT\"\nurl = \"http://example.com",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShell(t, "record", "curl")
			log := filepath.Join(s.dir, "curl.log")
			s.env = append(s.env, "COMMERCELAYER_DOMAIN=https://acme.commercelayer.io", "COMMERCELAYER_TOKEN="+token,
				"CURL_LOG="+log)
			code, output := s.run(t, "record.sh", "recorded")
			if code == 0 || exists(log) || !strings.Contains(output, "COMMERCELAYER_TOKEN must be ") {
				t.Errorf("curl ran: %t; exit code %d, and\n%s", exists(log), code, output)
			}
		})
	}
}

// TestScriptsUseNoProxyForThisMachine sets a proxy in every way that curl knows.
// Over plain http, the proxy would see the secret.
func TestScriptsUseNoProxyForThisMachine(t *testing.T) {
	t.Parallel()
	for name, tt := range secretScripts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var seen atomic.Int64
			proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { seen.Add(1) }))
			t.Cleanup(proxy.Close)
			api, domain := startEmulator(t)
			s := newShell(t, tt.example)
			if err := os.WriteFile(filepath.Join(s.dir, ".curlrc"), []byte("proxy = "+proxy.URL+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			s.env = append(slices.Concat(s.env, tt.env), tt.variable+"="+domain+tt.path,
				"http_proxy="+proxy.URL, "ALL_PROXY="+proxy.URL, "all_proxy="+proxy.URL)
			s.run(t, tt.script, tt.argument)
			if seen.Load() != 0 || len(api.Requests()) != 1 {
				t.Errorf("the proxy saw %d requests, and this machine got %d", seen.Load(), len(api.Requests()))
			}
		})
	}
}

// TestScriptsFailWithoutTheAnswerThatTheyNeed has an endpoint that refuses the secret,
// and a server that answers everything with an empty object.
func TestScriptsFailWithoutTheAnswerThatTheyNeed(t *testing.T) {
	t.Parallel()
	_, domain := startEmulator(t)
	empty := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("{}"))
	}))
	t.Cleanup(empty.Close)
	for name, url := range map[string]string{"plan-all.sh": domain, "record.sh": empty.URL} {
		tt := secretScripts[name]
		s := newShell(t, tt.example, "terraform")
		log := filepath.Join(s.dir, "terraform.log")
		s.env = append(slices.Concat(s.env, tt.env), tt.variable+"="+url+tt.path, "TERRAFORM_LOG="+log, "PAUSE=0")
		if code, output := s.run(t, tt.script, tt.argument); code == 0 || exists(log) {
			t.Errorf("%s: terraform ran: %t; exit code %d, and\n%s", name, exists(log), code, output)
		}
	}
}

// TestScriptsLeaveNoFilesBehind stops scripts in the middle. Their temporary
// files hold customers.
func TestScriptsLeaveNoFilesBehind(t *testing.T) {
	t.Parallel()
	// If the tests run under nohup, SIGHUP is ignored. A process that they start
	// ignores it too, unless it is caught here.
	caught := make(chan os.Signal, 1)
	signal.Notify(caught, syscall.SIGHUP)
	t.Cleanup(func() { signal.Stop(caught) })
	for _, name := range []string{"HUP", "INT", "TERM"} {
		for script, args := range map[string][]string{"plan/quiet.sh": {"plan"}, "record/record.sh": {"recorded"}} {
			t.Run(script+" "+name, func(t *testing.T) {
				t.Parallel()
				s := newShell(t, filepath.Dir(script), "curl", "terraform")
				temporary := t.TempDir()
				s.env = append(s.env, "TMPDIR="+temporary, "SIGNAL="+name,
					"TERRAFORM_LOG="+filepath.Join(s.dir, "terraform.log"), "CURL_LOG="+filepath.Join(s.dir, "curl.log"),
					"COMMERCELAYER_DOMAIN=https://acme.commercelayer.io", "COMMERCELAYER_TOKEN=sEcReT")
				code, output := s.run(t, filepath.Base(script), args...)
				left, err := os.ReadDir(temporary)
				if code != 130 || err != nil || len(left) != 0 {
					t.Errorf("exit code %d, and the files %v stay\n%s", code, left, output)
				}
			})
		}
	}
}
