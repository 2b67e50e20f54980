package examples

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// root is the source tree, seen from this package.
const root = "../.."

// temp is for what all tests of this package share.
var temp string

func TestMain(m *testing.M) {
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	var err error
	if temp, err = os.MkdirTemp("", "examples-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(temp)
	return m.Run()
}

// A cli is a Terraform or OpenTofu that takes the provider of this source tree.
type cli struct {
	path     string
	config   string
	openTofu bool
	version  version
}

type version struct{ major, minor int }

func (v version) before(other version) bool {
	return v.major < other.major || v.major == other.major && v.minor < other.minor
}

// realCLI finds the CLI and builds the provider, once. The test is skipped if it
// is not an acceptance test's turn.
func realCLI(t *testing.T) *cli {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("TF_ACC is not set: this test runs a real CLI")
	}
	shared.once.Do(func() { shared.cli, shared.err = findCLI(t.Context()) })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.cli
}

var shared struct {
	once sync.Once
	cli  *cli
	err  error
}

func findCLI(ctx context.Context) (*cli, error) {
	path := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if path == "" {
		var err error
		if path, err = exec.LookPath("terraform"); err != nil {
			return nil, fmt.Errorf("set TF_ACC_TERRAFORM_PATH, or put terraform on PATH: %w", err)
		}
	}
	c := &cli{path: path, config: filepath.Join(temp, "cli.tfrc")}
	if err := c.overrideProvider(ctx); err != nil {
		return nil, err
	}
	return c, c.askVersion(ctx)
}

// overrideProvider builds the provider and writes a CLI configuration that puts
// it in the place of the published one, in either registry.
func (c *cli) overrideProvider(ctx context.Context) error {
	binary := filepath.Join(temp, "terraform-provider-commercelayer")
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	if output, err := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-o", binary, root).CombinedOutput(); err != nil {
		return fmt.Errorf("building the provider: %w\n%s", err, output)
	}
	text := fmt.Sprintf(`provider_installation {
  dev_overrides {
    "registry.terraform.io/commercelayer/commercelayer" = %[1]q
    "registry.opentofu.org/commercelayer/commercelayer" = %[1]q
  }
}
`, filepath.ToSlash(temp))
	return os.WriteFile(c.config, []byte(text), 0o600)
}

func (c *cli) askVersion(ctx context.Context) error {
	command := exec.CommandContext(ctx, c.path, "version", "-json")
	command.Env = c.environment(nil)
	output, err := command.Output()
	if err != nil {
		return fmt.Errorf("asking %s for its version: %w", c.path, err)
	}
	var answer struct {
		Version string `json:"terraform_version"` // OpenTofu's key too
	}
	if err := json.Unmarshal(output, &answer); err != nil {
		return fmt.Errorf("reading the version of %s: %w", c.path, err)
	}
	if _, err := fmt.Sscanf(answer.Version, "%d.%d", &c.version.major, &c.version.minor); err != nil {
		return fmt.Errorf("reading the version %q: %w", answer.Version, err)
	}
	command = exec.CommandContext(ctx, c.path, "version")
	command.Env = c.environment(nil)
	output, err = command.Output()
	c.openTofu = strings.HasPrefix(string(output), "OpenTofu")
	return err
}

// environment is that of the process, without what would change the CLI's ways
// or lead the provider to a real organization.
func (c *cli) environment(variables map[string]string) []string {
	env := []string{"TF_CLI_CONFIG_FILE=" + c.config, "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1"}
	for _, variable := range os.Environ() {
		ours := false
		for _, prefix := range []string{"TF_", "TOFU_", "TERRAFORM_CONFIG=", "COMMERCELAYER_"} {
			ours = ours || strings.HasPrefix(variable, prefix)
		}
		if !ours {
			env = append(env, variable)
		}
	}
	for name, value := range variables {
		env = append(env, name+"="+value)
	}
	return env
}

// A workspace is a copy of an example with organizations to ask.
type workspace struct {
	cli *cli
	dir string
	env map[string]string
	// api is the organization of the environment's credentials, other the second
	// one of the example with two.
	api, other *emulator.Emulator
}

// newWorkspace copies the folder's files, so that the CLI leaves nothing in the
// source tree, and starts the organizations.
func newWorkspace(t *testing.T, c *cli, folder string) *workspace {
	t.Helper()
	w := &workspace{cli: c, dir: t.TempDir()}
	if err := os.CopyFS(w.dir, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	var domain, otherDomain string
	w.api, domain = startEmulator(t, emulator.WithCustomers(60))
	w.other, otherDomain = startEmulator(t, emulator.WithOrganization("wholesale", "wHoLeSaLeO"))
	credentials := func(domain string) string {
		return fmt.Sprintf(`{domain=%q,client_id=%q,client_secret=%q}`, domain, emulator.DefaultClientID, emulator.DefaultClientSecret)
	}
	// Variables that an example does not declare are ignored.
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
	}
	return w
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

// run runs the CLI and returns what it printed, on one line, since it wraps
// lines as it likes.
func (w *workspace) run(t *testing.T, args ...string) (string, error) {
	t.Helper()
	command := exec.CommandContext(t.Context(), w.cli.path, append(args, "-no-color")...)
	command.Dir = w.dir
	command.Env = w.cli.environment(w.env)
	output, err := command.CombinedOutput()
	return strings.Join(strings.Fields(string(output)), " "), err
}

func (w *workspace) mustRun(t *testing.T, args ...string) string {
	t.Helper()
	output, err := w.run(t, args...)
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, output)
	}
	return output
}
