package examples

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/clidriver"
)

// TestAccTheReadmeBuildsAProviderThatInitFinds runs the README's commands for a
// configuration of one's own, with an empty home directory.
func TestAccTheReadmeBuildsAProviderThatInitFinds(t *testing.T) {
	t.Parallel()
	c := realCLI(t)
	if runtime.GOOS == "windows" {
		t.Skip("the commands are for a POSIX shell")
	}
	match := regexp.MustCompile("(?s)```shell\n(unset TF_CLI_CONFIG_FILE\n.*?)```").FindStringSubmatch(read(t,
		filepath.Join(root, "README.md")))
	if match == nil {
		t.Fatal("the README does not say how to build the provider for a configuration")
	}
	commands := match[1]
	if c.version.OpenTofu {
		commands = strings.ReplaceAll(commands, "registry.terraform.io", "registry.opentofu.org")
	}
	w := newEmptyWorkspace(t, c, filepath.Join(root, "examples", "data-sources", "commercelayer_customer"))
	w.env["HOME"] = t.TempDir()
	w.env["GOFLAGS"] = strings.Join(clidriver.BuildFlags(), " ")
	for _, name := range []string{"GOCACHE", "GOMODCACHE"} {
		value, err := exec.CommandContext(t.Context(), "go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		w.env[name] = strings.TrimSpace(string(value))
	}
	tree, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	code, output := w.shell(t, "set -e\ncd "+tree+"\n"+commands+"cd "+w.driver.WorkingDir()+
		"\nterraform init\nterraform plan\n")
	if code != 0 || !strings.Contains(output, `= "john@example.com"`) {
		t.Errorf("exit code %d\n%s", code, output)
	}
}
