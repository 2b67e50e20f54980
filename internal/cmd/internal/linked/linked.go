// Package linked tells from which modules binaries were linked, and which
// licences these modules have. It reads the list of modules in the binaries. That
// list has no modules that only tests or other systems need.
package linked

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os/exec"
	"runtime/debug"
	"slices"
	"strings"
)

// Std is the path of Go's standard library in a list of modules. The library is
// part of every binary.
const Std = "std"

// Module is a module that a binary was linked from.
type Module struct {
	Path, Version string
	// Dir is the directory with the module's source on this machine.
	Dir string
}

// goCommand runs the go command and returns its output. It is a parameter, so
// that tests need no module cache.
type goCommand func(ctx context.Context, args ...string) ([]byte, error)

// Modules lists the modules from which at least one of the binaries was linked,
// in order of their paths. It takes several binaries, because a module can be
// needed for one operating system only. The binaries must have been built from
// the module in the working directory.
func Modules(ctx context.Context, binaries ...string) ([]Module, error) {
	infos := make([]*buildinfo.BuildInfo, 0, len(binaries))

	for _, binary := range binaries {
		info, err := buildinfo.ReadFile(binary)
		if err != nil {
			return nil, fmt.Errorf("reading the build information of %s: %w", binary, err)
		}

		infos = append(infos, info)
	}
	return modules(ctx, infos, run)
}

func modules(ctx context.Context, infos []*buildinfo.BuildInfo, command goCommand) ([]Module, error) {
	found := map[string]Module{}

	for _, info := range infos {
		found[Std] = Module{Path: Std, Version: strings.TrimPrefix(info.GoVersion, "go")}

		for _, dependency := range info.Deps {
			m := effective(dependency)
			found[m.Path] = Module{Path: m.Path, Version: m.Version}
		}
	}

	if len(found) == 0 {
		return nil, errors.New("no binaries were given")
	}
	if err := locate(ctx, found, command); err != nil {
		return nil, err
	}
	return slices.SortedFunc(maps.Values(found), func(a, b Module) int { return strings.Compare(a.Path, b.Path) }), nil
}

// effective is the module whose code was linked. It is another module when a
// replace directive names one.
func effective(module *debug.Module) *debug.Module {
	if module.Replace != nil {
		return module.Replace
	}
	return module
}

// locate finds the source of each module. It is in the module cache, because the
// modules were compiled on this machine.
func locate(ctx context.Context, found map[string]Module, command goCommand) error {
	root, err := command(ctx, "env", "GOROOT")
	if err != nil {
		return err
	}

	std := found[Std]
	std.Dir = strings.TrimSpace(string(root))
	found[Std] = std

	output, err := command(ctx, "list", "-m", "-json", "all")
	if err != nil {
		return err
	}

	for decoder := json.NewDecoder(bytes.NewReader(output)); decoder.More(); {
		var listed struct {
			Path, Version, Dir string
			Replace            *struct{ Path, Version, Dir string }
		}
		if err := decoder.Decode(&listed); err != nil {
			return fmt.Errorf("reading the list of modules: %w", err)
		}

		m := Module{Path: listed.Path, Version: listed.Version, Dir: listed.Dir}
		if listed.Replace != nil {
			m = Module{Path: listed.Replace.Path, Version: listed.Replace.Version, Dir: listed.Replace.Dir}
		}

		if have, ok := found[m.Path]; ok && have.Version == m.Version {
			found[m.Path] = m
		}
	}

	for _, m := range found {
		if m.Dir == "" {
			return fmt.Errorf(
				"the source of %s %s is not here: was the binary built from this tree?",
				m.Path,
				m.Version,
			)
		}
	}
	return nil
}

func run(ctx context.Context, args ...string) ([]byte, error) {
	var stderr strings.Builder

	command := exec.CommandContext(ctx, "go", args...)
	command.Stderr = &stderr

	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return output, nil
}
