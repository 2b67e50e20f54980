package main

import (
	"bytes"
	"debug/buildinfo"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
)

// maxBytes is what the binary of this machine may weigh: every pipeline downloads it.
const maxBytes = 20_000_000

// verifyBinaries opens every archive and asks its binary what it was built from.
func (d dist) verifyBinaries(commit string) (string, error) {
	for _, t := range d.targets {
		content, err := d.binary(t)
		if err != nil {
			return "", err
		}

		info, err := buildinfo.Read(bytes.NewReader(content))
		if err != nil {
			return "", fmt.Errorf("reading the build information of %s: %w", t, err)
		}

		if err := verifySettings(info, t, commit); err != nil {
			return "", fmt.Errorf("%s: %w", d.zipName(t), err)
		}

		// The linker's flags are no part of the build information of a build with -trimpath.
		if !bytes.Contains(content, []byte(d.version)) {
			return "", fmt.Errorf("%s: the binary does not know its version", d.zipName(t))
		}
	}

	return fmt.Sprintf("every binary is static, of its own target, of commit %.12s, and knows its version %s", commit, d.version), nil
}

func verifySettings(info *debug.BuildInfo, t target, commit string) error {
	settings := map[string]string{}
	for _, setting := range info.Settings {
		settings[setting.Key] = setting.Value
	}

	for key, want := range map[string]string{
		"GOOS":         t.os,
		"GOARCH":       t.arch,
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

func (d dist) verifySize() (string, error) {
	t := host()

	content, err := d.binary(t)
	if err != nil {
		return "", err
	}

	if len(content) > maxBytes {
		return "", fmt.Errorf("the binary of %s weighs %d bytes, more than %d", t, len(content), maxBytes)
	}

	return fmt.Sprintf("the binary of %s weighs %.1f MB, of %d MB allowed", t, float64(len(content))/1e6, maxBytes/1_000_000), nil
}

// sameBinary compares the binary in first's archive with the one that second left beside its archives: a build of a
// single target has no archive.
func sameBinary(first, second dist, t target) error {
	want, err := first.binary(t)
	if err != nil {
		return err
	}

	matches, err := filepath.Glob(second.path(filepath.Join("*", second.binaryName(t))))
	if err != nil || len(matches) != 1 {
		return fmt.Errorf("found %d binaries %s: %w", len(matches), second.binaryName(t), err)
	}

	got, err := os.ReadFile(matches[0])
	if err != nil {
		return fmt.Errorf("reading the binary: %w", err)
	}

	if !bytes.Equal(got, want) {
		return fmt.Errorf("the binaries of %s are not the same bytes", t)
	}

	return nil
}

func sameFile(first, second string) error {
	want, err := os.ReadFile(first)
	if err != nil {
		return fmt.Errorf("reading the first: %w", err)
	}

	got, err := os.ReadFile(second)
	if err != nil {
		return fmt.Errorf("reading the second: %w", err)
	}

	if !bytes.Equal(got, want) {
		return fmt.Errorf("the first has\n%sand the second\n%s", want, got)
	}

	return nil
}
