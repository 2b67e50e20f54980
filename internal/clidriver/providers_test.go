package clidriver

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
)

func TestProvidersAreOfferedOnBothRegistries(t *testing.T) {
	t.Parallel()
	d := newDriver(t, "")
	binary := filepath.Join(t.TempDir(), "binary")
	if err := os.WriteFile(binary, []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(
		d.AddProvider(binary, "commercelayer/commercelayer", "0.0.1"),
		d.AddProvider(binary, "hashicorp/http", "1.2.0"),
	); err != nil {
		t.Fatal(err)
	}
	platform := runtime.GOOS + "_" + runtime.GOARCH
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		for _, name := range []string{
			"commercelayer/commercelayer/0.0.1/" + platform + "/terraform-provider-commercelayer_v0.0.1",
			"hashicorp/http/1.2.0/" + platform + "/terraform-provider-http_v1.2.0",
		} {
			path := filepath.Join(d.mirror(), host, filepath.FromSlash(name))
			if content, err := os.ReadFile(path); err != nil || string(content) != "content" {
				t.Errorf("%s: %q, %v", path, content, err)
			}
		}
	}
}

func TestAnOverrideStandsForTheProviderOnBothRegistries(t *testing.T) {
	t.Parallel()
	d := newDriver(t, `cat "$TF_CLI_CONFIG_FILE"`)
	if err := d.Override("/built", "hashicorp/commercelayer"); err != nil {
		t.Fatal(err)
	}
	output, err := d.Output(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"registry.terraform.io/hashicorp/commercelayer" = "/built"`,
		`"registry.opentofu.org/hashicorp/commercelayer" = "/built"`,
	} {
		if !strings.Contains(output, want) {
			t.Errorf("%q is missing in\n%s", want, output)
		}
	}
	if strings.Contains(output, "filesystem_mirror") {
		t.Errorf("the mirror is still there:\n%s", output)
	}
}

func TestACopiedProviderStartsWhileOthersFork(t *testing.T) {
	t.Parallel()
	end := make(chan struct{})
	var forks sync.WaitGroup
	for range 4 {
		forks.Go(func() {
			for {
				select {
				case <-end:
					return
				default:
					_ = exec.CommandContext(t.Context(), "true").Run()
				}
			}
		})
	}
	for i := range 200 {
		program := filepath.Join(t.TempDir(), "program"+strconv.Itoa(i))
		if err := writeProgram(program, []byte("#!/bin/sh\n")); err != nil {
			t.Fatal(err)
		}
		if err := exec.CommandContext(t.Context(), program).Run(); err != nil {
			t.Error(err)
		}
	}
	close(end)
	forks.Wait()
}
