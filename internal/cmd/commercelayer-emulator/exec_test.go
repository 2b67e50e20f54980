package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestExecReturnsTheExitCode(t *testing.T) {
	for _, code := range []int{0, 1, 2, 77} {
		env, args := child(t, fmt.Sprint("exit ", code))
		if r := runBinary(t, env, args...); r.code != code {
			t.Errorf("got %d, want %d", r.code, code)
		}
	}
}

func TestExecLeadsTheProviderToTheEmulator(t *testing.T) {
	env, args := child(t, "environment")
	env = append(env, "COMMERCELAYER_DOMAIN=https://acme.commercelayer.io", "COMMERCELAYER_TOKEN=secret",
		"COMMERCELAYER_CLIENT_ID=theirs", "COMMERCELAYER_CLIENT_SECRET=", "COMMERCELAYER_SCOPE=market:all",
		"COMMERCELAYER_AUTH_ENDPOINT=https://auth.example.com",
		"COMMERCELAYER_MODE=live", "COMMERCELAYER_PROBE_EXPIRED_TOKEN=secret", "COMMERCELAYER_OF_ANOTHER_SHOP_TOKEN=secret")
	r := runBinary(t, env, args...)
	lines := strings.Fields(r.stdout)
	slices.Sort(lines)
	want := []string{
		"COMMERCELAYER_CLIENT_ID=" + emulator.DefaultClientID, "COMMERCELAYER_CLIENT_SECRET=" + emulator.DefaultClientSecret,
		"COMMERCELAYER_DOMAIN=http://127.0.0.1:",
	}
	if len(lines) != len(want) {
		t.Fatalf("got %q, want %q", lines, want)
	}
	for i := range want {
		if !strings.HasPrefix(lines[i], want[i]) {
			t.Errorf("got %q, want %q", lines[i], want[i])
		}
	}
	// The line names each variable that was left out, so that its owner sees why
	// it has no effect. Empty variables had no effect before, so none is named.
	named := "it does not see your COMMERCELAYER_AUTH_ENDPOINT, COMMERCELAYER_CLIENT_ID, " +
		"COMMERCELAYER_DOMAIN, COMMERCELAYER_MODE, COMMERCELAYER_OF_ANOTHER_SHOP_TOKEN, " +
		"COMMERCELAYER_PROBE_EXPIRED_TOKEN, COMMERCELAYER_SCOPE, COMMERCELAYER_TOKEN\n"
	if !strings.Contains(r.stderr, named) || strings.Contains(r.stderr, "secret") {
		t.Errorf("got %s", r.stderr)
	}
}

func TestExecKeepsAModeThatFits(t *testing.T) {
	for mode, flags := range map[string][]string{"test": nil, "live": {"-live"}} {
		env, args := child(t, "environment", flags...)
		if r := runBinary(t, append(env, "COMMERCELAYER_MODE="+mode), args...); !strings.Contains(r.stdout, "COMMERCELAYER_MODE="+mode) {
			t.Errorf("got %s", r.stdout)
		}
	}
}

func TestExecHandsInputAndOutputOn(t *testing.T) {
	env, args := child(t, "echo", "-log")
	var stdout, stderr strings.Builder
	command := exec.CommandContext(t.Context(), binary, args...)
	command.Env = append(os.Environ(), env...)
	command.Stdin, command.Stdout, command.Stderr = strings.NewReader("{}\n"), &stdout, &stderr
	if err := command.Run(); err != nil {
		t.Fatal(err)
	}
	// Only the command may write to stdout, because terraform writes its JSON
	// there.
	if stdout.String() != "{}\n" {
		t.Errorf("got %q", stdout.String())
	}
	if !strings.Contains(stderr.String(), "commercelayer-emulator: 0 requests") {
		t.Errorf("got %q", stderr.String())
	}
}

func TestExecServesDataAndListsWhatWasAsked(t *testing.T) {
	env, args := child(t, "runs 1", "-log", "-data", customers(t, "acquired", "test"))
	r := runBinary(t, env, args...)
	if r.code != 0 || !strings.Contains(r.stdout, `"acquired"`) {
		t.Errorf("%+v", r)
	}
	if want := "2 requests\n  POST /oauth/token 200\n  GET /api/customers/x 200\n"; !strings.HasSuffix(r.stderr, want) {
		t.Errorf("got %s, want at its end %s", r.stderr, want)
	}
	if strings.Contains(r.stderr, emulator.DefaultClientSecret) {
		t.Error("a secret is listed")
	}
}

func TestExecRehearsesAChangeBetweenRuns(t *testing.T) {
	flags := []string{"-data", customers(t, "prospect", "test"), "-next", customers(t, "repeat", "test")}
	for _, test := range []struct {
		flags []string
		want  []string
	}{
		{flags, []string{"prospect", "repeat", "repeat"}},
		{slices.Concat(flags, []string{"-next-at-run", "3"}), []string{"prospect", "prospect", "repeat"}},
	} {
		env, args := child(t, "runs 3", test.flags...)
		r := runBinary(t, env, args...)
		lines := strings.Split(strings.TrimSpace(r.stdout), "\n")
		if len(lines) != len(test.want) {
			t.Fatalf("%+v", r)
		}
		for i, want := range test.want {
			if !strings.Contains(lines[i], want) {
				t.Errorf("run %d: want %s in %s", i+1, want, lines[i])
			}
		}
		if !strings.Contains(r.stderr, " is served from now on") {
			t.Errorf("nothing says when it changed: %s", r.stderr)
		}
	}
}

func TestExecCannotStart(t *testing.T) {
	for _, command := range []string{"no-such-command-anywhere", "./no-such-file", ""} {
		if r := runBinary(t, nil, "exec", "--", command); r.code != exitNotFound || !strings.Contains(r.stderr, command) {
			t.Errorf("%q: %+v", command, r)
		}
	}
	if r := runBinary(t, nil, "exec", "-log"); r.code != exitExecFailed ||
		!strings.Contains(r.stderr, "exec needs a command") {
		t.Errorf("%+v", r)
	}
	if runtime.GOOS == "windows" {
		return // on Windows, the name of a file makes it executable
	}
	for _, command := range []string{write(t, "plain.txt", "no program"), t.TempDir()} {
		if r := runBinary(t, nil, "exec", "--", command); r.code != exitCannotRun ||
			!strings.Contains(r.stderr, "permission denied") {
			t.Errorf("%q: %+v", command, r)
		}
	}
}

func TestASummarySaysWhatIsNotKept(t *testing.T) {
	api := emulator.New()
	for range 50 {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/customers", http.NoBody)
		r.Header.Set("X-Large", strings.Repeat("x", 1<<20))
		api.ServeHTTP(httptest.NewRecorder(), r)
	}
	var text strings.Builder
	summarize(&text, api)
	lines := strings.Count(text.String(), "  GET /api/customers 401\n")
	want := fmt.Sprintf("50 requests\n  the first %d are not kept\n", 50-lines)
	if !strings.Contains(text.String(), want) || lines == 0 || lines == 50 {
		t.Errorf("got %s", text.String())
	}
}
