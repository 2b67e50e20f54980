package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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

// A trial is a run against an emulator in this process.
type trial struct {
	*settings

	options options
	api     *emulator.Emulator
	stderr  bytes.Buffer
}

// newTrial prepares a run against an emulator with some faults.
func newTrial(o options, faults ...emulator.Fault) *trial {
	if o.timeout == 0 {
		o.timeout = 2 * time.Minute
	}
	api, s := newEmulator(o)
	s.domain = local
	for _, fault := range faults {
		api.Inject(fault)
	}
	return &trial{settings: s, options: o, api: api}
}

func (x *trial) probe(t *testing.T) (*report, error) {
	t.Helper()
	return probe(t.Context(), x.settings, x.options, inProcess{t, x.api}, &x.stderr)
}

// report is the report of a run that has one.
func (x *trial) report(t *testing.T) *report {
	t.Helper()
	r, err := x.probe(t)
	if err != nil {
		t.Fatalf("%+v: %v", x.options, err)
	}
	return r
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

// cannotBeTold is the assumption that no request can check.
var cannotBeTold = emulator.AssumeServerErrors

// needLimits are the assumptions that are checked by filling the burst window.
var needLimits = []string{
	emulator.AssumeRefusedUncounted, emulator.AssumeBurstRemaining, emulator.AssumeBurstEndpoint,
	emulator.AssumeWindowSteps,
}

func TestTheEmulatorHoldsAndItsLimitsAreFilledOnlyWhenAskedFor(t *testing.T) {
	for _, limits := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			cannot, seconds, refusals := append(slices.Clone(needLimits), cannotBeTold), 60.0, 0
			if limits {
				// One refusal ends the burst, and one is of another endpoint.
				cannot, seconds, refusals = []string{cannotBeTold}, 100, 2
			}
			x := newTrial(options{limits: limits})
			r := x.report(t)
			if got := r.outcomes(refuted); len(got) > 0 || r.exitCode() != exitHeld {
				t.Errorf("refuted %v, exit code %d", got, r.exitCode())
			}
			if got := r.outcomes(untold); !slices.Equal(got, cannot) {
				t.Errorf("can't be told: %v", got)
			}
			if n := x.api.CountStatus(http.StatusTooManyRequests); n != refusals || r.Seconds > seconds {
				t.Errorf("%d requests were refused, in %.0f seconds", n, r.Seconds)
			}
			if n := len(new(organization).probes()); n != len(r.Assumptions) {
				t.Errorf("%d probes for %d assumptions", n, len(r.Assumptions))
			}
			longest := 0
			for _, r := range x.api.Requests() {
				longest = max(longest, len(r.Path)+len(r.RawQuery)+1)
			}
			if longest < 7000 || longest > 7400 {
				t.Errorf("the URL of %s has %d characters", emulator.AssumeURLLength, longest)
			}
		})
	}
}

func TestExactlyTheProbeOfATurnedAssumptionSaysSo(t *testing.T) {
	t.Parallel()
	for _, a := range emulator.Assumptions() {
		for _, option := range a.Options() {
			t.Run(option, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					limits := a.Name == emulator.AssumeRateHeaders || slices.Contains(needLimits, a.Name)
					x := newTrial(options{limits: limits, refuted: []string{option}})
					r := x.report(t)
					want, code := []string{a.Name}, exitRefuted
					if a.Name == cannotBeTold {
						want, code = nil, exitHeld
					}
					if got := r.outcomes(refuted); !slices.Equal(got, want) || r.exitCode() != code {
						t.Errorf("refuted %v, want %v, exit code %d", got, want, r.exitCode())
					}
					findPersonalData(t, x.api, r)
				})
			})
		}
	}
}

