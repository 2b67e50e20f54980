// Command findcli finds the Terraform or OpenTofu binary that the make targets
// run. When there is none, it installs one. It prints the path of the binary.
// With -env it prints shell lines that prepare a run of the acceptance tests.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "findcli:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()

	flags := flag.NewFlagSet("findcli", flag.ExitOnError)
	want := flags.String("cli", "auto", "terraform, opentofu, opentofu-1.10, auto, or the path of a binary")
	asEnv := flags.Bool("env", false, "print shell lines for an acceptance test run instead of the path")
	hermetic := flags.Bool("hermetic", false, "with -env, also unset each variable that could make the tests ask a real organization")
	if err := flags.Parse(args); err != nil {
		return err
	}

	finder, err := newFinder()
	if err != nil {
		return err
	}

	found, err := finder.find(ctx, *want)
	if err != nil {
		return err
	}

	if !*asEnv {
		fmt.Println(found.path)
		return nil
	}

	fmt.Print(shellLines(found, os.Environ(), *hermetic))
	return nil
}
