package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// httpModule is the newest provider of data "http" that can be installed as a Go
// module. Later releases are not published as Go modules.
const (
	httpModule  = "github.com/terraform-providers/terraform-provider-http"
	httpVersion = "1.2.0"
	httpSource  = "hashicorp/http"
)

// ownVersion is the version under which the CLI finds this provider. Any version
// works, because the mirror offers no other.
const ownVersion = "0.0.1"

// providers are the binaries to measure.
type providers struct{ own, http string }

func buildProviders(ctx context.Context, dir string) (providers, error) {
	p := providers{
		own:  filepath.Join(dir, "terraform-provider-commercelayer"),
		http: filepath.Join(dir, "terraform-provider-http"),
	}
	// It is built with the flags of a release, because they can change how much
	// memory the provider takes.
	if err := goCommand(ctx, dir, "build", "-ldflags", "-s -w", "-o", p.own, "."); err != nil {
		return p, err
	}
	return p, goCommand(ctx, dir, "install", httpModule+"@v"+httpVersion)
}

func goCommand(ctx context.Context, gobin string, args ...string) error {
	command := exec.CommandContext(ctx, "go", args...)
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOBIN="+gobin)
	if text, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("go %s: %w\n%s", args[0], err, text)
	}
	return nil
}
