package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// moduleRoot is the nearest directory upwards that has both go.mod and tools/go.mod.
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

// requiredVersion reads the version of a module out of a go.mod, without the leading v.
func requiredVersion(file, module string) (string, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("reading the pinned version: %w", err)
	}

	for line := range strings.Lines(string(content)) {
		fields := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "require "))
		if len(fields) >= 2 && fields[0] == module {
			return strings.TrimPrefix(fields[1], "v"), nil
		}
	}

	return "", fmt.Errorf("%s does not require %s", file, module)
}

// minor cuts a version after its second number.
func minor(version string) string {
	major, rest, _ := strings.Cut(version, ".")
	second, _, _ := strings.Cut(rest, ".")

	return major + "." + second
}