// findPersonalData fails the test if one of both reports holds personal data.
func findPersonalData(t *testing.T, api *emulator.Emulator, r *report) {
	t.Helper()
	var text bytes.Buffer
	if err := errors.Join(r.writeTable(&text), r.writeJSON(&text)); err != nil {
		t.Fatal(err)
	}
	secrets := []string{"127.0.0.1", "yourdomain", emulator.DefaultClientID, emulator.DefaultClientSecret}
	secrets = append(secrets, api.CustomerIDs()...)
	for _, request := range api.Requests() {
		if _, token, _ := strings.Cut(request.Header.Get("Authorization"), " "); strings.HasPrefix(token, "ey") {
			secrets = append(secrets, token)
		}
	}
	for _, secret := range slices.Compact(slices.Sorted(slices.Values(secrets))) {
		if strings.Contains(text.String(), secret) {
			t.Errorf("the report holds %q", secret)
		}
	}
	for _, address := range regexp.MustCompile(`[\w.-]+@[\w.-]+`).FindAllString(text.String(), -1) {
		if !strings.HasSuffix(address, "example.invalid") {
			t.Errorf("the report holds the address %s", address)
		}
	}
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
		limits  bool
		waits   string
		nothing bool // there is nothing to report
	}{
		"429 without end":     {emulator.Fault{Answer: emulator.Throttled()}, false, "the rate limit, because the API", true},
		"429 after the burst": {emulator.Fault{After: 40, Answer: emulator.Throttled()}, true, "burst window", false},
		"stalled later":       {emulator.Fault{After: 9, Answer: stalled}, false, "an answer to GET /api/customers", false},
		"very slow":           {slow(9 * time.Second), true, "an answer to GET", false},
		"slow tokens":         {emulator.Fault{PathPrefix: "/oauth", Answer: stalled}, false, "an answer to POST", true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				started := time.Now()
				x := newTrial(options{limits: tt.limits, timeout: time.Minute}, tt.fault)
				r, err := x.probe(t)
				if took := time.Since(started); took > time.Minute {
					t.Errorf("it took %s", took)
				}
				if tt.nothing != (err != nil) {
					t.Fatalf("error %v", err)
				}
				if !tt.nothing && (r.exitCode() != exitFailed || len(r.outcomes(refuted)) > 0) {
					t.Errorf("exit code %d, refuted %v, cut %v", r.exitCode(), r.outcomes(refuted), r.cut)
				}
				if !tt.nothing && slices.ContainsFunc(r.Assumptions, func(row reportRow) bool {
					return strings.Contains(row.Missing, "no answer")
				}) {
					t.Error("it does not say that the time is over")
				}
				if said := x.stderr.String(); !strings.Contains(said, tt.waits) || !strings.Contains(said, "so far") {
					t.Errorf("it says %q", said)
				}
			})
		})
	}
}

func TestMoreTimeLetsASlowRunEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newTrial(options{timeout: 10 * time.Minute}, slow(3*time.Second)).report(t)
		if r.exitCode() != exitHeld || r.Seconds < 100 {
			t.Errorf("exit code %d after %.0f seconds, refuted %v", r.exitCode(), r.Seconds, r.outcomes(refuted))
		}
	})
}

// quoting is a network that fails with what a server sent, as Go's errors quote it.
type quoting string

func (q quoting) RoundTrip(*http.Request) (*http.Response, error) { return nil, errors.New(string(q)) }

func TestErrorQuotesNoSecretOfAnAnswer(t *testing.T) {
	t.Parallel()
	const token = "Zx81-kPq7_vLw93mNb5tRy2cHd6"
	broken := quoting("malformed HTTP response " + token + " joe@corp.com")
	_, err := probe(t.Context(), &settings{domain: local, token: token}, options{timeout: time.Minute}, broken, io.Discard)
	if err == nil || strings.Contains(err.Error(), token[:8]) || strings.Contains(err.Error(), "corp") {
		t.Errorf("the error is %v", err)
	}
}

// A further token that is not what its variable says is refused for another reason, or
// accepted. Neither proves anything.
func TestATokenThatDoesNotSayWhatItIsTellsNothing(t *testing.T) {
	for name, tokens := range map[string][3]emulator.TokenOptions{
		"unreadable": {{Opaque: "expired", TTL: -time.Hour}, {Opaque: "foreign", Slug: "globex"}, {Opaque: "live", Live: true}},
		"mixed up":   {{Slug: "globex", TTL: -time.Hour}, {TTL: -time.Hour}, {}},
		"both":       {{}, {Slug: "globex", TTL: -time.Hour}, {Slug: "globex"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := newTrial(options{})
				for i, token := range []*string{&x.expired, &x.foreign, &x.otherMode} {
					*token = x.api.IssueToken(tokens[i])
				}
				r := x.report(t)
				for _, name := range []string{emulator.AssumeExpiredToken, emulator.AssumeForeignToken, emulator.AssumeOtherMode} {
					if !slices.Contains(r.outcomes(untold), name) {
						t.Errorf("%s can be told", name)
					}
				}
			})
		})
	}
}

