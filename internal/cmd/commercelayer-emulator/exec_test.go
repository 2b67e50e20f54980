package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestExecReturnsTheExitCode(t *testing.T) {
	for _, code := range []int{0, 1, 2, 77} {
		if r := runs(t, executing(t, fmt.Sprint("exit ", code))...); r.code != code {
			t.Errorf("got %d, want %d", r.code, code)
		}
	}
}

func TestExecLeadsTheProviderToTheEmulator(t *testing.T) {
	for name, value := range map[string]string{
		"DOMAIN": "https://acme.commercelayer.io", "TOKEN": "secret", "CLIENT_ID": "theirs", "CLIENT_SECRET": "",
		"SCOPE": "market:all", "AUTH_ENDPOINT": "https://auth.example.com", "MODE": "live",
		"PROBE_EXPIRED_TOKEN": "secret", "OF_ANOTHER_SHOP_TOKEN": "secret",
	} {
		t.Setenv(ours+name, value)
	}
	r := runs(t, executing(t, "environment")...)
	lines := strings.Fields(r.stdout)
	slices.Sort(lines)
	want := []string{
		"COMMERCELAYER_CLIENT_ID=" + emulator.DefaultClientID, "COMMERCELAYER_CLIENT_SECRET=" + emulator.DefaultClientSecret,
		"COMMERCELAYER_DOMAIN=http://127.0.0.1:",
	}
	if !slices.EqualFunc(lines, want, strings.HasPrefix) {
		t.Errorf("got %q, want %q", lines, want)
	}
	// The line names each variable that was left out, so that its owner sees why
	// it has no effect. Empty variables had no effect before, so none is named.
	named := "it does not see your COMMERCELAYER_AUTH_ENDPOINT, COMMERCELAYER_CLIENT_ID, " +
		"COMMERCELAYER_DOMAIN, COMMERCELAYER_MODE, COMMERCELAYER_OF_ANOTHER_SHOP_TOKEN, " +
		"COMMERCELAYER_PROBE_EXPIRED_TOKEN, COMMERCELAYER_SCOPE, COMMERCELAYER_TOKEN\n"
	if !strings.Contains(r.stderr, named) || strings.Contains(r.stderr, "secret") {
		t.Errorf("got %s", r.stderr)
	}
	for mode, flags := range map[string][]string{"test": nil, "live": {"-live"}} {
		t.Setenv(ours+"MODE", mode)
		if r := runs(t, executing(t, "environment", flags...)...); !strings.Contains(r.stdout, "COMMERCELAYER_MODE="+mode) {
			t.Errorf("a mode that fits is lost: %s", r.stdout)
		}
	}
}

func TestExecHandsInputAndOutputOn(t *testing.T) {
	// Only the command may write to stdout, because terraform writes its JSON
	// there.
	r := runs(t, executing(t, "echo", "-log")...)
	if r.stdout != "{}\n" || !strings.Contains(r.stderr, "commercelayer-emulator: 0 requests") {
		t.Errorf("got %q and %q", r.stdout, r.stderr)
	}
}

func TestExecServesDataAndListsWhatWasAsked(t *testing.T) {
	r := runs(t, executing(t, "runs 1", "-log", "-data", customers(t, "acquired", "test"))...)
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
	for _, test := range []struct{ more, want []string }{
		{nil, []string{"prospect", "repeat", "repeat"}},
		{[]string{"-next-at-run", "3"}, []string{"prospect", "prospect", "repeat"}},
	} {
		r := runs(t, executing(t, "runs 3", append(flags, test.more...)...)...)
		if !slices.EqualFunc(strings.Split(strings.TrimSpace(r.stdout), "\n"), test.want, strings.Contains) ||
			!strings.Contains(r.stderr, " is served from now on") {
			t.Errorf("%q: want %q in %+v", test.more, test.want, r)
		}
	}
}

func TestExecCannotStart(t *testing.T) {
	type start struct {
		code int
		want string
	}
	commands := map[string]start{
		"no-such-command-anywhere": {exitNotFound, "no-such-command-anywhere"},
		"./no-such-file":           {exitNotFound, "./no-such-file"},
		"":                         {exitNotFound, "starting the command"},
	}
	if runtime.GOOS != "windows" { // where the name of a file makes it executable
		commands[write(t, "plain.txt", "no program")] = start{exitCannotRun, "permission denied"}
		commands[t.TempDir()] = start{exitCannotRun, "permission denied"}
	}
	for command, test := range commands {
		if r := runs(t, "exec", "--", command); r.code != test.code || !strings.Contains(r.stderr, test.want) {
			t.Errorf("%q: %+v", command, r)
		}
	}
	if r := runs(t, "exec", "-log"); r.code != exitExecFailed || !strings.Contains(r.stderr, "exec needs a command") {
		t.Errorf("%+v", r)
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
