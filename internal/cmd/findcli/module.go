package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"
)

// moduleRoot is the root of the source tree. It is the working directory or its
// nearest parent that has both go.mod and tools/go.mod.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("finding the working directory: %w", err)
	}

	for {
		if isFile(filepath.Join(dir, "go.mod")) && isFile(filepath.Join(dir, "tools", "go.mod")) {
			return dir, nil
		}

		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("run this inside the provider's source tree")
		}

		dir = parent
	}
}

// requiredVersion reads in a go.mod which version of a module it requires. The
// result has no leading v.
func requiredVersion(file, module string) (string, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("reading the pinned version: %w", err)
	}

	parsed, err := modfile.ParseLax(file, content, nil)
	if err != nil {
		return "", fmt.Errorf("reading the pinned version: %w", err)
	}

	for _, required := range parsed.Require {
		if required.Mod.Path == module {
			return strings.TrimPrefix(required.Mod.Version, "v"), nil
		}
	}
	return "", fmt.Errorf("%s does not require %s", file, module)
}

// minor keeps the first two numbers of a version. It returns an empty string when
// the text is not a version.
func minor(version string) string {
	return strings.TrimPrefix(semver.MajorMinor("v"+version), "v")
}
