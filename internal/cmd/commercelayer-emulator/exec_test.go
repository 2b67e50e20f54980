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

func TestExecHandsOnWhatTheCommandGetsAndGives(t *testing.T) {
	for role, want := range map[string]struct {
		flags  []string
		code   int
		stdout string // only the command writes to it, because terraform writes its JSON there
		stderr string // its end
	}{
		"exit 77": {nil, 77, "", "\n"},
		"echo":    {[]string{"-log"}, 0, input, "commercelayer-emulator: 0 requests\n"},
		"runs 1": {
			[]string{"-log", "-data", customers(t, "acquired", "test")}, 0, "acquired",
			"3 requests\n  POST /oauth/token 200\n  GET /api/customers/x 200\n  GET /api/customers/x 200\n",
		},
	} {
		r := runs(executing(role, want.flags...)...)
		if r.code != want.code || !strings.Contains(r.stdout, want.stdout) || !strings.HasSuffix(r.stderr, want.stderr) ||
			strings.Contains(r.stdout, nameInErrors) {
			t.Errorf("%s: %+v", role, r)
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
	r := runs(executing("environment")...)
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
		if r := runs(executing("environment", flags...)...); !strings.Contains(r.stdout, "COMMERCELAYER_MODE="+mode) {
			t.Errorf("a mode that fits is lost: %s", r.stdout)
		}
	}
}

func TestExecRehearsesAChangeBetweenRuns(t *testing.T) {
	flags := []string{"-data", customers(t, "prospect", "test"), "-next", customers(t, "repeat", "test")}
	for _, test := range []struct{ more, want []string }{
		{nil, []string{"prospect", "repeat", "repeat"}},
		{[]string{"-next-at-run", "3"}, []string{"prospect", "prospect", "repeat"}},
	} {
		r := runs(executing("runs 3", append(flags, test.more...)...)...)
		if !slices.EqualFunc(strings.Split(strings.TrimSpace(r.stdout), "\n"), test.want, strings.Contains) ||
			!strings.Contains(r.stderr, " is served from now on") {
			t.Errorf("%q: want %q in %+v", test.more, test.want, r)
		}
	}
}

func TestExecCannotStart(t *testing.T) {
	codes := map[string]int{"no-such-command-anywhere": 127, "./no-such-file": 127, "": 127}
	if runtime.GOOS != "windows" { // where the name of a file makes it executable
		codes[write(t, "plain.txt", "no program")] = 126
		codes[t.TempDir()] = 126
	}
	for command, code := range codes {
		r := runs("exec", "--", command)
		if r.code != code || !strings.Contains(r.stderr, "starting the command: ") || !strings.Contains(r.stderr, command) {
			t.Errorf("%q: %+v", command, r)
		}
	}
	if r := runs("exec", "-log"); r.code != 125 || !strings.Contains(r.stderr, "exec needs a command") {
		t.Errorf("%+v", r)
	}
}

func TestASummarySaysWhatIsNotKept(t *testing.T) {
	api := emulator.New()
	for range 50 {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/large", http.NoBody)
		r.Header.Set("X-Large", strings.Repeat("x", 1<<20))
		api.ServeHTTP(httptest.NewRecorder(), r)
	}
	var text strings.Builder
	summarize(&text, api)
	want := fmt.Sprintf("50 requests\n  the first %d are not kept\n  GET /large", api.Forgotten())
	if api.Forgotten() == 0 || !strings.Contains(text.String(), want) {
		t.Errorf("got %.200s, want %s", text.String(), want)
	}
}
