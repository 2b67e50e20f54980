package main

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

// newDist lays a release out as goreleaser does. Its binaries are empty, so only their checks see a difference.
func newDist(t *testing.T) dist {
	t.Helper()

	d := dist{tree: t.TempDir(), version: "1.2.3", targets: targets()}

	if err := os.Mkdir(d.path(""), 0o700); err != nil {
		t.Fatal(err)
	}

	write(t, filepath.Join(d.tree, manifestFile), `{"version":1,"metadata":{"protocol_versions":["6.0"]}}`)
	write(t, d.path("metadata.json"), `{"version":"1.2.3"}`)
	write(t, d.path(d.sbomName()), "{}")
	write(t, d.path("config.yaml"), "version: 2\nrelease:\n  extra_files:\n    - glob: "+manifestFile+
		"\n      name_template: '{{ .ProjectName }}_{{ .Version }}_manifest.json'\nchangelog:\n  disable: \"true\"\n")

	for _, made := range d.targets {
		writeZip(t, d, made, 0o755, nil)
	}

	writeChecksums(t, d)

	return d
}

func write(t *testing.T, path, content string) {
	t.Helper()

	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func writeZip(t *testing.T, d dist, made target, mode os.FileMode, content []byte) {
	t.Helper()

	file, err := os.Create(d.path(d.zipName(made)))
	if err != nil {
		t.Fatal(err)
	}

	archive := zip.NewWriter(file)
	header := &zip.FileHeader{Name: d.binaryName(made)}
	header.SetMode(mode)

	entry, err := archive.CreateHeader(header)
	if err != nil {
		t.Fatal(err)
	}

	_, err = entry.Write(content)
	if err := errors.Join(err, archive.Close(), file.Close()); err != nil {
		t.Fatal(err)
	}
}

func writeChecksums(t *testing.T, d dist) {
	t.Helper()

	var lines strings.Builder

	for name, path := range d.releaseFiles() {
		sum, err := checksum(path)
		if err != nil {
			t.Fatal(err)
		}

		fmt.Fprintf(&lines, "%s  %s\n", sum, name)
	}

	write(t, d.path(d.checksumName()), lines.String())
}

func TestDist(t *testing.T) {
	t.Parallel()

	first := targets()[0]
	tests := map[string]struct {
		spoil  func(t *testing.T, d dist)
		verify func(d dist) (string, error)
		want   string
	}{
		"names":         {verify: dist.verifyNames},
		"checksums":     {verify: dist.verifyChecksums},
		"manifest":      {verify: dist.verifyManifest},
		"release files": {verify: dist.verifyReleaseFiles},
		"size":          {verify: dist.verifySize},
		"an archive too few": {
			spoil:  func(t *testing.T, d dist) { t.Helper(); remove(t, d.path(d.zipName(first))) },
			verify: dist.verifyNames,
			want:   "and should be",
		},
		"an archive too many": {
			spoil:  func(t *testing.T, d dist) { t.Helper(); writeZip(t, d, target{"linux", "armv6"}, 0o755, nil) },
			verify: dist.verifyNames,
			want:   "linux_armv6",
		},
		"another archive than summed": {
			spoil:  func(t *testing.T, d dist) { t.Helper(); writeZip(t, d, first, 0o755, []byte("x")) },
			verify: dist.verifyChecksums,
			want:   "which is",
		},
		"a manifest without a sum": {
			spoil:  func(t *testing.T, d dist) { t.Helper(); dropLine(t, d.path(d.checksumName()), "_manifest.json") },
			verify: dist.verifyChecksums,
			want:   "lacks " + project + "_1.2.3_manifest.json",
		},
		"a sum without a file": {
			spoil: func(t *testing.T, d dist) {
				t.Helper()
				appendLine(t, d.path(d.checksumName()), strings.Repeat("0", 64)+"  stray.zip")
			},
			verify: dist.verifyChecksums,
			want:   "stray.zip",
		},
		"no checksums": {
			spoil:  func(t *testing.T, d dist) { t.Helper(); write(t, d.path(d.checksumName()), "nothing\n") },
			verify: dist.verifyChecksums,
			want:   "no line of checksums",
		},
		"protocol 5": {
			spoil: func(t *testing.T, d dist) {
				t.Helper()
				write(t, filepath.Join(d.tree, manifestFile), `{"version":1,"metadata":{"protocol_versions":["5.0"]}}`)
			},
			verify: dist.verifyManifest,
			want:   "protocol 6.0",
		},
		"a manifest that stays at home": {
			spoil:  func(t *testing.T, d dist) { t.Helper(); dropLine(t, d.path("config.yaml"), "glob:") },
			verify: dist.verifyReleaseFiles,
			want:   "does not upload",
		},
		"a heavy binary": {
			spoil: func(t *testing.T, d dist) {
				t.Helper()
				writeZip(t, d, host(), 0o755, make([]byte, maxBytes+1))
			},
			verify: dist.verifySize,
			want:   "weighs",
		},
		"a binary that does not run": {
			spoil:  func(t *testing.T, d dist) { t.Helper(); writeZip(t, d, host(), 0o644, nil) },
			verify: dist.verifySize,
			want:   "not executable",
		},
		"a binary that is none": {
			verify: func(d dist) (string, error) { return d.verifyBinaries("abc") },
			want:   "build information of darwin/amd64",
		},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			d := newDist(t)
			if test.spoil != nil {
				test.spoil(t, d)
			}

			fact, err := test.verify(d)

			switch {
			case test.want == "" && (err != nil || fact == ""):
				t.Errorf("got %q, %v", fact, err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("got %v, want an error with %q", err, test.want)
			}
		})
	}
}

