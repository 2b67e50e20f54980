package clidriver

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// providerSource is the provider's address without the host of a registry.
const providerSource = "commercelayer/commercelayer"

// registryHosts has the hosts that Terraform and OpenTofu use for a source
// without a host. Each provider is offered on both, so that a driver works with
// both CLIs.
var registryHosts = []string{"registry.terraform.io", "registry.opentofu.org"}

// AddBinary offers a provider binary for this machine under the given version.
func (d *Driver) AddBinary(binary, version string) error {
	return d.AddProvider(binary, providerSource, version)
}

// AddProvider offers another provider, such as "hashicorp/http", for this
// machine.
func (d *Driver) AddProvider(binary, source, version string) error {
	platform := runtime.GOOS + "_" + runtime.GOARCH
	name := "terraform-provider-" + source[strings.LastIndex(source, "/")+1:] + "_v" + version
	for _, host := range registryHosts {
		target := filepath.Join(d.mirror(), host, filepath.FromSlash(source), version, platform, name)
		if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
			return fmt.Errorf("making the provider mirror: %w", err)
		}
		if err := copyFile(binary, target); err != nil {
			return fmt.Errorf("filling the provider mirror: %w", err)
		}
	}
	return nil
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
	return d.configure("  dev_overrides {\n" + overrides.String() + "  }\n")
}

// installFromMirror makes the CLI install only providers that were added to the
// driver.
func (d *Driver) installFromMirror() error {
	return d.configure(fmt.Sprintf("  filesystem_mirror {\n    path = %q\n  }\n", filepath.ToSlash(d.mirror())))
}

func (d *Driver) configure(installation string) error {
	content := "provider_installation {\n" + installation + "}\n"
	if err := os.WriteFile(d.configuration(), []byte(content), 0o600); err != nil {
		return fmt.Errorf("writing the CLI configuration: %w", err)
	}
	return nil
}

func (d *Driver) configuration() string { return d.TempFile("cli.tfrc") }

func (d *Driver) mirror() string { return d.TempFile("mirror") }

// copyFile copies a file. A hard link would fail between two file systems. A
// symbolic link would differ from the installation that users have. No process is
// forked meanwhile: it would hold the copy open, and the copy could not be started
// ("text file busy").
func copyFile(from, to string) (err error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
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
