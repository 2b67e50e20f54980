// Command commercelayer-emulator answers on this machine as a Commerce Layer
// organization does. With it, plans need no credentials, and the provider can
// be tried without an organization.
//
//	commercelayer-emulator -customers 1000 -limits -log
//	commercelayer-emulator exec -data customers.json -- terraform plan
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
)

// version is set by the linker flags of a release.
var version string

// Exit codes. The subcommand exec uses those of env(1) and timeout(1). Terraform
// uses none of them, so a script can tell which of the two programs failed.
const (
	exitFailed     = 1
	exitUsage      = 2
	exitExecFailed = 125
	exitCannotRun  = 126
	exitNotFound   = 127
	exitSignalled  = 128 // plus the number of the signal
)

// nameInErrors begins each message on stderr. It tells these messages from those
// of the command that exec runs.
const nameInErrors = "commercelayer-emulator: "

const usageText = `commercelayer-emulator answers on this machine as a Commerce Layer organization does.
It serves example customers, or those of a file.

Usage:
  commercelayer-emulator [flags]                          serve until interrupted
  commercelayer-emulator exec [flags] -- COMMAND [ARGS]   serve while the command runs, with COMMERCELAYER_* set for it
  commercelayer-emulator version                          print the version

Flags of %s:
`

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run returns the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	var err error
	switch {
	case len(args) > 0 && strings.TrimLeft(args[0], "-") == "version":
		fmt.Fprintln(stdout, "commercelayer-emulator", versionOfBuild())
	case len(args) > 0 && args[0] == "exec":
		code, err = execute(args[1:], stdin, stdout, stderr)
	default:
		err = serve(context.Background(), args, stdout, stderr)
		switch {
		case errors.As(err, new(usageError)):
			code = exitUsage
		case err != nil:
			code = exitFailed
		}
	}
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintln(stderr, nameInErrors+err.Error())
	}
	return code
}

// usageError is a mistake in the command line.
type usageError struct{ text string }

// Error returns the text of the mistake.
func (e usageError) Error() string { return e.text }

func wrongUsage(format string, args ...any) error {
	return usageError{fmt.Sprintf(format, args...)}
}

// newFlags makes the flags of a subcommand.
func newFlags(command string) *flag.FlagSet {
	flags := flag.NewFlagSet(command, flag.ContinueOnError)
	flags.Usage = func() {
		fmt.Fprintf(flags.Output(), usageText, command)
		flags.PrintDefaults()
	}
	return flags
}

// versionOfBuild is the version of the release. A binary of go install has the
// version of the module instead.
func versionOfBuild() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
