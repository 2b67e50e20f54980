package clidriver

import (
	"context"
	"fmt"
	"strings"
)

// Version is the kind and the version of a CLI.
type Version struct {
	OpenTofu bool
	// Number is the whole version, such as 1.11.4.
	Number       string
	Major, Minor int
}

// Before tells whether the version is older than another one of the same CLI.
func (v Version) Before(major, minor int) bool {
	return v.Major < major || v.Major == major && v.Minor < minor
}

// String names the CLI and its version.
func (v Version) String() string {
	if v.OpenTofu {
		return "OpenTofu " + v.Number
	}
	return "Terraform " + v.Number
}

// Version runs the CLI to get its version. It parses the first line of the
// output, such as "OpenTofu v1.12.6". The JSON form of the output does not say
// whether the CLI is Terraform or OpenTofu.
func (d *Driver) Version(ctx context.Context) (Version, error) {
	output, err := d.Output(ctx, "version", "-no-color")
	if err != nil {
		return Version{}, err
	}
	return parseVersion(output)
}

func parseVersion(output string) (Version, error) {
	line, _, _ := strings.Cut(output, "\n")
	name, number, _ := strings.Cut(strings.TrimSpace(line), " v")
	v := Version{OpenTofu: name == "OpenTofu", Number: number}
	if _, err := fmt.Sscanf(number, "%d.%d", &v.Major, &v.Minor); err != nil {
		return Version{}, fmt.Errorf("reading the version %q: %w", line, err)
	}
	return v, nil
}
