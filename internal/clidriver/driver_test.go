package clidriver

import (
	"context"
	"errors"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// newShell returns a driver that runs a shell instead of a CLI.
func newShell(t *testing.T) *Driver {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no shell and no interrupts")
	}
	d, err := New("sh")
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

func TestAFailureOfTheCLIKeepsItsCause(t *testing.T) {
	t.Parallel()
	r, err := newShell(t).Run(t.Context(), "-c", "echo planning; echo Error >&2; exit 2")
	if err != nil {
		t.Fatalf("a failure of the CLI is a result, and not %v", err)
	}
	if r.ExitCode != 2 || r.Stdout != "planning\n" || r.Stderr != "Error\n" || r.Took <= 0 {
		t.Errorf("got %+v", r)
	}
	if err := r.Err(); err == nil || !strings.HasSuffix(err.Error(), ": exit status 2\nplanning\nError\n") {
		t.Errorf("got %v", err)
	}
}

func TestTheEndOfTheContextInterruptsTheCLI(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	_, wait, err := newShell(t).Start(ctx, "-c", "exec sleep 60")
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := wait(); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want it cancelled", err)
	}
}

func TestNothingOfTheEnvironmentChangesTheCLI(t *testing.T) {
	t.Parallel()
	got := cleanEnvironment([]string{"HOME=/h", "TF_LOG=TRACE", "TERRAFORM_CONFIG=x", "COMMERCELAYER_TOKEN=t", "TFX=1"})
	if want := []string{"HOME=/h", "TFX=1"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTheVersionTellsTheTwoCLIsApart(t *testing.T) {
	t.Parallel()
	const terraform = "Terraform v1.11.4\non linux_amd64\n\nYour version of Terraform is out of date!\n"
	for output, want := range map[string]Version{
		terraform:                                {Number: "1.11.4", Major: 1, Minor: 11},
		"OpenTofu v1.12.0-rc1\non linux_amd64\n": {OpenTofu: true, Number: "1.12.0-rc1", Major: 1, Minor: 12},
	} {
		got, err := parseVersion(output)
		if err != nil || got != want || got.Before(1, got.Minor) || !got.Before(1, got.Minor+1) || got.Before(0, 99) {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
	}
}
