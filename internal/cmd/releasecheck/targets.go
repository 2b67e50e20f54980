package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
)

type target struct {
	os, arch string
}

func (t target) String() string {
	return t.os + "/" + t.arch
}

// targets are those that the Registries know and that Go can build.
func targets() []target {
	return []target{
		{"darwin", "amd64"},
		{"darwin", "arm64"},
		{"freebsd", "386"},
		{"freebsd", "amd64"},
		{"freebsd", "arm"},
		{"freebsd", "arm64"},
		{"linux", "386"},
		{"linux", "amd64"},
		{"linux", "arm"},
		{"linux", "arm64"},
		{"windows", "386"},
		{"windows", "amd64"},
		{"windows", "arm64"},
	}
}

// host is the target of this machine.
func host() target {
	return target{os: runtime.GOOS, arch: runtime.GOARCH}
}

// name is how goreleaser writes a target, in its configuration and in the names of the archives.
func (t target) name() string {
	return t.os + "_" + t.arch
}

// parseTargets reads a choice of targets. The target of this machine belongs to it, because a CLI will install that.
func parseTargets(only string) ([]target, error) {
	if only == "" {
		return targets(), nil
	}

	names := append(strings.Fields(only), host().name())

	for _, name := range names {
		if !slices.ContainsFunc(targets(), func(t target) bool { return t.name() == name }) {
			return nil, fmt.Errorf("%s is no target of the release", name)
		}
	}

	return slices.DeleteFunc(targets(), func(t target) bool { return !slices.Contains(names, t.name()) }), nil
}

// restrict drops the targets that were not chosen from goreleaser's configuration. It fails where it does not find
// every target that it expects there, so that it cannot build less than it says.
func restrict(configuration string, chosen []target) (string, error) {
	var kept strings.Builder

	found := 0

	for line := range strings.Lines(configuration) {
		at := slices.IndexFunc(targets(), func(t target) bool { return strings.TrimSpace(line) == "- "+t.name() })
		if at >= 0 {
			found++
		}

		if at < 0 || slices.Contains(chosen, targets()[at]) {
			kept.WriteString(line)
		}
	}

	if found != len(targets()) {
		return "", fmt.Errorf(".goreleaser.yml lists %d of the %d targets", found, len(targets()))
	}

	return kept.String(), nil
}

func writeRestricted(from, to string, chosen []target) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return fmt.Errorf("reading goreleaser's configuration: %w", err)
	}

	restricted, err := restrict(string(content), chosen)
	if err != nil {
		return err
	}

	if err := os.WriteFile(to, []byte(restricted), 0o600); err != nil {
		return fmt.Errorf("writing goreleaser's configuration: %w", err)
	}

	return nil
}
