package examples

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// A script is a script of the guides that runs without a CLI, in a copy of its
// example.
type script struct {
	name, dir string
	env       []string
}

// newScript has the path of a script, the programs of testdata/bin that stand in for
// the real ones, and variables of the form NAME=value.
func newScript(t *testing.T, path string, programs []string, variables ...string) *script {
	t.Helper()
	needs(t, "sh", "curl", "jq")
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(pipelines, filepath.Dir(path)))); err != nil {
		t.Fatal(err)
	}
	env := append([]string{"HOME=" + dir, "LOG=" + dir, pathWith(standIns(t, programs...))}, variables...)
	return &script{filepath.Base(path), dir, env}
}

func (s *script) run(t *testing.T, args ...string) (code int, output string) {
	t.Helper()
	return runShell(t, s.dir, s.env, append([]string{s.name}, args...)...)
}

// log is what a program that stands in noted. It is empty if the program did not run.
func (s *script) log(t *testing.T, program string) string {
	t.Helper()
	return readAll(t, s.dir, program+".log")
}

// runShell returns the exit code of sh, and what was printed.
func runShell(t *testing.T, dir string, env []string, args ...string) (code int, output string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "sh", args...)
	command.Dir, command.Env = dir, env
	printed, err := command.CombinedOutput()
	if command.ProcessState == nil {
		t.Fatal(err)
	}
	return command.ProcessState.ExitCode(), string(printed)
}

// pathWith returns the variable PATH with folders that come first.
func pathWith(folders ...string) string {
	return "PATH=" + strings.Join(append(folders, os.Getenv("PATH")), string(os.PathListSeparator))
}

// needs skips a test on machines that lack a command.
func needs(t *testing.T, commands ...string) {
	t.Helper()
	for _, command := range commands {
		if _, err := exec.LookPath(command); err != nil {
			t.Skipf("this machine has no %s", command)
		}
	}
}

// secretScripts send a secret with curl, to the URL that a variable holds.
var secretScripts = map[string]struct {
	variable, path string
	secrets        []string
}{
	"record/record.sh": {"COMMERCELAYER_DOMAIN", "", []string{"COMMERCELAYER_TOKEN=sEcReT"}},
	"token/plan-all.sh": {
		"COMMERCELAYER_AUTH_ENDPOINT", "/oauth/token",
		[]string{"COMMERCELAYER_CLIENT_ID=id", "COMMERCELAYER_CLIENT_SECRET=sEcReT"},
	},
}

func newSecretScript(t *testing.T, path, host string, programs ...string) *script {
	t.Helper()
	tt := secretScripts[path]
	return newScript(t, path, programs, append(tt.secrets, tt.variable+"="+host+tt.path, "PAUSE=0")...)
}

