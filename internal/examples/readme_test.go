package examples

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
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
	w.setEnvironment()
	script := "set -e\n" + commands + "cd \"$FOLDER\"\nterraform init -no-color\nterraform plan -no-color -input=false\n"
	command := exec.CommandContext(t.Context(), "sh", "-c", script)
	command.Dir = root
	command.Env = append(w.driver.Environ(), "HOME="+t.TempDir(), "FOLDER="+w.driver.WorkingDir(),
		"GOFLAGS=-buildvcs=false",
		"PATH="+tools(t, c)+string(os.PathListSeparator)+os.Getenv("PATH"))
	for _, name := range []string{"GOCACHE", "GOMODCACHE"} {
		value, err := exec.CommandContext(t.Context(), "go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		command.Env = append(command.Env, name+"="+strings.TrimSpace(string(value)))
	}
	output, err := command.CombinedOutput()
	if err != nil || !strings.Contains(string(output), `= "john@example.com"`) {
		t.Errorf("got %v\n%s", err, output)
	}
}
