package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// inProcess passes requests to a handler without a network. With a network, the
// fake clock of testing/synctest would not move. It fails the test when a request
// is neither a read nor one for a token.
type inProcess struct {
	t *testing.T
	http.Handler
}

func (p inProcess) RoundTrip(r *http.Request) (res *http.Response, err error) {
	reads := r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/api/") && r.Body == http.NoBody
	if !reads && (r.Method != http.MethodPost || r.URL.Path != "/oauth/token") {
		p.t.Errorf("the probe sends %s %s", r.Method, r.URL)
	}
	r = r.Clone(r.Context())
	r.RemoteAddr = "192.0.2.1:1234"
	r.Host = r.URL.Host
	w := httptest.NewRecorder()
	defer func() {
		if recover() != nil {
			err = http.ErrServerClosed // the emulator panics to cut a connection
		}
	}()
	p.ServeHTTP(w, r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return w.Result(), nil
}

var local = &url.URL{Scheme: "http", Host: "127.0.0.1:8080"}

// probed asks an emulator that contradicts some assumptions. It returns the report
// and the emulator.
func probed(t *testing.T, o options) (*report, *emulator.Emulator) {
	t.Helper()
	o.timeout = 2 * time.Minute
	api, s := newEmulator(o)
	s.domain = local
	r, err := probe(t.Context(), s, o, inProcess{t, api}, io.Discard)
	if err != nil {
		t.Fatalf("%+v: %v", o, err)
	}
	return r, api
}

// outcomes lists the assumptions with an outcome.
func (r *report) outcomes(wanted outcome) []string {
	var names []string
	for _, row := range r.Assumptions {
		if row.Outcome == wanted {
			names = append(names, row.Name)
		}
	}
	return names
}

func TestEveryAssumptionHoldsForTheEmulator(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _ := probed(t, options{limits: true})
		for _, row := range r.Assumptions {
			if row.Outcome != held && row.Name != emulator.AssumeServerErrors {
				t.Errorf("%s: %s: %s%s", row.Name, row.Outcome, row.Saw, row.Missing)
			}
		}
		if code := r.exitCode(); code != exitHeld {
			t.Errorf("exit code %d", code)
		}
	})
}

// cannotBeTold is the assumption that no request can check.
const cannotBeTold = emulator.AssumeServerErrors

func TestExactlyTheProbeOfATurnedAssumptionSaysSo(t *testing.T) {
	t.Parallel()
	// Only these assumptions need full windows. To fill them takes time.
	windows := []string{
		emulator.AssumeRateHeaders, emulator.AssumeRefusedUncounted, emulator.AssumeBurstRemaining,
		emulator.AssumeBurstEndpoint, emulator.AssumeWindowSteps,
	}
	for _, a := range emulator.Assumptions() {
		for _, option := range a.Options() {
			t.Run(option, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					r, _ := probed(t, options{limits: slices.Contains(windows, a.Name), refuted: option})
					want := []string{a.Name}
					if a.Name == cannotBeTold {
						want = nil
					}
					if got := r.outcomes(refuted); !slices.Equal(got, want) {
						t.Errorf("refuted %v, want %v", got, want)
					}
					if code := r.exitCode(); code != map[bool]int{true: exitRefuted, false: exitHeld}[len(want) > 0] {
						t.Errorf("exit code %d", code)
					}
					t.Logf("can't be told: %v", r.outcomes(untold))
				})
			})
		}
	}
}

func TestEachAssumptionHasOneProbe(t *testing.T) {
	b := &burst{found: map[string]verdict{}}
	b.all("")
	var known []string
	for _, a := range emulator.Assumptions() {
		_, probe := probes[a.Name]
		_, window := b.found[a.Name]
		if probe == window {
			t.Errorf("%s has no probe, or two", a.Name)
		}
		known = append(known, a.Name)
	}
	for name, p := range probes {
		if !slices.Contains(known, name) {
			t.Errorf("%s is probed and not assumed", name)
		}
		for _, need := range p.needs {
			// A needed assumption has to be checked first.
			if slices.Index(known, need) < 0 || slices.Index(known, need) > slices.Index(known, name) {
				t.Errorf("%s needs %s, which comes later or never", name, need)
			}
		}
	}
}

func TestAProbeSendsAtMostThreeRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _ := probed(t, options{})
		for _, row := range r.Assumptions {
			if len(row.Requests) > maxRequests {
				t.Errorf("%s sends %d", row.Name, len(row.Requests))
			}
		}
	})
}

func TestARunKeepsTheLimitsAndTakesLessThanAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		_, api := probed(t, options{})
		if took := time.Since(started); took > time.Minute {
			t.Errorf("it took %s", took)
		}
		if n := api.CountStatus(http.StatusTooManyRequests); n > 0 {
			t.Errorf("%d requests were refused", n)
		}
		t.Logf("%d requests in %s", len(api.Requests()), time.Since(started))
	})
}

func slow(d time.Duration) emulator.Fault {
	return emulator.Fault{Through: true, Answer: func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(d):
		case <-r.Context().Done():
		}
	}}
}

// An API that does not get on must not keep the command longer than it says. It
// says what it waits for, and reports what it knows by then.
func TestARunEndsWhenItSaysAndSaysWhatItWaitsFor(t *testing.T) {
	stalled := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	for name, tt := range map[string]struct {
		fault   emulator.Fault
		o       options
		waits   string
		nothing bool // there is nothing to report
	}{
		"429 without end":     {emulator.Fault{Answer: emulator.Throttled()}, options{}, "the rate limit, because the API", true},
		"429 after a while":   {emulator.Fault{After: 9, Answer: emulator.Throttled()}, options{}, "the rate limit", false},
		"429 after the burst": {emulator.Fault{After: 40, Answer: emulator.Throttled()}, options{limits: true}, "burst window", false},
		"stalled":             {emulator.Fault{Answer: stalled}, options{}, "an answer to GET /api/customers", true},
		"stalled later":       {emulator.Fault{After: 9, Answer: stalled}, options{}, "an answer to GET /api/customers", false},
		"slow":                {slow(3 * time.Second), options{}, "", false},
		"very slow":           {slow(9 * time.Second), options{}, "an answer to GET", false},
		"slow tokens":         {emulator.Fault{PathPrefix: "/oauth", Answer: stalled}, options{}, "an answer to POST /oauth/token", true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				started, o := time.Now(), tt.o
				o.timeout = time.Minute
				api, s := newEmulator(o)
				defer api.Close()
				s.domain = local
				api.Inject(tt.fault)
				var stderr bytes.Buffer
				r, err := probe(t.Context(), s, o, inProcess{t, api}, &stderr)
				if took := time.Since(started); took > o.timeout {
					t.Errorf("it took %s", took)
				}
				switch {
				case tt.nothing && err == nil, !tt.nothing && err != nil:
					t.Errorf("error %v", err)
				case err == nil && (r.exitCode() != exitFailed || len(r.outcomes(refuted)) > 0):
					t.Errorf("exit code %d, refuted %v, cut %v", r.exitCode(), r.outcomes(refuted), r.cut)
				}
				if !strings.Contains(stderr.String(), tt.waits) || tt.waits != "" && !strings.Contains(stderr.String(), "so far") {
					t.Errorf("it says %q", stderr.String())
				}
			})
		})
	}
}

func TestMoreTimeLetsASlowRunEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, s := newEmulator(options{})
		s.domain = local
		api.Inject(slow(3 * time.Second))
		r, err := probe(t.Context(), s, options{timeout: 10 * time.Minute}, inProcess{t, api}, io.Discard)
		if err != nil || r.exitCode() != exitHeld || r.Seconds < 100 {
			t.Errorf("%v, refuted %v", err, r.outcomes(refuted))
		}
	})
}

func TestTheLimitsAreFilledOnlyWhenAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, api := probed(t, options{limits: true})
		if n := api.CountStatus(http.StatusTooManyRequests); n != 2 {
			t.Errorf("%d requests were refused, want the one that ends the burst and the one of another endpoint", n)
		}
		if r.Seconds > 100 {
			t.Errorf("it took %.0f seconds", r.Seconds)
		}
		without, _ := probed(t, options{})
		want := []string{
			emulator.AssumeRefusedUncounted, emulator.AssumeBurstRemaining, emulator.AssumeBurstEndpoint,
			emulator.AssumeWindowSteps, emulator.AssumeServerErrors,
		}
		if got := without.outcomes(untold); !slices.Equal(got, want) {
			t.Errorf("can't be told without -limits: %v", got)
		}
	})
}

