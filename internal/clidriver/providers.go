package clidriver

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
)

// registryHosts has the hosts that Terraform and OpenTofu use for a source
// without a host. Each provider is offered on both, so that a driver works with
// both CLIs.
var registryHosts = []string{"registry.terraform.io", "registry.opentofu.org"}

// AddProvider offers a provider, such as "hashicorp/http", for this machine. The
// binary must be in the file system of the temporary directory, because it gets a
// second name there. A symbolic link would differ from the installation that users
// have. A copy could not be started while a process that was forked meanwhile holds
// it open ("text file busy").
func (d *Driver) AddProvider(binary, source, version string) error {
	name := "terraform-provider-" + path.Base(source) + "_v" + version
	for _, host := range registryHosts {
		dir := filepath.Join(d.mirror(), host, filepath.FromSlash(source), version, runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		if err := os.Link(binary, filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// Override makes the CLI use the provider in a directory without an init. The
// source is usually commercelayer/commercelayer. In a configuration without
// required_providers it is hashicorp/commercelayer.
func (d *Driver) Override(dir, source string) error {
	var overrides strings.Builder
	for _, host := range registryHosts {
		fmt.Fprintf(&overrides, "    %q = %q\n", host+"/"+source, filepath.ToSlash(dir))
	}
	return d.configure("dev_overrides {\n" + overrides.String() + "  }")
}

// configure writes the CLI configuration, which says where providers are.
func (d *Driver) configure(installation string) error {
	return os.WriteFile(d.configuration(), []byte("provider_installation {\n  "+installation+"\n}\n"), 0o600)
}

func (d *Driver) configuration() string { return filepath.Join(d.root, "cli.tfrc") }

func (d *Driver) mirror() string { return filepath.Join(d.root, "mirror") }