func TestVerifySettings(t *testing.T) {
	t.Parallel()

	build := func(cgo string) *debug.BuildInfo {
		return &debug.BuildInfo{Settings: []debug.BuildSetting{
			{Key: "GOOS", Value: "linux"},
			{Key: "GOARCH", Value: "arm64"},
			{Key: "CGO_ENABLED", Value: cgo},
			{Key: "-trimpath", Value: "true"},
			{Key: "vcs.revision", Value: "abc"},
			{Key: "vcs.modified", Value: "false"},
		}}
	}

	if err := verifySettings(build("0"), target{"linux", "arm64"}, "abc"); err != nil {
		t.Error(err)
	}

	for name, err := range map[string]error{
		"cgo":            verifySettings(build("1"), target{"linux", "arm64"}, "abc"),
		"another target": verifySettings(build("0"), target{"linux", "amd64"}, "abc"),
		"another commit": verifySettings(build("0"), target{"linux", "arm64"}, "def"),
	} {
		if err == nil {
			t.Errorf("%s passed", name)
		}
	}
}

// TestBuilder has goreleaser differ between its two builds.
func TestBuilder(t *testing.T) {
	t.Parallel()

	first := newDist(t)
	build := builder{temp: t.TempDir(), targets: targets()}
	build.run = func(_ context.Context, dir string, _ []string, name string, args ...string) (string, error) {
		if args[0] == "clone" {
			clone := args[len(args)-1]
			if err := os.Mkdir(clone, 0o700); err != nil {
				return "", err
			}

			write(t, filepath.Join(clone, ".goreleaser.yml"), configuration())
		}

		if name != build.tool() {
			return "", nil
		}

		if err := os.MkdirAll(filepath.Join(dir, "dist"), 0o700); err != nil {
			return "", err
		}

		made := dist{tree: dir, version: first.version}
		write(t, made.path("metadata.json"), `{"version":"1.2.3"}`)
		write(t, made.path(made.checksumName()), "other\n")

		return "", nil
	}

	if _, err := build.verifyReproducible(t.Context(), "abc", first); err == nil || !strings.Contains(err.Error(), "differ") {
		t.Errorf("got %v, want the difference", err)
	}
}

func TestParseFingerprint(t *testing.T) {
	t.Parallel()

	got, err := parseFingerprint("sec:u:2048:1:3A8BD8F0:1:::u:::scESC:::+:::23::0:\nfpr:::::::::5B7CF0C8:\ngrp:::::::::0000:\n")
	if err != nil || got != "5B7CF0C8" {
		t.Errorf("got %q, %v", got, err)
	}

	if got, err := parseFingerprint(""); err == nil {
		t.Errorf("got %q, want an error", got)
	}
}

// configuration is goreleaser's, as far as targets go.
func configuration() string {
	text := "    targets:\n"
	for _, t := range targets() {
		text += "      - " + t.name() + "\n"
	}

	return text + "archives:\n"
}

func TestParseTargets(t *testing.T) {
	t.Parallel()

	all, err := parseTargets("")
	if err != nil || len(all) != len(targets()) {
		t.Errorf("got %v, %v", all, err)
	}

	some, err := parseTargets("windows_amd64 freebsd_386")
	if err != nil || !slices.Contains(some, host()) || !slices.Contains(some, target{"freebsd", "386"}) || len(some) > 3 {
		t.Errorf("got %v, %v", some, err)
	}

	if got, err := parseTargets("linux_mips"); err == nil {
		t.Errorf("got %v, want an error", got)
	}
}

func TestRestrict(t *testing.T) {
	t.Parallel()

	got, err := restrict(configuration(), []target{{"linux", "arm"}})
	if want := "    targets:\n      - linux_arm\narchives:\n"; err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}

	if got, err := restrict("archives:\n", targets()); err == nil {
		t.Errorf("got %q, want an error", got)
	}
}

func remove(t *testing.T, path string) {
	t.Helper()

	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func dropLine(t *testing.T, path, containing string) {
	t.Helper()

	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}

	var kept strings.Builder

	for line := range strings.Lines(string(content)) {
		if !strings.Contains(line, containing) {
			kept.WriteString(line)
		}
	}

	write(t, path, kept.String())
}

func appendLine(t *testing.T, path, line string) {
	t.Helper()

	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}

	write(t, path, string(content)+line+"\n")
}