func TestTheReportHoldsNoPersonalData(t *testing.T) {
	for _, option := range []string{"", emulator.AssumeEmailInCase, emulator.AssumeUnknownFilter, emulator.AssumeIDIn} {
		synctest.Test(t, func(t *testing.T) {
			r, api := probed(t, options{refuted: option})
			var text bytes.Buffer
			if err := r.writeTable(&text); err != nil {
				t.Fatal(err)
			}
			if err := r.writeJSON(&text); err != nil {
				t.Fatal(err)
			}
			seen := text.String()
			for _, id := range api.CustomerIDs() {
				if strings.Contains(seen, id) {
					t.Errorf("it names the customer %s", id)
				}
			}
			for _, request := range api.Requests() {
				_, token, _ := strings.Cut(request.Header.Get("Authorization"), " ")
				if strings.HasPrefix(token, "ey") && strings.Contains(seen, token) {
					t.Error("it holds a token")
				}
			}
			for _, address := range regexp.MustCompile(`[\w.-]+@[\w.-]+`).FindAllString(seen, -1) {
				if !strings.HasSuffix(address, "example.invalid") {
					t.Errorf("it holds the address %s", address)
				}
			}
			for _, secret := range []string{"127.0.0.1", "yourdomain", emulator.DefaultClientID, emulator.DefaultClientSecret} {
				if strings.Contains(seen, secret) {
					t.Errorf("it holds %q", secret)
				}
			}
		})
	}
}

// Go's network errors quote what a server sent.
func TestErrorQuotesNoSecretOfAnAnswer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // ends with the test
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	const token = "Zx81-kPq7_vLw93mNb5tRy2cHd6"
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 4096))
			_, _ = io.WriteString(conn, token+" joe@corp.com\r\n\r\n")
			_ = conn.Close()
		}
	}()
	s := &settings{domain: &url.URL{Scheme: "http", Host: listener.Addr().String()}, token: token}
	_, err = probe(t.Context(), s, options{timeout: time.Minute}, http.DefaultTransport, io.Discard)
	if err == nil || strings.Contains(err.Error(), token[:8]) || strings.Contains(err.Error(), "corp") {
		t.Errorf("the error is %v", err)
	}
}

func TestTheLongURLIsAsLongAsItSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, api := probed(t, options{})
		longest := 0
		for _, r := range api.Requests() {
			longest = max(longest, len(r.Path)+len(r.RawQuery)+1)
		}
		if longest < 7000 || longest > 7400 {
			t.Errorf("the longest URL has %d characters", longest)
		}
	})
}

// Without customers most probes can't be made, but none may refute anything.
func TestAnEmptyOrganizationRefutesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, s := newEmulator(options{})
		for _, id := range api.CustomerIDs() {
			api.DeleteCustomer(id)
		}
		s.domain = local
		r, err := probe(t.Context(), s, options{limits: true, timeout: 2 * time.Minute}, inProcess{t, api}, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.outcomes(refuted); len(got) > 0 {
			t.Errorf("refuted %v", got)
		}
		for _, row := range r.Assumptions {
			if row.Outcome == untold && row.Missing == "" {
				t.Errorf("%s does not say what is missing", row.Name)
			}
		}
	})
}

func TestFaultsAreNoRefutations(t *testing.T) {
	for name, answer := range map[string]emulator.Answer{
		"server error":  emulator.Status(http.StatusServiceUnavailable),
		"redirect":      emulator.Redirect(http.StatusFound, "https://acme.example.com/login"),
		"page":          emulator.HTML(http.StatusOK),
		"nothing":       emulator.Empty200(),
		"cut":           emulator.Cut(),
		"no permission": emulator.Unauthorized(),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api, s := newEmulator(options{})
				s.domain = local
				// All requests after those for the facts fail.
				api.Inject(emulator.Fault{Name: name, After: 2, Answer: answer})
				r, err := probe(t.Context(), s, options{timeout: time.Minute}, inProcess{t, api}, io.Discard)
				if err != nil {
					t.Fatal(err)
				}
				about401 := []string{
					emulator.AssumeExpiredToken, emulator.AssumeForeignToken, emulator.AssumeUnauthorizedForm, emulator.AssumeSelf,
				}
				for _, refuted := range r.outcomes(refuted) {
					if name != "no permission" || !slices.Contains(about401, refuted) {
						t.Errorf("%s is refuted", refuted)
					}
				}
			})
		})
	}
}

