package provider

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// binaryVersion is what the provider's binary calls itself in these tests.
const binaryVersion = "9.8.7"

// binary builds the provider once, with the race detector if the tests have it,
// and returns the directory that it is in.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "terraform-provider-commercelayer-test-")
	if err != nil {
		return "", err
	}
	args := []string{"build", "-buildvcs=false", "-ldflags", "-X main.version=" + binaryVersion, "-o", filepath.Join(dir, "terraform-provider-commercelayer")}
	if info, ok := debug.ReadBuildInfo(); ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		args = append(args, "-race")
	}
	output, err := exec.CommandContext(context.Background(), "go", append(args, "../..")...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, output)
	}
	binaryDir = dir
	return dir, nil
})

var binaryDir string

// removeBinary removes the provider, and returns what its race detector found.
func removeBinary() (races string) {
	if binaryDir == "" {
		return ""
	}
	reports, _ := filepath.Glob(filepath.Join(binaryDir, "race.*"))
	for _, report := range reports {
		text, _ := os.ReadFile(report)
		races += string(text)
	}
	_ = os.RemoveAll(binaryDir)
	return races
}

// cli runs the CLI in a directory of its own, with the provider as a binary of
// its own. That is what users do, and what tests need that count the requests
// of one plan, read logs or interrupt.
type cli struct {
	t       *testing.T
	dir     string
	env     []string
	timeout time.Duration
}

// newCLI prepares a directory with a configuration. Settings of the environment
// have the form NAME=value.
func newCLI(t *testing.T, config string, env ...string) *cli {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("Acceptance tests skipped unless env 'TF_ACC' set")
	}
	provider, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	c := &cli{t: t, dir: t.TempDir(), timeout: 2 * time.Minute}
	c.write("main.tf", config)
	// The source of a provider without required_providers is hashicorp/<name>.
	c.write("cli.tfrc", fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"hashicorp/commercelayer\" = %q\n  }\n  direct {}\n}\n", provider))
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); !strings.HasPrefix(name, "TF_") && !strings.HasPrefix(name, "TOFU_") {
			c.env = append(c.env, variable)
		}
	}
	c.env = append(c.env, "TF_CLI_CONFIG_FILE="+c.path("cli.tfrc"), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1",
		// Without this each end of a process with the race detector takes a second.
		"GORACE=atexit_sleep_ms=0 log_path="+filepath.Join(provider, "race"))
	c.env = append(c.env, env...)
	return c
}

func (c *cli) path(name string) string { return filepath.Join(c.dir, name) }

func (c *cli) write(name, content string) {
	c.t.Helper()
	if err := os.WriteFile(c.path(name), []byte(content), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

// writeModule puts a module into a directory below, as main.tf.
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

// debugProvider starts the provider with -debug, until the test ends, and returns
// the value of TF_REATTACH_PROVIDERS that it prints.
func (c *cli) debugProvider() string {
	c.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, filepath.Join(binaryDir, "terraform-provider-commercelayer"), "-debug")
	command.Env = c.env
	output, err := command.StdoutPipe()
	if err != nil {
		c.t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() {
		cancel()
		_ = command.Wait()
	})
	for lines := bufio.NewScanner(output); lines.Scan(); {
		if _, value, found := strings.Cut(lines.Text(), "TF_REATTACH_PROVIDERS='"); found {
			// The source of a provider without required_providers is hashicorp/<name>.
			return strings.ReplaceAll(strings.TrimSuffix(value, "'"), "commercelayer/commercelayer", "hashicorp/commercelayer")
		}
	}
	c.t.Fatal("the provider did not say how to attach to it")
	return ""
}

// cliPath is the CLI that plugin-testing would take as well.
func cliPath() string {
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return path
	}
	return "terraform"
}

// cliVersion asks the CLI once for what it is, such as Terraform 1.11.4.
var cliVersion = sync.OnceValues(func() (name, version string) {
	output, err := exec.CommandContext(context.Background(), cliPath(), "version").Output()
	if err != nil {
		return "", ""
	}
	line, _, _ := strings.Cut(string(output), "\n")
	name, version, _ = strings.Cut(line, " v")
	return name, version
})

