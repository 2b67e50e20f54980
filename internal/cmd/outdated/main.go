// Command outdated tells which modules of the released binaries have a newer
// version. Old modules matter even when the program does not run their code.
// Vulnerability scanners read the list of modules in a binary, and report each
// module with a known fault.
//
// The command asks only the Go module proxy. When it can't reach the proxy, it
// says so and succeeds, so that work without a network can go on. With -fail it
// fails when a module is old, and also when it can't reach the proxy. This is for
// runs that nobody watches.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// patience is how long the command waits for the answers of the proxy.
const patience = time.Minute

// systems are the operating systems of the release. A module can be needed for
// one of them only.
var systems = []string{"darwin", "freebsd", "linux", "windows"}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, goCommand)

	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "outdated:", err)
		os.Exit(1)
	}
}

// command runs the go command with additional environment variables, and returns
// its output.
type command func(ctx context.Context, env []string, args ...string) ([]byte, error)

func run(ctx context.Context, args []string, out io.Writer, command command) error {
	flags := flag.NewFlagSet("outdated", flag.ExitOnError)
	fail := flags.Bool("fail", false, "fail when a module is not the newest, or when the proxy can't be asked")
	if err := flags.Parse(args); err != nil {
		return err
	}

	packages := flags.Args()
	if len(packages) == 0 {
		packages = []string{"."}
	}

	paths, err := linked(ctx, packages, command)
	if err != nil {
		return err
	}

	behind, err := outdated(ctx, paths, command)

	switch {
	case err != nil && *fail:
		return err
	case err != nil:
		fmt.Fprintf(out, "It is unknown whether the linked modules have newer versions: %v\n", err)
	case len(behind) == 0:
		fmt.Fprintf(out, "All %d linked modules have their newest version.\n", len(paths))
	default:
		fmt.Fprintf(
			out,
			"%d of %d linked modules have a newer version:\n  %s\n",
			len(behind),
			len(paths),
			strings.Join(behind, "\n  "),
		)

		if *fail {
			return errors.New("linked modules are old: upgrade them with go get -u -t ./... and go mod tidy")
		}
	}
	return nil
}

// linked lists the paths of all modules from which a binary has a package.
func linked(ctx context.Context, packages []string, command command) ([]string, error) {
	args := append(
		[]string{"list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}"},
		packages...)

	var paths []string

	for _, system := range systems {
		output, err := command(ctx, []string{"GOOS=" + system, "GOARCH=amd64", "CGO_ENABLED=0"}, args...)
		if err != nil {
			return nil, fmt.Errorf("listing the linked modules: %w", err)
		}

		paths = append(paths, strings.Fields(string(output))...)
	}

	slices.Sort(paths)
	return slices.Compact(paths), nil
}

// outdated describes the modules that have a newer version.
func outdated(ctx context.Context, paths []string, command command) ([]string, error) {
	if len(paths) == 0 {
		return nil, nil
	}

	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()

	output, err := command(ctx, nil, append([]string{"list", "-m", "-u", "-json"}, paths...)...)
	if err != nil {
		return nil, fmt.Errorf("asking for newer versions: %w", errors.Join(ctx.Err(), err))
	}

	var behind []string

	for decoder := json.NewDecoder(bytes.NewReader(output)); decoder.More(); {
		var module struct {
			Path, Version string
			Update        *struct{ Version string }
			Error         *struct{ Err string }
		}
		if err := decoder.Decode(&module); err != nil {
			return nil, fmt.Errorf("reading the newer versions: %w", err)
		}

		if module.Error != nil {
			return nil, fmt.Errorf("asking for newer versions of %s: %s", module.Path, module.Error.Err)
		}

		if module.Update != nil {
			behind = append(
				behind,
				fmt.Sprintf("%s %s, the newest is %s", module.Path, module.Version, module.Update.Version),
			)
		}
	}
	return behind, nil
}

func goCommand(ctx context.Context, env []string, args ...string) ([]byte, error) {
	var stderr strings.Builder

	command := exec.CommandContext(ctx, "go", args...)
	command.Env = append(os.Environ(), env...)
	command.Stderr = &stderr
	command.WaitDelay = time.Second

	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w\n%s", args[0], err, stderr.String())
	}
	return output, nil
}
