package clidriver

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
)

// Build compiles programs into a directory. The arguments are those of `go build`:
// the packages, and flags before them. If this program has the race detector, the
// others get it as well: the build cache has their packages already.
func Build(ctx context.Context, dir string, args ...string) error {
	flags := []string{"build", "-buildvcs=false", "-o", dir + string(filepath.Separator)}
	info, ok := debug.ReadBuildInfo()
	if ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		flags = append(flags, "-race")
	}
	if output, err := exec.CommandContext(ctx, "go", append(flags, args...)...).CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, output)
	}
	return nil
}
