// Command commercelayer-emulator stands in for a Commerce Layer organization on
// this machine: for plans without credentials, and for trying the provider.
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
)

// version is set by the release.
var version string

// Exit codes. Those of exec are the ones of env and timeout, so that they are
// none of Terraform's own.
const (
	exitFailed     = 1
	exitUsage      = 2
	exitExecFailed = 125
	exitCannotRun  = 126
	exitNotFound   = 127
	exitSignalled  = 128 // and the signal's number
)

// nameInErrors begins each line that is not the command's own output.
const nameInErrors = "commercelayer-emulator: "

const usageText = `commercelayer-emulator answers as a Commerce Layer organization does, on this machine,
with your customers or with its own.

Usage:
  commercelayer-emulator [flags]                          serve until interrupted
  commercelayer-emulator exec [flags] -- COMMAND [ARGS]   serve as long as the command runs, with the variables it needs
  commercelayer-emulator version                          print the version

Flags of %s:
`

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run returns the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		switch args[0] {
		case "exec":
			return execute(args[1:], stdin, stdout, stderr)
		case "version", "-version", "--version":
			fmt.Fprintln(stdout, "commercelayer-emulator", versionOfBuild())
			return 0
		}
	}
	err := serve(context.Background(), args, stdout, stderr)
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.As(err, new(usageError)):
		fmt.Fprintln(stderr, nameInErrors+err.Error())
		return exitUsage
	default:
		fmt.Fprintln(stderr, nameInErrors+err.Error())
		return exitFailed
	}
}

// usageError is a mistake in the command line.
type usageError struct{ text string }

// Error is the text as it was made.
func (e usageError) Error() string { return e.text }

func wrongUsage(format string, args ...any) error {
	return usageError{fmt.Sprintf(format, args...)}
}

// newFlags makes the flags of a subcommand. What is wrong is printed by run.
func newFlags(command string, output io.Writer) *flag.FlagSet {
	flags := flag.NewFlagSet(command, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {
		flags.SetOutput(output)
		fmt.Fprintf(output, usageText, command)
		flags.PrintDefaults()
	}
	return flags
}

// parse reads the flags. Help is printed only for who asks for it: a mistake
// would vanish below it.
func parse(flags *flag.FlagSet, args []string) error {
	usage := flags.Usage
	flags.Usage = func() {}
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		usage()
		return err
	case err != nil:
		return wrongUsage("%v (see -help)", err)
	}
	return nil
}

// versionOfBuild is the release's, or what go install knows.
func versionOfBuild() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
