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
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/clidriver"
)

// binary is the path of the command, which is built once for all tests.
var binary string

// childVariable makes this test binary behave as the command that exec starts.
const childVariable = "EMULATOR_TEST_CHILD"

func TestMain(m *testing.M) {
	if role := os.Getenv(childVariable); role != "" {
		os.Exit(playChild(role))
	}
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	temp, err := os.MkdirTemp("", "commercelayer-emulator-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(temp)
	for _, sig := range passedOn {
		// Under nohup and in the background, this process ignores some signals, and
		// a command inherits that. A command does not inherit a handler.
		if signal.Ignored(sig) {
			signal.Notify(make(chan os.Signal, 1), sig)
		}
	}
	binary = filepath.Join(temp, "commercelayer-emulator")
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	// Without this, a process with the race detector needs a second to end.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	build := exec.CommandContext(context.Background(), "go", slices.Concat(
		[]string{"build", "-buildvcs=false", "-ldflags", "-X main.version=1.2.3", "-o", binary},
		clidriver.RaceFlag(), []string{"."})...)
	if output, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "building the command: %v\n%s", err, output)
		return 1
	}
	return m.Run()
}

// result is the output and the exit code of a process.
type result struct {
	code           int
	stdout, stderr string
}

// runBinary runs the command until it ends.
func runBinary(t *testing.T, env []string, args ...string) result {
	t.Helper()
	var stdout, stderr strings.Builder
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, binary, args...)
	command.Env = append(os.Environ(), env...)
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		t.Fatal(err)
	}
	return result{command.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// process is a command that keeps running.
type process struct {
	*exec.Cmd
	lines  *bufio.Scanner
	stderr io.ReadCloser
}

// startBinary starts the command. The end of the test kills it, and so does a
// minute in which it has not done what the test waits for.
func startBinary(t *testing.T, change func(*exec.Cmd), args ...string) *process {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	command := exec.CommandContext(ctx, binary, args...)
	command.Env = os.Environ()
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

// ask sends a GET request as the provider would.
func ask(ctx context.Context, url, token string) (int, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Accept", "application/vnd.api+json")
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return res.StatusCode, string(body), err
}

// mustAsk is ask with the token that never expires.
func mustAsk(t *testing.T, url string) (status int, body string) {
	t.Helper()
	status, body, err := ask(t.Context(), url, "your-access-token")
	if err != nil {
		t.Fatal(err)
	}
	return status, body
}

// askForToken asks for a token, as each run of Terraform does first.
func askForToken(ctx context.Context, domain, id, secret string) (int, error) {
	form := "grant_type=client_credentials&client_id=" + id + "&client_secret=" + secret
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, domain+"/oauth/token", strings.NewReader(form))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
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

// child is a command line of exec that starts this test binary in a role. It also
// returns the variable that sets the role.
func child(t *testing.T, role string, flags ...string) (env, args []string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return []string{childVariable + "=" + role}, slices.Concat([]string{"exec"}, flags, []string{"--", self})
}

// playChild is the command that exec starts.
func playChild(role string) int {
	name, argument, _ := strings.Cut(role, " ")
	switch name {
	case "exit":
		code := 0
		_, _ = fmt.Sscan(argument, &code)
		return code
	case "environment":
		for _, variable := range os.Environ() {
			if strings.HasPrefix(variable, "COMMERCELAYER_") {
				fmt.Println(variable)
			}
		}
	case "runs":
		return playRuns(argument)
	case "signals":
		return playSignals()
	case "echo":
		_, _ = io.Copy(os.Stdout, os.Stdin)
	}
	return 0
}

// playRuns reads the customer x in several runs, as Terraform would.
func playRuns(count string) int {
	n := 0
	_, _ = fmt.Sscan(count, &n)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	domain := os.Getenv("COMMERCELAYER_DOMAIN")
	for range n {
		status, err := askForToken(ctx, domain, os.Getenv("COMMERCELAYER_CLIENT_ID"),
			os.Getenv("COMMERCELAYER_CLIENT_SECRET"))
		if err != nil || status != http.StatusOK {
			fmt.Fprintln(os.Stderr, status, err)
			return 1
		}
		_, body, err := ask(ctx, domain+"/api/customers/x", "your-access-token")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		fmt.Println(body)
	}
	return 0
}
