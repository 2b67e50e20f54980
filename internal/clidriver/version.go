package clidriver

import (
	"context"
	"fmt"
	"strings"
)

// Version tells which CLI answers.
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

// Version asks the CLI for its version. The JSON form of the answer does not
// tell the two CLIs apart; the first line for people does, such as "OpenTofu
// v1.12.6".
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
