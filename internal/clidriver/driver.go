// Package clidriver runs a Terraform or OpenTofu binary in a temporary
// directory of its own, with a provider that was built on this machine, and
// without the configuration, the plugins or the environment of the person who
// runs it.
//
// Tests and the benchmark share it. The provider itself does not import it.
package clidriver

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// Driver is a CLI with a working directory, a configuration and an environment
// of its own.
type Driver struct {
	cli  string
	root string
	env  []string
	// Attributes are those of the CLI's process, such as a process group of its own.
	Attributes *syscall.SysProcAttr
}

// New returns a driver for the CLI at the given path. Close removes the files
// of the driver.
func New(cli string) (*Driver, error) {
	root, err := os.MkdirTemp("", "terraform-provider-commercelayer-")
	if err != nil {
		return nil, err
	}
	d := &Driver{cli: cli, root: root, env: cleanEnvironment(os.Environ())}
	d.Setenv("TF_CLI_CONFIG_FILE", d.configuration())
	d.Setenv("TF_IN_AUTOMATION", "1")
	d.Setenv("CHECKPOINT_DISABLE", "1")
	// The CLI installs only providers that were added to the driver.
	err = errors.Join(os.Mkdir(d.WorkingDir(), 0o700),
		d.configure(fmt.Sprintf("filesystem_mirror {\n    path = %q\n  }", filepath.ToSlash(d.mirror()))))
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// Close removes the temporary directory and everything in it.
func (d *Driver) Close() error { return os.RemoveAll(d.root) }

// Root returns the temporary directory of the driver. The working directory and
// the providers are in it.
func (d *Driver) Root() string { return d.root }

// WorkingDir returns the directory in which the CLI runs.
func (d *Driver) WorkingDir() string { return filepath.Join(d.root, "work") }

// Setenv sets a variable for the CLI and its provider.
func (d *Driver) Setenv(name, value string) {
	d.env = append(d.env, name+"="+value)
}

// Environ returns the environment of the CLI, for a script that runs the CLI
// itself.
func (d *Driver) Environ() []string { return slices.Clone(d.env) }

// Write puts a file into the working directory.
func (d *Driver) Write(name, content string) error {
	return os.WriteFile(filepath.Join(d.WorkingDir(), name), []byte(content), 0o600)
}

// cleanEnvironment removes variables that change the CLI's behaviour. It also
// removes the provider's variables, so that the provider does not read from a
// real organization by mistake. Callers add the credentials that they need.
func cleanEnvironment(environ []string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(variable string) bool {
		for _, prefix := range []string{"TF_", "TOFU_", "TERRAFORM_CONFIG=", "COMMERCELAYER_"} {
			if strings.HasPrefix(variable, prefix) {
				return true
			}
		}
		return false
	})
}
