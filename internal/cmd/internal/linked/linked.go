// Package linked tells from which modules binaries were linked, and under which
// licences those are. It asks the binaries, so that a module which only tests
// or another system need is not among them.
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

// Std is the name of Go's standard library among the modules. It is part of
// every binary.
const Std = "std"

// Module is a module that a binary was linked from.
type Module struct {
	Path, Version string
	// Dir is where its source is on this machine.
	Dir string
}

// goCommand runs the go command and returns what it printed. It is a parameter
// so that tests need no module cache.
type goCommand func(ctx context.Context, args ...string) ([]byte, error)

// Modules unites what the binaries were linked from, in order of their paths: a
// module may serve one operating system only. The binaries have to be those of
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
		return nil, errors.New("there are no binaries to ask")
	}
	if err := locate(ctx, found, command); err != nil {
		return nil, err
	}
	return slices.SortedFunc(maps.Values(found), func(a, b Module) int { return strings.Compare(a.Path, b.Path) }), nil
}

// effective is the module that a replace directive put in the other one's
// place.
func effective(module *debug.Module) *debug.Module {
	if module.Replace != nil {
		return module.Replace
	}
	return module
}

// locate finds the source of each module. That of a binary's modules is in the
// module cache, since it was compiled.
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
