package clidriver

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
)

// BuildFlags are the flags with which a test or a command builds a program that it
// runs. If it has the race detector itself, the program gets it as well: the build
// cache has the packages already.
func BuildFlags() []string {
	flags := []string{"-buildvcs=false"}
	info, ok := debug.ReadBuildInfo()
	if ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		flags = append(flags, "-race")
	}
	return flags
}

// Build compiles programs into a directory. The arguments are those of `go build`:
// the packages, and flags before them.
func Build(ctx context.Context, dir string, args ...string) error {
	flags := slices.Concat([]string{"build", "-o", dir + string(filepath.Separator)}, BuildFlags(), args)
	if output, err := exec.CommandContext(ctx, "go", flags...).CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, output)
	}
	return nil
}