// A proxy or a portal often answers 200 in the place of the API.
func TestAnErrorSaysWhatAnAnswerLacks(t *testing.T) {
	null := func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"data":null}`)) }
	for name, tt := range map[string]struct {
		path   string
		answer emulator.Answer
		want   string
	}{
		"page":         {"/api", emulator.HTML(http.StatusOK), "the API answered 200 without a list of customers"},
		"no list":      {"/api", null, "the API answered 200 without a list of customers"},
		"unavailable":  {"/api", emulator.Status(http.StatusServiceUnavailable), "the API answered 503"},
		"portal":       {"/oauth", emulator.HTML(http.StatusOK), "the endpoint answered 200 without an access token"},
		"unauthorized": {"/oauth", emulator.Unauthorized(), "the endpoint answered 401 UNAUTHORIZED"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, err := newTrial(options{}, emulator.Fault{PathPrefix: tt.path, Answer: tt.answer}).probe(t)
				if err == nil || !strings.HasSuffix(err.Error(), tt.want) {
					t.Errorf("want %q, got %v", tt.want, err)
				}
			})
		})
	}
}

// Without customers, or without anything that belongs to them, many probes can't
// be made. But none may refute anything.
func TestASmallOrganizationRefutesNothing(t *testing.T) {
	for customers := range 4 {
		synctest.Test(t, func(t *testing.T) {
			x := newTrial(options{limits: true})
			for _, id := range x.api.CustomerIDs() {
				x.api.DeleteCustomer(id)
			}
			created := time.Now()
			for i := range customers {
				x.api.AddCustomer(emulator.Customer{Email: fmt.Sprintf("%d@example.com", i), CreatedAt: created})
				created = created.Add(time.Duration(customers-2) * time.Hour) // two were created at the same time
			}
			for _, row := range x.report(t).Assumptions {
				if row.Outcome == refuted || row.Outcome == untold && row.Missing == "" {
					t.Errorf("%d customers, %s: %s, without saying what is missing: %s", customers, row.Name, row.Outcome, row.Saw)
				}
			}
			if n := x.api.CountStatus(http.StatusTooManyRequests); customers == 0 && n > 0 {
				t.Errorf("%d requests fill the window for nothing", n)
			}
		})
	}
}

func TestFaultsAreNoRefutations(t *testing.T) {
	about401 := []string{
		emulator.AssumeExpiredToken, emulator.AssumeForeignToken, emulator.AssumeUnauthorizedForm, emulator.AssumeSelf,
	}
	for name, answer := range map[string]emulator.Answer{
		"server error":  emulator.Status(http.StatusServiceUnavailable),
		"redirect":      emulator.Redirect(http.StatusFound, "https://acme.example.com/login"),
		"page":          emulator.HTML(http.StatusOK),
		"nothing":       emulator.Empty200(),
		"cut":           emulator.Cut(),
		"no permission": emulator.Unauthorized(),
		"personal data": func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, `{"errors":[{"code":"joe@corp.com"}]}`, http.StatusBadGateway)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				// All requests after those for the first customers fail.
				x := newTrial(options{}, emulator.Fault{Name: name, After: 2, Answer: answer})
				r := x.report(t)
				findPersonalData(t, x.api, r)
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

func TestAnotherModeThanTheSettingsSayIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := newTrial(options{live: true})
		x.mode = "live"
		_, err := x.probe(t)
		if err == nil || !strings.Contains(err.Error(), "in test mode, but COMMERCELAYER_MODE is live") {
			t.Errorf("error %v", err)
		}
	})
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

// variables makes a look-up of environment variables.
func variables(env map[string]string) lookupFunc {
	return func(name string) (string, bool) {
		value, set := env[strings.TrimPrefix(name, "COMMERCELAYER_")]
		return value, set
	}
}

// What the provider refuses is refused before anything is sent.
func TestWhatTheProviderRefusesIsNotSent(t *testing.T) {
	sent := 0
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { sent++ }))
	defer server.Close()
	for want, env := range map[string]map[string]string{
		"http:// URL is for loopback hosts only": {"TOKEN": "t", "DOMAIN": server.URL, "AUTH_ENDPOINT": "http://a.example/t"},
		"Conflicting credentials":                {"CLIENT_ID": "c", "TOKEN": "t", "DOMAIN": server.URL},
		"PROBE_EXPIRED_TOKEN ends with":          {"TOKEN": "t", "DOMAIN": server.URL, "PROBE_EXPIRED_TOKEN": "t\n"},
		"PROBE_EXPIRED_TOKEN has quotes":         {"TOKEN": "t", "DOMAIN": server.URL, "PROBE_EXPIRED_TOKEN": `"t"`},
		"begins with the word Bearer":            {"TOKEN": "t", "DOMAIN": server.URL, "PROBE_FOREIGN_TOKEN": "Bearer abcdefgh"},
		"PROBE_OTHER_MODE_TOKEN.":                {"TOKEN": "t", "DOMAIN": server.URL, "PROBE_OTHER_MODE_TOKEN": "a b"},
		// Otherwise the emulator would be asked in silence.
		"credentials": {"DOMAIN": server.URL},
	} {
		var stderr bytes.Buffer
		code := run(t.Context(), nil, variables(env), io.Discard, &stderr)
		if code != exitFailed || !strings.Contains(stderr.String(), want) || sent > 0 {
			t.Errorf("%s: exit code %d, %d requests, %s", want, code, sent, stderr.String())
		}
	}
}

// This runs the command on a real connection, as make probe does.
func TestTheCommandEndsAsItFound(t *testing.T) {
	nobody := map[string]string{"TOKEN": "x", "DOMAIN": "http://127.0.0.1:1"}
	for _, tt := range []struct {
		args   string
		env    map[string]string
		code   int
		stderr string
	}{
		{"-nonsense", nil, exitFailed, "nonsense"},
		{"acme", nil, exitFailed, "unexpected argument"},
		{"-refuted nonsense", nil, exitFailed, "no assumption is called"},
		{"-timeout -5s", nil, exitFailed, "the time must be above zero"},
		{"-timeout 0s", nil, exitFailed, "the time must be above zero"},
		{"-h", nil, exitHeld, "-json"},
		{"-refuted id-in", nobody, exitFailed, "is for the emulator only"},
		{"", nobody, exitFailed, "asking for customers"},
	} {
		var stderr bytes.Buffer
		if code := run(t.Context(), strings.Fields(tt.args), variables(tt.env), io.Discard, &stderr); code != tt.code {
			t.Errorf("%q: exit code %d, want %d", tt.args, code, tt.code)
		}
		if !strings.Contains(stderr.String(), tt.stderr) {
			t.Errorf("%q: stderr %q lacks %q", tt.args, stderr.String(), tt.stderr)
		}
	}
}

func TestTheReportIsWrittenBothWays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newTrial(options{refuted: []string{emulator.AssumeUnknownFilter}}).report(t)
		const request = "GET /api/customers?filter[q][probe_no_such_attribute_eq]=1&page[size]=1"
		var table, text bytes.Buffer
		if err := errors.Join(r.writeTable(&table), r.writeJSON(&text)); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{
			"unknown-filter ", "refuted", "Seen: it lists ",
			"What it means: A filter with a typing error lists all customers.",
			request + " -> 200", "1 refuted",
		} {
			if !strings.Contains(table.String(), want) {
				t.Errorf("the table lacks %q:\n%s", want, table.String())
			}
		}
		var back report
		if err := json.Unmarshal(text.Bytes(), &back); err != nil || back.Asked != "emulator" ||
			len(back.Assumptions) != len(r.Assumptions) || !strings.Contains(text.String(), request) {
			t.Errorf("%v %+v", err, back)
		}
	})
}
