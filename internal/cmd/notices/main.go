// Command notices writes one file with the licences of all modules from which
// binaries were linked. The licences require that their texts go with the
// binaries. So the release puts this file into each archive.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/cmd/internal/linked"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])

	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "notices:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("notices", flag.ExitOnError)
	out := flags.String("out", "", "the file to write")
	if err := flags.Parse(args); err != nil {
		return err
	}

	if *out == "" || flags.NArg() == 0 {
		return errors.New("usage: notices -out file binary [binary]")
	}

	modules, err := linked.Modules(ctx, flags.Args()...)
	if err != nil {
		return err
	}

	text, err := compose(modules)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(*out), 0o750); err != nil {
		return fmt.Errorf("making the directory: %w", err)
	}
	if err := os.WriteFile(*out, []byte(text), 0o644); err != nil {
		return fmt.Errorf("writing the notices: %w", err)
	}
	return nil
}

const preface = `This program is licensed under the terms in the file LICENSE. It contains the
software below, and each part has its own terms. The command "go mod download
PATH@VERSION" gets the source code of a module.

`

// compose writes the list of modules, and then a chapter for each module.
func compose(modules []linked.Module) (string, error) {
	var list, chapters strings.Builder

	for _, module := range modules {
		licences, err := module.Licences()
		if err != nil {
			return "", err
		}

		texts, err := module.Texts()
		if err != nil {
			return "", err
		}

		title := heading(module)
		fmt.Fprintf(&list, "  %s: %s\n", title, strings.Join(licences, ", "))
		fmt.Fprintf(&chapters, "\n%s\n%s\n", strings.Repeat("=", 80), title)

		for _, text := range texts {
			fmt.Fprintf(&chapters, "\n--- %s\n\n%s\n", text.Name, strings.TrimSpace(text.Content))
		}
	}
	return preface + list.String() + chapters.String(), nil
}

func heading(module linked.Module) string {
	if module.Path == linked.Std {
		return "The Go standard library " + module.Version
	}
	return module.Path + " " + module.Version
}
