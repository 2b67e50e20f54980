package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// play is the first argument with which this test binary behaves as the command
// that exec starts. With the variable, it behaves as the emulator.
const (
	play            = "play"
	emulatorProcess = "EMULATOR_TEST_PROCESS"
)

var self, _ = os.Executable()

func TestMain(m *testing.M) {
	switch {
	case len(os.Args) > 1 && os.Args[1] == play:
		os.Exit(playRole(os.Args[2], os.Args[3:]))
	case os.Getenv(emulatorProcess) != "":
		main()
	}
	for _, sig := range passedOn {
		// Under nohup and in the background, this process ignores some signals, and
		// a command inherits that. A command does not inherit a handler.
		if signal.Ignored(sig) {
			signal.Notify(make(chan os.Signal, 1), sig)
		}
	}
	// Without this, a process with the race detector needs a second to end.
	_ = os.Setenv("GORACE", "atexit_sleep_ms=0")
	os.Exit(m.Run())
}

// executing returns a command line of exec that starts this test binary in a
// role.
func executing(role string, flags ...string) []string {
	return slices.Concat([]string{"exec"}, flags, []string{"--", self, play}, strings.Fields(role))
}

// result is the output and the exit code of the command.
type result struct {
	code           int
	stdout, stderr string
}

// input is the stdin of the command.
const input = "{}\n"

// runs runs the command in this process until it ends.
func runs(args ...string) result {
	var stdout, stderr strings.Builder
	code := run(args, strings.NewReader(input), &stdout, &stderr)
	return result{code, stdout.String(), stderr.String()}
}

// process is an emulator in a process of its own.
type process struct {
	*exec.Cmd
	lines *bufio.Scanner // of stdout and stderr
}

// start starts the emulator. The end of the test kills it, and so does a minute
// in which it has not done what the test waits for.
func start(t *testing.T, change func(*exec.Cmd), args ...string) *process {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	command := exec.CommandContext(ctx, self, args...)
	command.Env = append(os.Environ(), emulatorProcess+"=1")
	if change != nil {
		change(command)
	}
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	command.Stderr = command.Stdout
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = command.Wait()
	})
	return &process{command, bufio.NewScanner(output)}
}

// serving starts the emulator on a free port and waits for the ready line.
func serving(t *testing.T, args ...string) (p *process, printed, address string) {
	t.Helper()
	p = start(t, nil, append([]string{"-addr", "127.0.0.1:0"}, args...)...)
	address, printed = p.until(t, "ready ")
	return p, printed, address
}

// until reads lines until one begins with prefix. It returns the rest of that
// line, and all lines before it.
func (p *process) until(t *testing.T, prefix string) (rest, before string) {
	t.Helper()
	for p.lines.Scan() {
		if rest, found := strings.CutPrefix(p.lines.Text(), prefix); found {
			return rest, before
		}
		before += p.lines.Text() + "\n"
	}
	t.Fatalf("no line begins with %q in\n%s", prefix, before)
	return "", ""
}

// signal sends a signal to the emulator.
func (p *process) signal(t *testing.T, sig os.Signal) {
	t.Helper()
	if err := p.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
}

// end waits until the process ends, and returns the exit code.
func (p *process) end() int {
	for p.lines.Scan() {
		// The pipe has to be read before Wait closes it.
	}
	_ = p.Wait()
	return p.ProcessState.ExitCode()
}

// ask sends a GET request as the provider would, and returns the status and the
// body. Without an answer it returns the error as the body.
func ask(address, host string) (status int, body string) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address, http.NoBody)
	if err != nil {
		return 0, err.Error()
	}
	req.Host = host
	req.Header.Set("Accept", "application/vnd.api+json")
	req.Header.Set("Authorization", "Bearer "+emulator.DefaultToken)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(text)
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// customers writes a file with one customer, whose ID is x.
func customers(t *testing.T, status, mode string) string {
	t.Helper()
	return write(t, "customers.json", fmt.Sprintf(`{"data":[{"type":"customers","id":"x",`+
		`"links":{"self":"https://acme.commercelayer.io/api/customers/x"},`+
		`"attributes":{"email":"a@example.com","status":%q},"meta":{"mode":%q,"organization_id":"oRgAcme"}}]}`, status, mode))
}

// playRole is the command that exec starts.
func playRole(role string, arguments []string) int {
	n := 0
	_, _ = fmt.Sscan(strings.Join(arguments, " "), &n)
	switch role {
	case "exit":
		return n
	case "environment":
		for _, variable := range os.Environ() {
			if strings.HasPrefix(variable, ours) {
				fmt.Println(variable)
			}
		}
	case "runs": // read the customer x, twice in each of n runs, as Terraform would
		domain := os.Getenv(ours + "DOMAIN")
		for range n {
			res, err := http.PostForm(domain+"/oauth/token", url.Values{ //nolint:noctx // ends with the process
				"grant_type": {"client_credentials"}, "client_id": {os.Getenv(ours + "CLIENT_ID")},
				"client_secret": {os.Getenv(ours + "CLIENT_SECRET")},
			})
			if err == nil {
				_ = res.Body.Close()
			}
			ask(domain+"/api/customers/x", "")
			_, body := ask(domain+"/api/customers/x", "")
			fmt.Println(body)
		}
	case "signals":
		return playSignals()
	case "echo":
		_, _ = io.Copy(os.Stdout, os.Stdin)
	}
	return 0
}