func TestLiveModeIsRefused(t *testing.T) {
	for _, name := range []string{"by the token", "by the customers"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				live := emulator.New(emulator.WithLive(), emulator.WithLimits(), emulator.WithCustomers(3))
				token := emulator.DefaultToken // this token does not say the mode
				if name == "by the token" {
					token = live.IssueToken(emulator.TokenOptions{Live: true})
				}
				s := &settings{domain: local, token: token}
				_, err := probe(t.Context(), s, options{timeout: time.Minute}, inProcess{t, live}, io.Discard)
				if err == nil || !strings.Contains(err.Error(), "live mode") {
					t.Fatalf("error %v", err)
				}
				if n := len(live.Requests()); n > 1 {
					t.Errorf("%d requests before the refusal", n)
				}
				r, err := probe(t.Context(), s, options{live: true, timeout: time.Minute}, inProcess{t, live}, io.Discard)
				if err != nil || r.Mode != "live" || len(r.outcomes(refuted)) > 0 {
					t.Errorf("with -live: %v, %v are refuted", err, r.outcomes(refuted))
				}
			})
		})
	}
}

func TestTheOrganizationIsFoundByTheToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := emulator.New(emulator.WithOrganization("acme", "aCmEaCmEaC"))
		for _, s := range []*settings{
			{token: api.IssueToken(emulator.TokenOptions{})},
			{clientID: emulator.DefaultClientID, clientSecret: emulator.DefaultClientSecret},
		} {
			org, err := connect(t.Context(), s, options{}, inProcess{t, api}, io.Discard)
			if err != nil || org.domain.String() != "https://acme.commercelayer.io" {
				t.Errorf("%v: %+v", err, org)
			}
		}
		_, err := connect(t.Context(), &settings{token: emulator.DefaultToken}, options{}, inProcess{t, api}, io.Discard)
		if err == nil || !strings.Contains(err.Error(), "COMMERCELAYER_DOMAIN") {
			t.Errorf("a token that says nothing: %v", err)
		}
	})
}

func TestSettingsComeFromTheProvidersVariables(t *testing.T) {
	read := func(pairs ...string) (*settings, error) {
		return readSettings(func(name string) (string, bool) {
			for i := 0; i < len(pairs); i += 2 {
				if pairs[i] == name {
					return pairs[i+1], true
				}
			}
			return "", false
		})
	}
	for domain, want := range map[string]string{
		"acme": "https://acme.commercelayer.io", "acme.commercelayer.io": "https://acme.commercelayer.io",
		"https://acme.commercelayer.io/": "https://acme.commercelayer.io", "http://127.0.0.1:8080": "http://127.0.0.1:8080",
	} {
		s, err := read("COMMERCELAYER_TOKEN", "t", "COMMERCELAYER_DOMAIN", domain)
		if err != nil || s.domain.String() != want {
			t.Errorf("%q: %v %+v", domain, err, s)
		}
	}
	if s, err := read(); s != nil || err != nil {
		t.Errorf("without variables: %+v %v", s, err)
	}
}

