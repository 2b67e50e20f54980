package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// httpModule is the newest provider of data "http" that can be installed as a
// Go module: later releases are not published as one.
const (
	httpModule  = "github.com/terraform-providers/terraform-provider-http"
	httpVersion = "1.2.0"
	httpSource  = "hashicorp/http"
)

// ownVersion is any that a CLI accepts: the mirror has no other.
const ownVersion = "0.0.1"

// providers are the binaries to measure.
type providers struct{ own, http string }

func buildProviders(ctx context.Context, dir string) (providers, error) {
	p := providers{
		own:  filepath.Join(dir, "terraform-provider-commercelayer"),
		http: filepath.Join(dir, "terraform-provider-http"),
	}
	// As a release is built, since memory is measured too.
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