// needs skips the test if the CLI is older than what a feature needs: versions
// 1.x of Terraform and of OpenTofu.
func needs(t *testing.T, feature string, terraform, openTofu int) {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("Acceptance tests skipped unless env 'TF_ACC' set")
	}
	name, version := cliVersion()
	least := terraform
	if name == "OpenTofu" {
		least = openTofu
	}
	var major, minor int
	if _, err := fmt.Sscanf(version, "%d.%d", &major, &minor); err != nil {
		t.Fatalf("%q has no version: %v", name+" "+version, err)
	}
	if major == 1 && minor < least {
		t.Skipf("%s needs Terraform 1.%d or OpenTofu 1.%d, and this is %s %s", feature, terraform, openTofu, name, version)
	}
}

// start starts the CLI. Its result is complete once the function returns.
func (c *cli) start(args ...string) (*exec.Cmd, func() *result) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), c.timeout)
	command := exec.CommandContext(ctx, cliPath(), args...)
	command.Dir, command.Env = c.dir, c.env
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	start := time.Now()
	if err := command.Start(); err != nil {
		c.t.Fatal(err)
	}
	return command, func() *result {
		c.t.Helper()
		defer cancel()
		err := command.Wait()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
			c.t.Fatalf("%s: %v\n%s%s", args, errors.Join(err, ctx.Err()), stdout.String(), stderr.String())
		}
		r := &result{t: c.t, failed: err != nil, stdout: stdout.String(), stderr: stderr.String(), took: time.Since(start)}
		r.parse()
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
	return slices.DeleteFunc(c.validation("warning"), func(d diagnostic) bool { return strings.Contains(d.Summary, "development overrides") })
}

func (c *cli) validation(severity string) []diagnostic {
	c.t.Helper()
	var report struct{ Diagnostics []diagnostic }
	if err := json.Unmarshal([]byte(c.run("validate", "-json").stdout), &report); err != nil {
		c.t.Fatal(err)
	}
	return slices.DeleteFunc(report.Diagnostics, func(d diagnostic) bool { return d.Severity != severity })
}

// plan makes one plan: one process of the provider that reads, and one Configure.
func (c *cli) plan(args ...string) *result {
	c.t.Helper()
	return c.run(append([]string{"plan", "-json", "-lock=false"}, args...)...)
}

// apply plans and applies. Where nothing but outputs changes, it reads no more
// than a plan does.
func (c *cli) apply(args ...string) *result {
	c.t.Helper()
	return c.run(append([]string{"apply", "-json", "-auto-approve"}, args...)...)
}

// result is what one run of the CLI came to.
type result struct {
	t              *testing.T
	failed         bool
	stdout, stderr string
	took           time.Duration
	diagnostics    []diagnostic
	outputs        map[string]struct{ Value json.RawMessage }
}

// diagnostic is a diagnostic as the CLI gives it to programs, before it wraps
// the text for people.
type diagnostic struct {
	Severity, Summary, Detail, Address string
	Snippet                            struct{ Context, Code string }
}

func (d diagnostic) String() string {
	return fmt.Sprintf("%s: %s\n  on %s %s: %s\n%s\n", d.Severity, d.Summary, d.Address, d.Snippet.Context, strings.TrimSpace(d.Snippet.Code), d.Detail)
}

// parse reads the lines of -json, if it was given.
func (r *result) parse() {
	for line := range strings.Lines(r.stdout) {
		var message struct {
			Diagnostic *diagnostic
			Outputs    map[string]struct{ Value json.RawMessage }
		}
		if json.Unmarshal([]byte(line), &message) != nil {
			continue
		}
		if message.Diagnostic != nil && !strings.Contains(message.Diagnostic.Summary, "development overrides") {
			r.diagnostics = append(r.diagnostics, *message.Diagnostic)
		}
		if message.Outputs != nil {
			r.outputs = message.Outputs
		}
	}
}

func (r *result) only(severity string) []diagnostic {
	return slices.DeleteFunc(slices.Clone(r.diagnostics), func(d diagnostic) bool { return d.Severity != severity })
}

func (r *result) errors() []diagnostic   { return r.only("error") }
func (r *result) warnings() []diagnostic { return r.only("warning") }

// ok fails the test unless the run went well.
func (r *result) ok() *result {
	r.t.Helper()
	if r.failed {
		r.t.Fatalf("the CLI failed:\n%s%v", r.stderr, r.diagnostics)
	}
	return r
}

// wantOutput compares the JSON form of an output.
func (r *result) wantOutput(name, want string) {
	r.t.Helper()
	if got := string(r.ok().outputs[name].Value); got != want {
		r.t.Errorf("output %s is %s, want %s", name, got, want)
	}
}

// wantError fails the test unless there is exactly one error, with that summary
// and with all of the words in its detail.
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
