package main

import (
	"bytes"
	"debug/buildinfo"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
)

// maxBytes is the largest size allowed for the provider of this machine. There is
// a limit because every pipeline run downloads the provider.
const maxBytes = 20_000_000

// verifyBinaries reads in every binary how it was built, and from which commit.
func (d dist) verifyBinaries(commit string) (string, error) {
	binaries := d.all(kindBinary)

	for _, a := range binaries {
		info, err := buildinfo.ReadFile(d.file(a))
		if err != nil {
			return "", fmt.Errorf("reading the build information of %s for %s: %w", a.Name, a.target(), err)
		}
		if err := verifySettings(info, a, commit); err != nil {
			return "", fmt.Errorf("%s for %s: %w", a.Name, a.target(), err)
		}
	}
	return fmt.Sprintf("%d binaries, each static, of its own target and of commit %.12s", len(binaries), commit), nil
}

func verifySettings(info *debug.BuildInfo, a artifact, commit string) error {
	settings := map[string]string{}
	for _, setting := range info.Settings {
		settings[setting.Key] = setting.Value
	}

	for key, want := range map[string]string{
		"GOOS":         a.OS,
		"GOARCH":       a.Arch,
		"CGO_ENABLED":  "0",
		"-trimpath":    "true",
		"vcs.revision": commit,
		"vcs.modified": "false",
	} {
		if settings[key] != want {
			return fmt.Errorf("built with %s=%q, want %q", key, settings[key], want)
		}
	}
	return nil
}

// verifyProvider checks the version and the size of the provider of this machine.
// It looks for the version in the bytes of the binary. The build information
// does not have it, because -trimpath removes the linker's flags there.
func (d dist) verifyProvider() (string, error) {
	a, err := d.one(kindBinary, providerID, host())
	if err != nil {
		return "", err
	}

	content, err := os.ReadFile(d.file(a))

	switch {
	case err != nil:
		return "", fmt.Errorf("reading the binary: %w", err)
	case !bytes.Contains(content, []byte(d.version)):
		return "", errors.New("the provider does not know its version")
	case len(content) > maxBytes:
		return "", fmt.Errorf("the provider for %s has %d bytes, and %d are allowed", host(), len(content), maxBytes)
	}
	return fmt.Sprintf("the provider knows its version %s, and has %.1f MB for %s; %d MB are allowed",
		d.version, float64(len(content))/1e6, host(), maxBytes/1_000_000), nil
}

// sameFile compares two files byte by byte.
func sameFile(first, second string) error {
	want, err := os.ReadFile(first)
	if err != nil {
		return fmt.Errorf("reading the first: %w", err)
	}

	got, err := os.ReadFile(second)
	if err != nil {
		return fmt.Errorf("reading the second: %w", err)
	}

	switch {
	case bytes.Equal(got, want):
		return nil
	case bytes.ContainsRune(want, 0):
		return fmt.Errorf("%s and %s are not the same bytes", first, second)
	default:
		return fmt.Errorf("the first has\n%sand the second\n%s", want, got)
	}
}