// What the provider refuses is refused before anything is sent.
func TestWhatTheProviderRefusesIsNotSent(t *testing.T) {
	sent := 0
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { sent++ }))
	defer server.Close()
	for name, tt := range map[string]struct{ variable, value, want string }{
		"an endpoint over http":     {"AUTH_ENDPOINT", "http://auth.example.com/oauth/token", "http:// URL is for loopback hosts only"},
		"an endpoint without path":  {"AUTH_ENDPOINT", "https://auth.example.com", "path of the endpoint is missing"},
		"a domain over http":        {"DOMAIN", "http://acme.commercelayer.io", "http:// URL is for loopback hosts only"},
		"a user in the domain":      {"DOMAIN", "https://a:b@acme.commercelayer.io", "user"},
		"a path in the domain":      {"DOMAIN", "acme.commercelayer.io/api", "path"},
		"no host":                   {"DOMAIN", "https://", "host is missing"},
		"a token as the domain":     {"DOMAIN", "eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln", "access token"},
		"a secret with a line end":  {"CLIENT_SECRET", "secret\n", "ends with a line end"},
		"a secret in quotes":        {"CLIENT_SECRET", `"secret"`, "quotes around it"},
		"a scope with a blank":      {"SCOPE", " market:all", "begins with a blank"},
		"a token beside the client": {"TOKEN", "token", "Conflicting credentials"},
		"no client":                 {"CLIENT_ID", "", "Client ID missing"},
		"no secret":                 {"CLIENT_SECRET", "", "Client secret missing"},
		"an unknown mode":           {"MODE", "production", "Invalid mode"},
		"a further token":           {"PROBE_EXPIRED_TOKEN", "token\n", "PROBE_EXPIRED_TOKEN ends with a line end"},
	} {
		t.Run(name, func(t *testing.T) {
			env := map[string]string{
				"COMMERCELAYER_DOMAIN": server.URL, "COMMERCELAYER_CLIENT_ID": "client", "COMMERCELAYER_CLIENT_SECRET": "secret",
			}
			env["COMMERCELAYER_"+tt.variable] = tt.value
			var stdout, stderr bytes.Buffer
			code := run(t.Context(), nil, func(name string) (string, bool) {
				value, set := env[name]
				return value, set
			}, &stdout, &stderr)
			if code != exitFailed || !strings.Contains(stderr.String(), tt.want) || sent > 0 {
				t.Errorf("exit code %d, %d requests, %s", code, sent, stderr.String())
			}
		})
	}
	if _, err := readSettings(func(name string) (string, bool) { return "acme", name == "COMMERCELAYER_DOMAIN" }); err == nil {
		t.Error("a domain without credentials would silently ask the emulator")
	}
}

// This runs the command on a real connection, as make probe does.
func TestTheCommandEndsAsItFound(t *testing.T) {
	none := func(string) (string, bool) { return "", false }
	tests := []struct {
		name   string
		args   []string
		lookup lookupFunc
		code   int
		stderr string
	}{
		{"unknown flag", []string{"-nonsense"}, none, exitFailed, "nonsense"},
		{"argument", []string{"acme"}, none, exitFailed, "unexpected argument"},
		{"unknown assumption", []string{"-refuted", "nonsense"}, none, exitFailed, "no assumption is called"},
		{"help", []string{"-h"}, none, exitHeld, "-json"},
		{"refuted beside credentials", []string{"-refuted", "id-in"}, func(name string) (string, bool) {
			value, ok := map[string]string{"COMMERCELAYER_TOKEN": "x", "COMMERCELAYER_DOMAIN": "acme"}[name]
			return value, ok
		}, exitFailed, "is for the emulator only"},
		{"nobody there", nil, func(name string) (string, bool) {
			value, ok := map[string]string{"COMMERCELAYER_TOKEN": "x",
				"COMMERCELAYER_DOMAIN": "http://127.0.0.1:1"}[name]
			return value, ok
		}, exitFailed, "asking for customers"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			if code := run(t.Context(), tt.args, tt.lookup, &stdout, &stderr); code != tt.code {
				t.Errorf("exit code %d, want %d", code, tt.code)
			}
			if !strings.Contains(stderr.String(), tt.stderr) {
				t.Errorf("stderr %q lacks %q", stderr.String(), tt.stderr)
			}
		})
	}
}

func TestTheReportIsWrittenBothWays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _ := probed(t, options{refuted: emulator.AssumeUnknownFilter})
		var table, text bytes.Buffer
		if err := r.writeTable(&table); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{
			"unknown-filter ", "refuted", "ignored: it lists all", "What it means: A filter with a typing error lists all customers.",
			"GET /api/customers?filter[q][probe_no_such_attribute_eq]=1&page[size]=1", "1 refuted",
		} {
			if !strings.Contains(table.String(), want) {
				t.Errorf("the table lacks %q:\n%s", want, table.String())
			}
		}
		if err := r.writeJSON(&text); err != nil {
			t.Fatal(err)
		}
		var back report
		if err := json.Unmarshal(text.Bytes(), &back); err != nil || back.Asked != "emulator" || len(back.Assumptions) != len(r.Assumptions) {
			t.Errorf("%v %+v", err, back)
		}
	})
}
