package sandbox

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// newSandbox runs a shell script in place of a CLI.
func newSandbox(t *testing.T, script string) *Sandbox {
	t.Helper()

	if runtime.GOOS == "windows" {
		t.Skip("the stand-in for the CLI is a shell script")
	}

	cli := filepath.Join(t.TempDir(), "cli")
	if err := os.WriteFile(cli, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}

	s, err := New(cli)
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}

		if _, err := os.Stat(s.root); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the sandbox left something behind: %v", err)
		}
	})

	return s
}

func TestRun(t *testing.T) {
	t.Parallel()

	s := newSandbox(t, `echo "$COMMERCELAYER_DOMAIN:$1"; cat main.tf "$TF_CLI_CONFIG_FILE"`)
	s.Setenv("COMMERCELAYER_DOMAIN", "acme")

	if err := s.Write("main.tf", "# configuration\n"); err != nil {
		t.Fatal(err)
	}

	output, err := s.Run(t.Context(), "plan")
	if err != nil {
		t.Fatal(err)
	}

	for _, want := range []string{"acme:plan\n", "# configuration\n", "filesystem_mirror"} {
		if !strings.Contains(output, want) {
			t.Errorf("%q is missing in\n%s", want, output)
		}
	}
}

func TestRunKeepsTheCause(t *testing.T) {
	t.Parallel()

	_, err := newSandbox(t, `echo "Error: no such customer" >&2; exit 1`).Run(t.Context(), "plan")
	if err == nil || !strings.Contains(err.Error(), "Error: no such customer") {
		t.Errorf("got %v", err)
	}
}

func TestRunStops(t *testing.T) {
	t.Parallel()

	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	if _, err := newSandbox(t, "sleep 60").Run(ctx, "plan"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want it cancelled", err)
	}
}

func TestAdd(t *testing.T) {
	t.Parallel()

	s := newSandbox(t, "")
	zip := filepath.Join(t.TempDir(), "terraform-provider-commercelayer_1.2.3_linux_amd64.zip")

	if err := os.WriteFile(zip, []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}

	if err := errors.Join(s.AddZip(zip), s.AddBinary(zip, "0.0.1")); err != nil {
		t.Fatal(err)
	}

	unpacked := filepath.Join("0.0.1", runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-commercelayer_v0.0.1")

	for _, host := range registryHosts {
		for _, name := range []string{filepath.Base(zip), unpacked} {
			path := filepath.Join(s.mirror(), host, "commercelayer", "commercelayer", name)
			if content, err := os.ReadFile(path); err != nil || string(content) != "content" {
				t.Errorf("%s: %q, %v", path, content, err)
			}
		}
	}
}

func TestCleanEnvironment(t *testing.T) {
	t.Parallel()

	got := cleanEnvironment([]string{"HOME=/h", "TF_LOG=TRACE", "TERRAFORM_CONFIG=x", "COMMERCELAYER_TOKEN=t", "TFX=1"})
	if want := []string{"HOME=/h", "TFX=1"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