// TestScriptsSendSecretsOverHTTPSOrToThisMachine looks at what curl is asked to
// do. curl itself would ask acme over plain http.
func TestScriptsSendSecretsOverHTTPSOrToThisMachine(t *testing.T) {
	t.Parallel()
	for path, tt := range secretScripts {
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
			t.Run(path+" "+host, func(t *testing.T) {
				t.Parallel()
				s := newSecretScript(t, path, host, "curl")
				code, output := s.run(t, "folder")
				asked := s.log(t, "curl")
				if code == 0 || (asked != "") != sent || !sent && !strings.Contains(output, tt.variable+" must be ") {
					t.Fatalf("exit code %d, and\n%s\ncurl got\n%s", code, output, asked)
				}
				for _, want := range []string{"argument: " + host, "argument: --disable\n", "sEcReT"} {
					if sent && !strings.Contains(asked, want) {
						t.Errorf("curl got\n%s\nwant in it %q", asked, want)
					}
				}
				for line := range strings.Lines(asked) {
					if strings.Contains(line, "sEcReT") && !strings.HasPrefix(line, "input: ") {
						t.Errorf("the secret is an argument: %s", line)
					}
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
			s := newSecretScript(t, "record/record.sh", "https://acme.commercelayer.io", "curl")
			s.env = append(s.env, "COMMERCELAYER_TOKEN="+token)
			code, output := s.run(t, "folder")
			if code == 0 || s.log(t, "curl") != "" || !strings.Contains(output, "COMMERCELAYER_TOKEN must be ") {
				t.Errorf("exit code %d, and\n%s\ncurl got\n%s", code, output, s.log(t, "curl"))
			}
		})
	}
}

// TestRecordReplacesAnEarlierRecording has a file of the user in the same folder. It is
// run with a wrong token first.
func TestRecordReplacesAnEarlierRecording(t *testing.T) {
	t.Parallel()
	_, domain := startEmulator(t)
	s := newSecretScript(t, "record/record.sh", domain)
	for _, name := range []string{"page-0002.json", "page-0099.json", "mine.json"} {
		if err := errors.Join(os.MkdirAll(filepath.Join(s.dir, "customers"), 0o700),
			os.WriteFile(filepath.Join(s.dir, "customers", name), []byte("earlier\n"), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	code, output := s.run(t, "customers")
	if got := readAll(t, s.dir, "customers/*.json"); code == 0 || strings.Count(got, "earlier\n") != 3 {
		t.Errorf("without an answer: exit code %d, and\n%s\nthe folder has\n%s", code, output, got)
	}
	s.env = append(s.env, "COMMERCELAYER_TOKEN="+emulator.DefaultToken)
	code, output = s.run(t, "customers")
	if got := readAll(t, s.dir, "customers/*.json"); code != 0 || strings.Count(got, "earlier\n") != 1 {
		t.Errorf("exit code %d, and\n%s\nthe folder has\n%s", code, output, got)
	}
}

// TestScriptsUseNoProxyForThisMachine sets a proxy in every way that curl knows.
// Over plain http, the proxy would see the secret.
func TestScriptsUseNoProxyForThisMachine(t *testing.T) {
	t.Parallel()
	for path := range secretScripts {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			var seen atomic.Int64
			proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { seen.Add(1) }))
			t.Cleanup(proxy.Close)
			api, domain := startEmulator(t)
			s := newSecretScript(t, path, domain)
			if err := os.WriteFile(filepath.Join(s.dir, ".curlrc"), []byte("proxy = "+proxy.URL+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			s.env = append(s.env, "http_proxy="+proxy.URL, "ALL_PROXY="+proxy.URL, "all_proxy="+proxy.URL)
			s.run(t, "folder")
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
	for path, url := range map[string]string{"token/plan-all.sh": domain, "record/record.sh": empty.URL} {
		s := newSecretScript(t, path, url, "terraform")
		if code, output := s.run(t, "folder"); code == 0 || s.log(t, "terraform") != "" {
			t.Errorf("%s: exit code %d, and\n%s\nterraform got %s", path, code, output, s.log(t, "terraform"))
		}
	}
}

// TestPlanAllRequestsATokenForTheScopeIfItIsSet looks at what the endpoint is sent.
func TestPlanAllRequestsATokenForTheScopeIfItIsSet(t *testing.T) {
	t.Parallel()
	for _, want := range []string{"", "market:id:xYZkjABcde"} {
		api, domain := startEmulator(t)
		s := newSecretScript(t, "token/plan-all.sh", domain, "terraform")
		s.env = append(s.env, "COMMERCELAYER_SCOPE="+want)
		s.run(t, "folder")
		form := api.Requests()[0].Form
		if form.Get("scope") != want || form.Has("scope") != (want != "") {
			t.Errorf("want the scope %q, got %q", want, form["scope"])
		}
	}
}

// TestPlanAllPlansFoldersOfAnyName has a folder with a quote and a blank in its name.
func TestPlanAllPlansFoldersOfAnyName(t *testing.T) {
	t.Parallel()
	needs(t, "xargs")
	_, domain := startEmulator(t)
	s := newSecretScript(t, "token/plan-all.sh", domain, "terraform")
	s.env = append(s.env, "COMMERCELAYER_CLIENT_ID="+emulator.DefaultClientID,
		"COMMERCELAYER_CLIENT_SECRET="+emulator.DefaultClientSecret)
	code, output := s.run(t, "it's here")
	if got := s.log(t, "terraform"); code != 0 || got != "-chdir=it's here plan -input=false\n" {
		t.Errorf("exit code %d, and\n%s\nterraform got %q", code, output, got)
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
		for _, path := range []string{"plan/quiet.sh", "record/record.sh"} {
			t.Run(path+" "+name, func(t *testing.T) {
				t.Parallel()
				temporary := t.TempDir()
				s := newScript(t, path, []string{"curl", "terraform"}, "TMPDIR="+temporary, "SIGNAL="+name,
					"COMMERCELAYER_DOMAIN=https://acme.commercelayer.io", "COMMERCELAYER_TOKEN=sEcReT")
				code, output := s.run(t, "plan")
				left, err := os.ReadDir(temporary)
				if code != 130 || err != nil || len(left) != 0 {
					t.Errorf("exit code %d, and the files %v stay\n%s", code, left, output)
				}
			})
		}
	}
}
