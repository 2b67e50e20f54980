package provider

import (
	"archive/zip"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/clidriver"
)

// source is the source of the provider in a configuration without
// required_providers.
const source = "hashicorp/commercelayer"

// binaryVersion is the version of the provider's binary in these tests.
const binaryVersion = "9.8.7"

// binaryDir builds the provider once, and returns the directory of the binary.
// The binary has the race detector if the tests have it.
var binaryDir = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "terraform-provider-commercelayer-test-")
	if err != nil {
		return "", err
	}
	builtIn = dir
	_, err = clidriver.Build(context.Background(), "../..", dir, binaryVersion, clidriver.RaceFlag()...)
	return dir, err
})

var builtIn string

// removeBinary removes the binary, and returns the reports of its race
// detector.
func removeBinary() (races string) {
	if builtIn == "" {
		return ""
	}
	reports, _ := filepath.Glob(filepath.Join(builtIn, "race.*"))
	for _, report := range reports {
		text, _ := os.ReadFile(report)
		races += string(text)
	}
	_ = os.RemoveAll(builtIn)
	return races
}

// cli runs the CLI in a directory of its own.
type cli struct {
	t       *testing.T
	driver  *clidriver.Driver
	env     []string
	timeout time.Duration
	// attached tells that the provider runs in this process, and that the CLI
	// attaches to it.
	attached bool
}

// newCLI prepares a directory with a configuration. Variables of the environment
// have the form NAME=value. Each run of the CLI attaches to a new provider in this
// process. So no process of the provider has to start, which would take longer
// than the rest of a plan, and more so with the race detector.
func newCLI(t *testing.T, config string, env ...string) *cli {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("Acceptance tests skipped unless env 'TF_ACC' set")
	}
	c := &cli{t: t, driver: newDriver(t), timeout: 2 * time.Minute, attached: true}
	// Tests run side by side, so a CLI that is not tested itself needs one CPU.
	c.env = append([]string{"GOMAXPROCS=1"}, env...)
	c.write("main.tf", config)
	return c
}

// newProcessCLI is newCLI for a CLI that starts the provider as a process, as it
// does for users. Tests need this if they set variables that Go itself reads, such
// as HTTPS_PROXY, use several provider blocks, read the log, or look at what is
// left after the end.
func newProcessCLI(t *testing.T, config string, env ...string) *cli {
	t.Helper()
	c := newCLI(t, config)
	c.attached, c.env = false, nil
	provider, err := binaryDir()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.driver.Override(provider, source); err != nil {
		t.Fatal(err)
	}
	c.env = append([]string{
		// Without this setting, a process with the race detector takes a second
		// to end.
		"GORACE=atexit_sleep_ms=0 log_path=" + filepath.Join(provider, "race"),
		// Without this setting, the CLI and the provider each make a TLS key at
		// every start. With the race detector that takes longer than the whole
		// rest of a plan.
		"TF_DISABLE_PLUGIN_TLS=1",
	}, env...)
	return c
}

func newDriver(t *testing.T) *clidriver.Driver {
	t.Helper()
	driver, err := clidriver.New(cliPath())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := driver.Close(); err != nil {
			t.Error(err)
		}
	})
	return driver
}

func (c *cli) path(name string) string { return filepath.Join(c.driver.WorkingDir(), name) }

func (c *cli) write(name, content string) {
	c.t.Helper()
	if err := c.driver.Write(name, content); err != nil {
		c.t.Fatal(err)
	}
}

// writeModule writes main.tf of a module into a subdirectory.
func (c *cli) writeModule(name, content string) {
	c.t.Helper()
	if err := os.Mkdir(c.path(name), 0o700); err != nil {
		c.t.Fatal(err)
	}
	c.write(filepath.Join(name, "main.tf"), content)
}

func (c *cli) read(name string) string {
	c.t.Helper()
	content, err := os.ReadFile(c.path(name))
	if err != nil {
		c.t.Fatal(err)
	}
	return string(content)
}

// cliPath returns the path of the CLI, by the same rules as plugin-testing.
func cliPath() string {
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return path
	}
	return "terraform"
}

var version struct {
	once   sync.Once
	answer clidriver.Version
	err    error
}

// cliVersion returns the version of the CLI. It runs the CLI only once.
func cliVersion(t *testing.T) clidriver.Version {
	t.Helper()
	version.once.Do(func() { version.answer, version.err = newDriver(t).Version(t.Context()) })
	if version.err != nil {
		t.Fatal(version.err)
	}
	return version.answer
}

// needs skips the test if the CLI is too old for a feature. The numbers are the
// minor versions (1.x) of Terraform and of OpenTofu that the feature needs.
func needs(t *testing.T, feature string, terraform, openTofu int) {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("Acceptance tests skipped unless env 'TF_ACC' set")
	}
	have := cliVersion(t)
	least := terraform
	if have.OpenTofu {
		least = openTofu
	}
	if have.Before(1, least) {
		t.Skipf("%s needs Terraform 1.%d or OpenTofu 1.%d, and this is %s", feature, terraform, openTofu, have)
	}
}

