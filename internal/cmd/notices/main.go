// Command notices writes one file with the licences of all modules from which a
// binary was linked, and of Go's standard library. The licences require that their
// texts go with the binary. So the release puts this file into each archive.
package main

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: notices BINARY FILE")
		os.Exit(2)
	}
	if err := run(context.Background(), os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "notices:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, binary, out string) error {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return fmt.Errorf("reading the modules in %s: %w", binary, err)
	}
	parts, err := linked(ctx, info)
	if err != nil {
		return err
	}
	text, err := compose(parts)
	if err != nil {
		return err
	}
	return errors.Join(os.MkdirAll(filepath.Dir(out), 0o750), os.WriteFile(out, []byte(text), 0o644))
}

// A part is a module that a binary was linked from, or the standard library.
type part struct {
	title string
	// dir is the directory with its source on this machine.
	dir string
}

// linked lists the parts of a binary. The sources are in the module cache, because
// the modules were compiled on this machine.
func linked(ctx context.Context, info *debug.BuildInfo) ([]part, error) {
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env GOROOT: %w", err)
	}
	std := "The Go standard library " + strings.TrimPrefix(info.GoVersion, "go")
	parts := []part{{title: std, dir: strings.TrimSpace(string(root))}}
	args := []string{"mod", "download", "-json"}
	for _, module := range info.Deps {
		if module.Replace != nil {
			module = module.Replace
		}
		args = append(args, module.Path+"@"+module.Version)
	}
	output, err := exec.CommandContext(ctx, "go", args...).Output()
	if err != nil {
		return nil, fmt.Errorf("go mod download: %w\n%s", err, output)
	}
	for decoder := json.NewDecoder(bytes.NewReader(output)); decoder.More(); {
		var module struct{ Path, Version, Dir string }
		if err := decoder.Decode(&module); err != nil {
			return nil, fmt.Errorf("looking for the sources: %w", err)
		}
		parts = append(parts, part{title: module.Path + " " + module.Version, dir: module.Dir})
	}
	return parts, nil
}

const preface = `This program is licensed under the terms in the file LICENSE. It contains the
software below, and each part has its own terms. The command "go mod download
PATH@VERSION" gets the source code of a module.

`

// permitted are the licences whose terms are met by the notices in the archives. A
// module with another licence is an error, because somebody has to read its terms
// first.
var permitted = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MPL-2.0"}

// compose writes the list of parts with their licences, and then a chapter for each
// of them.
func compose(parts []part) (string, error) {
	// A scanner for all known licences would take seconds to make.
	scanner, err := licensecheck.NewScanner(slices.DeleteFunc(licensecheck.BuiltinLicenses(),
		func(l licensecheck.License) bool { return !slices.Contains(permitted, l.ID) }))
	if err != nil {
		return "", fmt.Errorf("reading the known licences: %w", err)
	}
	var list, chapters strings.Builder
	for _, p := range parts {
		texts, ids, err := licences(scanner, p.dir)
		if err == nil && len(ids) == 0 {
			err = errors.New("it has none of the licences that are permitted")
		}
		if err != nil {
			return "", fmt.Errorf("%s: %w", p.title, err)
		}
		fmt.Fprintf(&list, "  %s: %s\n", p.title, strings.Join(ids, ", "))
		fmt.Fprintf(&chapters, "\n%s\n%s\n%s", strings.Repeat("=", 80), p.title, texts)
	}
	return preface + list.String() + chapters.String(), nil
}

// The names of the files that have to go with a binary: the licences, and the files
// to which licences refer. LICENSE.txt and LICENSE-MIT are such files, but license.go
// is not.
var (
	licenceName = regexp.MustCompile(`(?i)^(LICENSE|LICENCE|COPYING)([^.]*|.*\.(txt|md))$`)
	noticeName  = regexp.MustCompile(`(?i)^(NOTICE|PATENTS|AUTHORS)([^.]*|.*\.(txt|md))$`)
)

// leastCoverage is the part of a text, in percent, that has to be a known licence.
// The rest of the text names the owners of the copyright.
const leastCoverage = 75

// licences returns the texts in a directory that have to go with the binary, and
// the SPDX identifiers of the licences.
func licences(scanner *licensecheck.Scanner, dir string) (texts string, ids []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", nil, err
	}
	var text strings.Builder
	for _, entry := range entries {
		isLicence := licenceName.MatchString(entry.Name())
		if !entry.Type().IsRegular() || !isLicence && !noticeName.MatchString(entry.Name()) {
			continue
		}
		content, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			return "", nil, err
		}
		fmt.Fprintf(&text, "\n--- %s\n\n%s\n", entry.Name(), bytes.TrimSpace(content))
		if coverage := scanner.Scan(content); isLicence && coverage.Percent >= leastCoverage {
			for _, match := range coverage.Match {
				ids = append(ids, match.ID)
			}
		}
	}
	slices.Sort(ids)
	return text.String(), slices.Compact(ids), nil
}
