package provider

import (
	"archive/zip"
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/clidriver"
)

// source is the source of the provider in a configuration without
// required_providers.
const source = "hashicorp/commercelayer"

// binaryVersion is the version of the provider that runs in the process of a test.
const binaryVersion = "9.8.7"

// binaryDir builds the provider once, and returns the directory of the binary.
// The binary has the race detector if the tests have it.
var binaryDir = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "terraform-provider-commercelayer-test-")
	if err != nil {
		return "", err
	}
	builtIn = dir
	return dir, clidriver.Build(context.Background(), dir, "../..")
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
	t           testing.TB
	driver      *clidriver.Driver
	environment map[string]string
	// attached is set if the provider runs in this process, and the CLI attaches to
	// it. The provider's log then goes to that test.
	attached *testing.T
}

// newCLI prepares a directory with a configuration. Variables of the environment
// have the form NAME=value. Each run of the CLI attaches to a new provider in this
// process. So no process of the provider has to start, which would take longer
// than the rest of a plan, and more so with the race detector.
func newCLI(t *testing.T, config string, env ...string) *cli {
	t.Helper()
	c := prepareCLI(t, config, env)
	c.attached = t
	// Tests run side by side, so a CLI that is not tested itself needs one CPU.
	c.setenv("GOMAXPROCS=1")
	return c
}

// newProcessCLI is newCLI for a CLI that starts the provider as a process, as it
// does for users. Tests need this if they set variables that Go itself reads, such
// as HTTPS_PROXY, use several provider blocks, read the log, or look at what is
// left after the end.
func newProcessCLI(t testing.TB, config string, env ...string) *cli {
	t.Helper()
	c := prepareCLI(t, config, env)
	provider, err := binaryDir()
	if err == nil {
		err = c.driver.Override(provider, source)
	}
	noError(t, err)
	c.setenv(
		// Without this setting, a process with the race detector takes a second
		// to end.
		"GORACE=atexit_sleep_ms=0 log_path="+filepath.Join(provider, "race"),
		// Without this setting, the CLI and the provider each make a TLS key at
		// every start. With the race detector that takes longer than the whole
		// rest of a plan.
		"TF_DISABLE_PLUGIN_TLS=1",
	)
	return c
}

func prepareCLI(t testing.TB, config string, env []string) *cli {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("Acceptance tests skipped unless env 'TF_ACC' set")
	}
	driver, err := clidriver.New(cliPath())
	noError(t, err)
	t.Cleanup(func() {
		noError(t, driver.Close())
	})
	c := &cli{t: t, driver: driver, environment: map[string]string{}}
	c.setenv(env...)
	c.write("main.tf", config)
	return c
}

func (c *cli) path(name string) string { return filepath.Join(c.driver.WorkingDir(), name) }

func (c *cli) write(name, content string) {
	c.t.Helper()
	noError(c.t, c.driver.Write(name, content))
}

func (c *cli) read(name string) string {
	c.t.Helper()
	content, err := os.ReadFile(c.path(name))
	noError(c.t, err)
	return string(content)
}

// cliPath returns the path of the CLI, by the same rules as plugin-testing.
func cliPath() string {
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return path
	}
	return "terraform"
}

// version returns the version of the CLI.
func (c *cli) version() clidriver.Version {
	c.t.Helper()
	version, err := c.driver.Version(c.t.Context())
	noError(c.t, err)
	return version
}

// needsEphemeral skips the test if the CLI has no ephemeral resources.
func (c *cli) needsEphemeral() {
	c.t.Helper()
	if v := c.version(); v.Before(1, 10) || v.OpenTofu && v.Before(1, 11) {
		c.t.Skipf("%s has no ephemeral resources", v)
	}
}

// setenv sets variables of the form NAME=value.
func (c *cli) setenv(env ...string) {
	for _, variable := range env {
		name, value, _ := strings.Cut(variable, "=")
		c.driver.Setenv(name, value)
		c.environment[name] = value
	}
}

