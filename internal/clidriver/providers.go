package clidriver

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// registryHosts has the hosts that Terraform and OpenTofu use for a source
// without a host. Each provider is offered on both, so that a driver works with
// both CLIs.
var registryHosts = []string{"registry.terraform.io", "registry.opentofu.org"}

// AddProvider offers a provider, such as "hashicorp/http", for this machine. The
// binary is copied: a hard link would fail between two file systems, and a symbolic
// link would differ from the installation that users have.
func (d *Driver) AddProvider(binary, source, version string) error {
	content, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	name := "terraform-provider-" + path.Base(source) + "_v" + version
	for _, host := range registryHosts {
		dir := filepath.Join(d.mirror(), host, filepath.FromSlash(source), version, runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		if err := writeProgram(filepath.Join(dir, name), content); err != nil {
			return err
		}
	}
	return nil
}

// writeProgram writes a file that can be started. No process is forked meanwhile:
// it would hold the file open, and the file could not be started ("text file
// busy").
func writeProgram(file string, content []byte) error {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	return os.WriteFile(file, content, 0o700)
}

// Override makes the CLI use the provider in a directory without an init, for
// each of the sources. The source is usually commercelayer/commercelayer. In a
// configuration without required_providers it is hashicorp/commercelayer.
func (d *Driver) Override(dir string, sources ...string) error {
	var overrides strings.Builder
	for _, host := range registryHosts {
		for _, source := range sources {
			fmt.Fprintf(&overrides, "    %q = %q\n", host+"/"+source, filepath.ToSlash(dir))
		}
	}
	return d.configure("dev_overrides {\n" + overrides.String() + "  }")
}

// configure writes the CLI configuration, which says where providers are.
func (d *Driver) configure(installation string) error {
	return os.WriteFile(d.configuration(), []byte("provider_installation {\n  "+installation+"\n}\n"), 0o600)
}

func (d *Driver) configuration() string { return filepath.Join(d.root, "cli.tfrc") }

func (d *Driver) mirror() string { return filepath.Join(d.root, "mirror") }
