package examples

import (
	"cmp"
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/clidriver"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// root is the path from this package to the root of the source tree.
const root = "../.."

// source is the source of the provider in the examples.
const source = "commercelayer/commercelayer"

// built is the directory of the binaries. It is empty until a test has built them.
var built string

func TestMain(m *testing.M) {
	code := m.Run()
	if built != "" {
		if races, _ := filepath.Glob(filepath.Join(built, "race.*")); len(races) > 0 {
			report, _ := os.ReadFile(races[0])
			fmt.Fprintf(os.Stderr, "There are races in the provider:\n\n%s\n", report)
			code = 1
		}
		_ = os.RemoveAll(built)
	}
	os.Exit(code)
}

// A cli is Terraform or OpenTofu with the provider of this source tree.
type cli struct {
	path    string
	version clidriver.Version
	// programs is a folder with the provider, the emulator, and the CLI under the
	// name terraform.
	programs string
}

// realCLI finds the CLI and builds the programs. It builds only once. It skips the
// test if acceptance tests are not enabled.
func realCLI(t *testing.T) *cli {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("TF_ACC is not set: this test runs a real CLI")
	}
	c, err := findCLI()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var findCLI = sync.OnceValues(func() (*cli, error) {
	path, err := exec.LookPath(cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform"))
	if err == nil {
		path, err = filepath.Abs(path)
	}
	if err != nil {
		return nil, fmt.Errorf("set TF_ACC_TERRAFORM_PATH, or put terraform on PATH: %w", err)
	}
	driver, err := clidriver.New(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = driver.Close() }()
	version, err := driver.Version(context.Background())
	if err != nil {
		return nil, err
	}
	if built, err = os.MkdirTemp("", "examples-"); err != nil {
		return nil, err
	}
	if err := os.Symlink(path, filepath.Join(built, "terraform")); err != nil {
		return nil, err
	}
	c := &cli{path: path, version: version, programs: built}
	return c, clidriver.Build(context.Background(), built, root, root+"/internal/cmd/commercelayer-emulator")
})

// A workspace is a copy of an example, with emulated organizations to read
// from.
type workspace struct {
	cli    *cli
	driver *clidriver.Driver
	env    map[string]string
	// api is the organization of the credentials in the environment. other is
	// the second organization, for the example that reads from two.
	api, other *emulator.Emulator
	// path has the folders whose programs are found first.
	path []string
}

// newWorkspace returns a workspace in which the CLI uses the provider without an
// init.
func newWorkspace(t *testing.T, c *cli, folder string) *workspace {
	t.Helper()
	w := newEmptyWorkspace(t, c, folder)
	if err := w.driver.Override(c.programs, source); err != nil {
		t.Fatal(err)
	}
	return w
}

// newEmptyWorkspace copies the files of a folder and starts the organizations.
// The CLI runs in the copy, so that it writes nothing into the source tree. It
// finds no provider yet.
func newEmptyWorkspace(t *testing.T, c *cli, folder string) *workspace {
	t.Helper()
	w := &workspace{cli: c, driver: newDriver(t, c.path), path: []string{c.programs}}
	if err := os.CopyFS(w.driver.WorkingDir(), os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	var domain, otherDomain string
	w.api, domain = startEmulator(t, emulator.WithCustomers(60))
	w.other, otherDomain = startEmulator(t, emulator.WithOrganization("wholesale", "wHoLeSaLeO"))
	credentials := func(domain string) string {
		return fmt.Sprintf(
			`{domain=%q,client_id=%q,client_secret=%q}`,
			domain,
			emulator.DefaultClientID,
			emulator.DefaultClientSecret,
		)
	}
	// The CLI ignores variables that an example does not declare.
	w.env = map[string]string{
		"COMMERCELAYER_DOMAIN":        domain,
		"COMMERCELAYER_CLIENT_ID":     emulator.DefaultClientID,
		"COMMERCELAYER_CLIENT_SECRET": emulator.DefaultClientSecret,
		"TF_VAR_client_id":            emulator.DefaultClientID,
		"TF_VAR_client_secret":        emulator.DefaultClientSecret,
		"TF_VAR_email":                emulator.FullCustomerEmail,
		"TF_VAR_state_passphrase":     "correct horse battery staple",
		"TF_VAR_retail":               credentials(domain),
		"TF_VAR_wholesale":            credentials(otherDomain),
		// Without this setting, the CLI and the provider make TLS keys at every
		// start. With the race detector that takes longer than the whole rest
		// of a plan.
		"TF_DISABLE_PLUGIN_TLS": "1",
		"GORACE":                "atexit_sleep_ms=0 log_path=" + filepath.Join(c.programs, "race"),
	}
	return w
}

func newDriver(t *testing.T, path string) *clidriver.Driver {
	t.Helper()
	driver, err := clidriver.New(path)
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

func startEmulator(t *testing.T, options ...emulator.Option) (*emulator.Emulator, string) {
	t.Helper()
	e := emulator.New(options...)
	server := httptest.NewServer(e)
	t.Cleanup(func() {
		e.Close()
		server.Close()
	})
	return e, server.URL
}

func (w *workspace) setEnvironment() {
	for name, value := range w.env {
		w.driver.Setenv(name, value)
	}
}

// debug starts the provider with -debug, and all later runs of the CLI attach to
// it. So one process has to start, and not one for each step of the CLI.
func (w *workspace) debug(t *testing.T) {
	t.Helper()
	w.setEnvironment()
	binary := filepath.Join(w.cli.programs, "terraform-provider-commercelayer")
	stop, err := w.driver.Debug(t.Context(), binary, nil, source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
}

// shell runs a line of shell as a pipeline does. It returns the exit code and the
// output.
func (w *workspace) shell(t *testing.T, line string) (code int, output string) {
	t.Helper()
	w.setEnvironment()
	return runShell(t, w.driver.WorkingDir(), append(w.driver.Environ(), pathWith(w.path...), "TF_INPUT=0",
		"TF_CLI_ARGS=-no-color"), "-c", line)
}

// perform runs commands as a runner does: each in a shell of its own, and only until
// one fails.
func (w *workspace) perform(t *testing.T, commands ...string) (code int, output string) {
	t.Helper()
	for _, command := range commands {
		var printed string
		code, printed = w.shell(t, "set -e\n"+command)
		output += "$ " + command + "\n" + printed
		if code != 0 {
			break
		}
	}
	return code, output
}

func (w *workspace) mustPerform(t *testing.T, commands ...string) string {
	t.Helper()
	code, output := w.perform(t, commands...)
	if code != 0 {
		t.Fatalf("exit code %d\n%s", code, output)
	}
	return output
}
