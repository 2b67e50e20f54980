package clidriver

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
)

// Build compiles the provider of the source tree into a directory, and returns
// the path of the binary. Without further flags, the compiled packages are the
// same as those of `make install` and `make demo`, so the build cache has them
// already.
func Build(ctx context.Context, tree, dir, version string, flags ...string) (string, error) {
	binary := filepath.Join(dir, "terraform-provider-commercelayer")
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	args := slices.Concat(
		[]string{"build", "-buildvcs=false", "-ldflags", "-X main.version=" + version, "-o", binary},
		flags,
	)
	command := exec.CommandContext(ctx, "go", append(args, ".")...)
	command.Dir = tree
	if output, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the provider: %w\n%s", err, output)
	}
	return binary, nil
}

// RaceFlag returns the flag of the race detector if this program was built with
// it, and no flag otherwise. If a binary is built with the same flag as the
// tests that run it, the build cache has its packages already.
func RaceFlag() []string {
	info, ok := debug.ReadBuildInfo()
	if ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		return []string{"-race"}
	}
	return nil
}
