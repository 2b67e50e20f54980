// Command sbom writes the bill of materials of a release, in the CycloneDX format. It asks the built binaries, so it
// lists what was linked, and the same binaries always give the same document.
package main

import (
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const binaryPrefix = "terraform-provider-commercelayer_v"

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("sbom", flag.ExitOnError)
	version := flags.String("version", "", "the version of the release")
	out := flags.String("out", "", "the file to write")

	if err := flags.Parse(args); err != nil {
		return err
	}

	if *version == "" || *out == "" || flags.NArg() != 1 {
		return errors.New("usage: sbom -version 1.2.3 -out file.cdx.json <directory of the binaries>")
	}

	infos, err := readBinaries(flags.Arg(0))
	if err != nil {
		return err
	}

	document, err := json.MarshalIndent(newDocument(*version, infos), "", "  ")
	if err != nil {
		return fmt.Errorf("encoding the document: %w", err)
	}

	if err := os.WriteFile(*out, append(document, '\n'), 0o644); err != nil {
		return fmt.Errorf("writing the document: %w", err)
	}

	return nil
}

// readBinaries finds the provider's binaries below a directory. None at all is an error, never an empty document.
func readBinaries(dir string) ([]*buildinfo.BuildInfo, error) {
	var infos []*buildinfo.BuildInfo

	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || !isBinary(entry.Name()) {
			return err
		}

		info, err := buildinfo.ReadFile(path)
		if err != nil {
			return fmt.Errorf("reading the build information of %s: %w", path, err)
		}

		infos = append(infos, info)

		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("looking for binaries in %s: %w", dir, err)
	}

	if len(infos) == 0 {
		return nil, fmt.Errorf("no binary %s* in %s", binaryPrefix, dir)
	}

	return infos, nil
}

func isBinary(name string) bool {
	extension := filepath.Ext(name)

	return strings.HasPrefix(name, binaryPrefix) && extension != ".zip" && extension != ".json"
}
