package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// The provider of data "http". tools/data-http pins its commit, and httpVersion is
// the release of that commit.
const (
	httpModule  = "github.com/terraform-providers/terraform-provider-http"
	httpVersion = "3.6.1"
	httpSource  = "hashicorp/http"
)

// ownVersion is the version under which the CLI finds this provider. Any version
// works, because the mirror offers no other.
const (
	ownSource  = "commercelayer/commercelayer"
	ownVersion = "0.0.1"
)

// providers are the binaries to measure.
type providers struct{ own, http string }

// buildProviders builds both with the flags of a release, because they can change
// how much memory a provider takes.
func buildProviders(ctx context.Context, dir string) (providers, error) {
	p := providers{
		own:  filepath.Join(dir, "terraform-provider-commercelayer"),
		http: filepath.Join(dir, "terraform-provider-http"),
	}
	if err := goBuild(ctx, "-o", p.own, "."); err != nil {
		return p, err
	}
	return p, goBuild(ctx, "-modfile", filepath.Join("tools", "data-http", "go.mod"), "-o", p.http, httpModule)
}

func goBuild(ctx context.Context, args ...string) error {
	command := exec.CommandContext(ctx, "go", append([]string{"build", "-ldflags", "-s -w"}, args...)...)
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if text, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, text)
	}
	return nil
}
