package clidriver

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// newDriver returns a driver that runs a shell script instead of a CLI.
func newDriver(t *testing.T, script string) *Driver {
	t.Helper()

	if runtime.GOOS == "windows" {
		t.Skip("the stand-in for the CLI is a shell script")
	}

	cli := filepath.Join(t.TempDir(), "cli")
	if err := os.WriteFile(cli, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}

	d, err := New(cli)
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(d.root); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the driver left something behind: %v", err)
		}
	})
	return d
}

func TestTheCLIRunsInADirectoryOfItsOwn(t *testing.T) {
	t.Parallel()

	d := newDriver(t, `echo "$COMMERCELAYER_DOMAIN:$1"; cat main.tf "$TF_CLI_CONFIG_FILE"`)
	d.Setenv("COMMERCELAYER_DOMAIN", "acme")
	if err := d.Write("main.tf", "# configuration\n"); err != nil {
		t.Fatal(err)
	}

	output, err := d.Output(t.Context(), "plan")
	if err != nil {
		t.Fatal(err)
	}

	for _, want := range []string{"acme:plan\n", "# configuration\n", "filesystem_mirror"} {
		if !strings.Contains(output, want) {
			t.Errorf("%q is missing in\n%s", want, output)
		}
	}
}

func TestNothingOfTheEnvironmentChangesTheCLI(t *testing.T) {
	t.Parallel()

	got := cleanEnvironment([]string{"HOME=/h", "TF_LOG=TRACE", "TERRAFORM_CONFIG=x", "COMMERCELAYER_TOKEN=t", "TFX=1"})
	if want := []string{"HOME=/h", "TFX=1"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
