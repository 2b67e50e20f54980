package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
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

func TestMain(m *testing.M) {
	switch {
	case len(os.Args) > 1 && os.Args[1] == play:
		os.Exit(playRole(os.Args[2], os.Args[3:]))
	case os.Getenv(emulatorProcess) != "":
		os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	for _, sig := range passedOn {
		// Under nohup and in the background, this process ignores some signals, and
		// a command inherits that. A command does not inherit a handler.
		if signal.Ignored(sig) {
			signal.Notify(make(chan os.Signal, 1), sig)
		}
	}
	// Without this, a process with the race detector needs a second to end.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func self(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// executing returns a command line of exec that starts this test binary in a
// role.
func executing(t *testing.T, role string, flags ...string) []string {
	t.Helper()
	return slices.Concat([]string{"exec"}, flags, []string{"--", self(t), play}, strings.Fields(role))
}

// result is the output and the exit code of the command.
type result struct {
	code           int
	stdout, stderr string
}

// runs runs the command in this process until it ends.
func runs(t *testing.T, args ...string) result {
	t.Helper()
	var stdout, stderr strings.Builder
	code := run(args, strings.NewReader("{}\n"), &stdout, &stderr)
	return result{code, stdout.String(), stderr.String()}
}

// process is an emulator in a process of its own.
type process struct {
	*exec.Cmd
	lines  *bufio.Scanner
	stderr io.ReadCloser
}

// start starts the emulator. The end of the test kills it, and so does a minute
// in which it has not done what the test waits for.
func start(t *testing.T, change func(*exec.Cmd), args ...string) *process {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	command := exec.CommandContext(ctx, self(t), args...)
	command.Env = append(os.Environ(), emulatorProcess+"=1")
	if change != nil {
		change(command)
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	return &process{command, bufio.NewScanner(stdout), stderr}
}

// serving starts the emulator on a free port and waits for the ready line.
func serving(t *testing.T, args ...string) (p *process, lines []string, url string) {
	t.Helper()
	p = start(t, nil, append([]string{"-addr", "127.0.0.1:0"}, args...)...)
	lines = p.until(t, "ready ")
	return p, lines, strings.TrimPrefix(lines[len(lines)-1], "ready ")
}

// until reads lines until one begins with prefix, and returns all of them.
func (p *process) until(t *testing.T, prefix string) []string {
	t.Helper()
	var lines []string
	for p.lines.Scan() {
		lines = append(lines, p.lines.Text())
		if strings.HasPrefix(p.lines.Text(), prefix) {
			return lines
		}
	}
	rest, _ := io.ReadAll(p.stderr)
	t.Fatalf("no line begins with %q in\n%s\n%s", prefix, strings.Join(lines, "\n"), rest)
	return nil
}

// end waits until the process ends, and returns the exit code.
func (p *process) end(t *testing.T) int {
	t.Helper()
	for p.lines.Scan() {
		// The pipe has to be read before Wait closes it.
	}
	_, _ = io.Copy(io.Discard, p.stderr)
	err := p.Wait()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		t.Fatal(err)
	}
	return p.ProcessState.ExitCode()
}

// ask sends a GET request as the provider would. host may be empty.
func ask(ctx context.Context, url, host string) (int, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return 0, "", err
	}
	req.Host = host
	req.Header.Set("Accept", "application/vnd.api+json")
	req.Header.Set("Authorization", "Bearer "+emulator.DefaultToken)
	return receive(http.DefaultClient.Do(req))
}

// askForToken asks for a token, as each run of Terraform does first.
func askForToken(domain, id, secret string) (int, string, error) {
	form := "grant_type=client_credentials&client_id=" + id + "&client_secret=" + secret
	return receive(http.Post(domain+"/oauth/token", //nolint:noctx // ends with the process
		"application/x-www-form-urlencoded", strings.NewReader(form)))
}

func receive(res *http.Response, err error) (int, string, error) {
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return res.StatusCode, string(body), err
}

func mustAsk(t *testing.T, url string) (status int, body string) {
	t.Helper()
	status, body, err := ask(t.Context(), url, "")
	if err != nil {
		t.Fatal(err)
	}
	return status, body
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
	if len(arguments) > 0 {
		_, _ = fmt.Sscan(arguments[0], &n)
	}
	switch role {
	case "exit":
		return n
	case "environment":
		for _, variable := range os.Environ() {
			if strings.HasPrefix(variable, ours) {
				fmt.Println(variable)
			}
		}
	case "runs":
		return playRuns(n)
	case "signals":
		return playSignals()
	case "echo":
		_, _ = io.Copy(os.Stdout, os.Stdin)
	}
	return 0
}

// playRuns reads the customer x in several runs, as Terraform would.
func playRuns(n int) int {
	domain := os.Getenv(ours + "DOMAIN")
	for range n {
		status, _, err := askForToken(domain, os.Getenv(ours+"CLIENT_ID"), os.Getenv(ours+"CLIENT_SECRET"))
		if err != nil || status != http.StatusOK {
			fmt.Fprintln(os.Stderr, status, err)
			return 1
		}
		_, body, err := ask(context.Background(), domain+"/api/customers/x", "")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		fmt.Println(body)
	}
	return 0
}