// start starts the CLI. The returned function waits for its end and returns the
// result.
func (c *cli) start(args ...string) (*exec.Cmd, func() *result) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	if c.attached != nil {
		if err := c.driver.Attach(c.serve(ctx), source); err != nil {
			cancel()
			c.t.Fatal(err)
		}
	}
	command, end, err := c.driver.Start(ctx, args...)
	if err != nil {
		cancel()
		c.t.Fatal(err)
	}
	return command, func() *result {
		c.t.Helper()
		defer cancel()
		run, err := end()
		noError(c.t, err)
		r := &result{Result: run, t: c.t}
		r.diagnostics, r.outputs = messages(run.Stdout)
		return r
	}
}

// startUntilAsked starts the CLI and returns when a value comes over the channel.
func (c *cli) startUntilAsked(asked <-chan struct{}, args ...string) (*exec.Cmd, func() *result) {
	c.t.Helper()
	command, wait := c.start(args...)
	select {
	case <-asked:
	case <-time.After(time.Minute):
		c.t.Fatal("the CLI asked for nothing: ", wait())
	}
	return command, wait
}

func (c *cli) run(args ...string) *result {
	c.t.Helper()
	_, wait := c.start(args...)
	return wait()
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
	*clidriver.Result

	t           testing.TB
	diagnostics []diagnostic
	outputs     map[string]output
}

func only(severity string, list []diagnostic) []diagnostic {
	return slices.DeleteFunc(slices.Clone(list), func(d diagnostic) bool { return d.Severity != severity })
}

func (r *result) errors() []diagnostic   { return only("error", r.diagnostics) }
func (r *result) warnings() []diagnostic { return only("warning", r.diagnostics) }

// ok fails the test unless the CLI succeeded.
func (r *result) ok() *result {
	r.t.Helper()
	noError(r.t, r.Err())
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
	return wantOne(r.t, r.errors(), summary, words...)
}

// kept returns what a run leaves after `plan -out=saved` and an apply: the plan as
// JSON, the members of the plan's file, and the state.
func (c *cli) kept() map[string]string {
	c.t.Helper()
	kept := map[string]string{"plan as JSON": c.run("show", "-json", "saved").ok().Stdout}
	archive, err := zip.OpenReader(c.path("saved"))
	noError(c.t, err)
	defer archive.Close()
	for _, f := range archive.File {
		content, err := fs.ReadFile(archive, f.Name)
		noError(c.t, err)
		kept["plan file "+f.Name] = string(content)
	}
	c.run("apply", "saved").ok()
	kept["state"] = c.read("terraform.tfstate")
	return kept
}

// serve serves a new provider from this process until ctx ends. The provider has
// the environment that was set for the CLI. It returns what Attach needs.
func (c *cli) serve(ctx context.Context) any {
	c.t.Helper()
	p := &commercelayerProvider{version: binaryVersion, environment: lookupIn(c.environment)}
	configs := make(chan *plugin.ReattachConfig)
	failed := make(chan error, 1)
	go func() {
		failed <- tf6server.Serve(Address, func() tfprotov6.ProviderServer { return newServer(p) },
			tf6server.WithDebug(ctx, configs, make(chan struct{})),
			tf6server.WithGoPluginLogger(hclog.NewNullLogger()),
			tf6server.WithLoggingSink(c.attached), tf6server.WithoutLogStderrOverride())
	}()
	select {
	case config := <-configs:
		return map[string]any{
			"Protocol": config.Protocol, "ProtocolVersion": config.ProtocolVersion, "Pid": config.Pid, "Test": true,
			"Addr": map[string]string{"Network": config.Addr.Network(), "String": config.Addr.String()},
		}
	case err := <-failed:
		c.t.Fatal(err)
		return nil
	}
}

// providerLog is the file for the log of a provider that runs with -debug.
const providerLog = "provider.log"

// debug starts the provider with -debug, and all later runs of the CLI attach to
// it. So one process has to start, and not one for each step of the CLI. The
// provider writes its log into the file [providerLog].
func (c *cli) debug() {
	c.t.Helper()
	dir, err := binaryDir()
	noError(c.t, err)
	log, err := os.Create(c.path(providerLog))
	noError(c.t, err)
	defer log.Close()
	stop, err := c.driver.Debug(c.t.Context(), filepath.Join(dir, "terraform-provider-commercelayer"), log, source)
	noError(c.t, err)
	c.t.Cleanup(stop)
}