func (c *cli) setEnvironment() {
	for _, variable := range c.env {
		name, value, _ := strings.Cut(variable, "=")
		c.driver.Setenv(name, value)
	}
}

// start starts the CLI. The returned function waits for its end and returns the
// result.
func (c *cli) start(args ...string) (*exec.Cmd, func() *result) {
	c.t.Helper()
	c.setEnvironment()
	ctx, cancel := context.WithTimeout(context.Background(), c.timeout)
	if c.attached {
		if err := c.driver.Attach(c.serve(ctx), source); err != nil {
			cancel()
			c.t.Fatal(err)
		}
	}
	process, err := c.driver.Start(ctx, args...)
	if err != nil {
		cancel()
		c.t.Fatal(err)
	}
	return process.Command, func() *result {
		c.t.Helper()
		defer cancel()
		run, err := process.Wait()
		if err != nil {
			c.t.Fatal(err)
		}
		r := &result{t: c.t, failed: run.ExitCode != 0, stdout: run.Stdout, stderr: run.Stderr, took: run.Took}
		r.diagnostics, r.outputs = run.Messages()
		return r
	}
}

// startUntilAsked starts the CLI and returns when a value comes over the channel.
// It fails if the CLI ends before that. The returned function waits for the end.
func (c *cli) startUntilAsked(asked <-chan struct{}, args ...string) (*exec.Cmd, func() *result) {
	c.t.Helper()
	command, wait := c.start(args...)
	ended := make(chan *result, 1)
	go func() {
		defer close(ended)
		ended <- wait()
	}()
	select {
	case <-asked:
	case early := <-ended:
		c.t.Fatalf("the CLI ended before it asked for anything: %v", early)
	}
	return command, func() *result {
		c.t.Helper()
		r := <-ended // not later than the timeout of the CLI
		if r == nil {
			c.t.FailNow()
		}
		return r
	}
}

func (c *cli) run(args ...string) *result {
	c.t.Helper()
	_, wait := c.start(args...)
	return wait()
}

// validate returns the errors that a validation finds.
func (c *cli) validate() []diagnostic {
	c.t.Helper()
	return c.validation("error")
}

// validationWarnings returns the warnings that a validation gives.
func (c *cli) validationWarnings() []diagnostic {
	c.t.Helper()
	return c.validation("warning")
}

func (c *cli) validation(severity string) []diagnostic {
	c.t.Helper()
	r := c.run("validate", "-json")
	if !strings.HasPrefix(r.stdout, "{") {
		c.t.Fatalf("the CLI printed\n%s%s", r.stdout, r.stderr)
	}
	return r.only(severity)
}

// plan runs one plan. In a plan, one provider is configured once and reads.
func (c *cli) plan(args ...string) *result {
	c.t.Helper()
	return c.run(append([]string{"plan", "-json", "-lock=false"}, args...)...)
}

// apply plans and applies. If only outputs change, it sends the same requests
// as a plan.
func (c *cli) apply(args ...string) *result {
	c.t.Helper()
	return c.run(append([]string{"apply", "-json", "-auto-approve"}, args...)...)
}

// result is the result of one run of the CLI.
type result struct {
	t              *testing.T
	failed         bool
	stdout, stderr string
	took           time.Duration
	diagnostics    []diagnostic
	outputs        map[string]clidriver.Output
}

type diagnostic = clidriver.Diagnostic

func (r *result) only(severity string) []diagnostic {
	return slices.DeleteFunc(slices.Clone(r.diagnostics), func(d diagnostic) bool { return d.Severity != severity })
}

func (r *result) errors() []diagnostic   { return r.only("error") }
func (r *result) warnings() []diagnostic { return r.only("warning") }

// ok fails the test unless the CLI succeeded.
func (r *result) ok() *result {
	r.t.Helper()
	if r.failed {
		r.t.Fatalf("the CLI failed:\n%s%v", r.stderr, r.diagnostics)
	}
	return r
}

// wantOutput fails the test unless an output has the given value, as JSON.
func (r *result) wantOutput(name, want string) {
	r.t.Helper()
	if got := string(r.ok().outputs[name].Value); got != want {
		r.t.Errorf("output %s is %s, want %s", name, got, want)
	}
}

// wantError fails the test unless there is exactly one error, with the given
// summary and with all the given words in its detail.
func (r *result) wantError(summary string, words ...string) diagnostic {
	r.t.Helper()
	list := r.errors()
	if len(list) != 1 {
		r.t.Fatalf("%d errors, want one:\n%v\n%s", len(list), list, r.stderr)
	}
	wantDiagnostic(r.t, list[0], summary, words...)
	return list[0]
}

func wantDiagnostic(t *testing.T, d diagnostic, summary string, words ...string) {
	t.Helper()
	if d.Summary != summary {
		t.Errorf("the summary is %q, want %q:\n%s", d.Summary, summary, d)
	}
	for _, w := range words {
		if !strings.Contains(d.Detail, w) {
			t.Errorf("%q is missing in:\n%s", w, d)
		}
	}
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// members returns the content of the files in a zip file.
func members(t *testing.T, path string) map[string]string {
	t.Helper()
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	contents := map[string]string{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		contents[f.Name] = string(content)
	}
	return contents
}
