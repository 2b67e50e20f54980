// Package sandbox runs a Terraform or OpenTofu binary in a temporary directory of its own, with a provider that was
// built on this machine, and without the configuration, the plugins or the environment of the person who runs it.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// providerPath is the provider's address below a registry's host. The source "commercelayer/commercelayer" means
// another host to either CLI, so the mirror has both.
const providerPath = "commercelayer/commercelayer"

var registryHosts = []string{"registry.terraform.io", "registry.opentofu.org"}

// gracePeriod is what a CLI gets to stop its provider after an interrupt.
const gracePeriod = 10 * time.Second

// Sandbox is a temporary directory with a working directory, a provider mirror and a CLI configuration in it.
type Sandbox struct {
	cli  string
	root string
	env  []string
}

// New makes a sandbox for the CLI at the given path. Close removes it.
func New(cli string) (*Sandbox, error) {
	root, err := os.MkdirTemp("", "terraform-provider-commercelayer-")
	if err != nil {
		return nil, fmt.Errorf("making a temporary directory: %w", err)
	}

	s := &Sandbox{cli: cli, root: root, env: cleanEnvironment(os.Environ())}

	if err := s.prepare(); err != nil {
		return nil, errors.Join(err, s.Close())
	}

	return s, nil
}

func (s *Sandbox) prepare() error {
	if err := os.Mkdir(s.WorkingDir(), 0o700); err != nil {
		return fmt.Errorf("making the working directory: %w", err)
	}

	config := filepath.Join(s.root, "cli.tfrc")
	content := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", s.mirror())

	if err := os.WriteFile(config, []byte(content), 0o600); err != nil {
		return fmt.Errorf("writing the CLI configuration: %w", err)
	}

	s.Setenv("TF_CLI_CONFIG_FILE", config)
	s.Setenv("TF_IN_AUTOMATION", "1")
	s.Setenv("CHECKPOINT_DISABLE", "1")

	return nil
}

// Close removes the sandbox and everything in it.
func (s *Sandbox) Close() error {
	if err := os.RemoveAll(s.root); err != nil {
		return fmt.Errorf("removing the temporary directory: %w", err)
	}

	return nil
}

// Root is the temporary directory, below which the CLI finds its providers.
func (s *Sandbox) Root() string {
	return s.root
}

// WorkingDir is where the CLI runs.
func (s *Sandbox) WorkingDir() string {
	return filepath.Join(s.root, "work")
}

// TempFile is a path for a file that goes away with the sandbox.
func (s *Sandbox) TempFile(name string) string {
	return filepath.Join(s.root, name)
}

// Setenv sets a variable for the CLI and its provider.
func (s *Sandbox) Setenv(name, value string) {
	s.env = append(s.env, name+"="+value)
}

// Write puts a file into the working directory.
func (s *Sandbox) Write(name, content string) error {
	if err := os.WriteFile(filepath.Join(s.WorkingDir(), name), []byte(content), 0o600); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}

	return nil
}

// AddBinary offers a provider binary for this machine under the given version.
func (s *Sandbox) AddBinary(binary, version string) error {
	return s.AddProvider(binary, providerPath, version)
}

// AddProvider offers another provider, such as "hashicorp/http", for this machine.
func (s *Sandbox) AddProvider(binary, source, version string) error {
	name := "terraform-provider-" + source[strings.LastIndex(source, "/")+1:]

	return s.offerAs(source, binary, version+"/"+runtime.GOOS+"_"+runtime.GOARCH+"/"+name+"_v"+version)
}

// AddZip offers a provider as it is published: the zip under its own name.
func (s *Sandbox) AddZip(zip string) error {
	return s.offer(zip, filepath.Base(zip))
}

func (s *Sandbox) offer(file, name string) error {
	return s.offerAs(providerPath, file, name)
}

func (s *Sandbox) offerAs(source, file, name string) error {
	for _, host := range registryHosts {
		target := filepath.Join(s.mirror(), host, filepath.FromSlash(source), filepath.FromSlash(name))

		if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
			return fmt.Errorf("making the provider mirror: %w", err)
		}

		if err := copyFile(file, target); err != nil {
			return fmt.Errorf("filling the provider mirror: %w", err)
		}
	}

	return nil
}

// Run runs the CLI and returns what it printed. An error holds that too, so that nothing of the cause is lost.
func (s *Sandbox) Run(ctx context.Context, args ...string) (string, error) {
	var stdout, stderr strings.Builder

	command := exec.CommandContext(ctx, s.cli, args...)
	command.Dir = s.WorkingDir()
	command.Env = s.env
	command.Stdout = &stdout
	command.Stderr = &stderr
	command.WaitDelay = gracePeriod
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }

	if err := command.Run(); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}

		return "", fmt.Errorf("%s %s: %w\n%s%s", filepath.Base(s.cli), strings.Join(args, " "), err, stdout.String(), stderr.String())
	}

	return stdout.String(), nil
}

func (s *Sandbox) mirror() string {
	return filepath.Join(s.root, "mirror")
}

// cleanEnvironment drops what would change the CLI's behaviour and what would lead the provider outside. Callers add
// the credentials that they mean to use.
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

// copyFile copies, because a hard link does not cross file systems and a symbolic one is not what users have.
func copyFile(from, to string) (err error) {
	source, err := os.Open(from)
	if err != nil {
		return err
	}

	defer func() { err = errors.Join(err, source.Close()) }()

	target, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o700)
	if err != nil {
		return err
	}

	defer func() { err = errors.Join(err, target.Close()) }()

	_, err = io.Copy(target, source)

	return err
}
