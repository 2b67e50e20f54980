// Command sbom writes the bill of materials of a released program, in the
// CycloneDX format. It reads the built binaries, so it lists exactly the modules
// that were linked. The same binaries always give the same document.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/cmd/internal/linked"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("sbom", flag.ExitOnError)
	version := flags.String("version", "", "the version of the release")
	name := flags.String("binary", "", "the beginning of the names of the program's binaries")
	pkg := flags.String("package", "", "the path of the program's package in the module; empty for the provider")
	out := flags.String("out", "", "the file to write")
	if err := flags.Parse(args); err != nil {
		return err
	}

	if *version == "" || *name == "" || *out == "" || flags.NArg() != 1 {
		return errors.New("usage: sbom -version 1.2.3 -binary name -out file.cdx.json <directory of the binaries>")
	}

	binaries, err := findBinaries(flags.Arg(0), *name)
	if err != nil {
		return err
	}

	modules, err := linked.Modules(ctx, binaries...)
	if err != nil {
		return err
	}

	content, err := newDocument(*pkg, *version, modules)
	if err != nil {
		return err
	}

	document, err := json.MarshalIndent(content, "", "  ")
	if err != nil {
		return fmt.Errorf("encoding the document: %w", err)
	}
	if err := os.WriteFile(*out, append(document, '\n'), 0o644); err != nil {
		return fmt.Errorf("writing the document: %w", err)
	}
	return nil
}

// findBinaries looks for binaries below a directory. It fails when it finds
// none, because an empty document would look like a program without modules.
func findBinaries(dir, name string) ([]string, error) {
	var binaries []string

	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() && isBinary(entry.Name(), name) {
			binaries = append(binaries, path)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("looking for binaries in %s: %w", dir, err)
	}

	if len(binaries) == 0 {
		return nil, fmt.Errorf("no binary %s* in %s", name, dir)
	}
	return binaries, nil
}

// isBinary tells a binary from the archives and documents in the same directory.
// It looks for their extensions. It can't look for names without an extension,
// because the end of a version such as 1.2.3 looks like one.
func isBinary(file, name string) bool {
	for _, extension := range []string{".zip", ".tar.gz", ".json"} {
		if strings.HasSuffix(file, extension) {
			return false
		}
	}
	return strings.HasPrefix(file, name)
}
