package clidriver

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
)

// standIn returns the path of a program that runs a shell script of the test. The
// program is a link. If a test wrote it, a process that another test forks at that
// moment would hold the file open, and starting it would fail: "text file busy".
func standIn(t *testing.T, name string) string {
	t.Helper()
	fake, err := filepath.Abs(filepath.Join("testdata", "bin", "fake"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.Symlink(fake, path); err != nil {
		t.Fatal(err)
	}
	return path
}

// newDriver returns a driver that runs a shell script instead of a CLI.
func newDriver(t *testing.T, script string) *Driver {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the stand-in for the CLI is a shell script")
	}
	d, err := New(standIn(t, "cli"))
	if err != nil {
		t.Fatal(err)
	}
	d.Setenv("FAKE_cli", script)
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

func TestNothingOfTheEnvironmentChangesTheCLI(t *testing.T) {
	t.Parallel()
	got := cleanEnvironment([]string{"HOME=/h", "TF_LOG=TRACE", "TERRAFORM_CONFIG=x", "COMMERCELAYER_TOKEN=t", "TFX=1"})
	if want := []string{"HOME=/h", "TFX=1"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
