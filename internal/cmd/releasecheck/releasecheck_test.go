package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

const testVersion = "1.2.3"

// entries are the files of an archive by name. An asterisk at the end of a name
// marks an executable file.
type entries map[string]string

// newDist writes a release for this machine and for Windows with goreleaser's
// layout. Its binaries are only text files.
func newDist(t *testing.T) dist {
	t.Helper()

	d := dist{tree: t.TempDir(), version: testVersion}
	write(t, d.path("metadata.json"), `{"version":"1.2.3"}`)

	hostOS, hostArch, _ := strings.Cut(host(), "_")
	for _, id := range []string{providerID, emulatorID} {
		for _, at := range [][2]string{{hostOS, hostArch}, {"windows", "386"}} {
			a := artifact{OS: at[0], Arch: at[1], Kind: kindBinary}
			a.Extras.ID = id
			a.Name = d.binaryName(a)
			a.Path = "dist/" + id + "_" + a.target() + "/" + a.Name
			d.artifacts = append(d.artifacts, a)
			write(t, d.file(a), "binary of "+testVersion)

			a.Kind, a.Name = kindArchive, d.archiveName(a)
			a.Path = "dist/" + a.Name
			d.artifacts = append(d.artifacts, a)
			pack(t, d.file(a), d.contents(a))
		}
	}

	sums := artifact{Name: "SHA256SUMS", Path: "dist/SHA256SUMS", Kind: kindChecksum}
	d.artifacts = append(d.artifacts, sums)
	writeChecksums(t, d)

	list, err := json.Marshal(d.artifacts)
	if err != nil {
		t.Fatal(err)
	}

	write(t, d.path("artifacts.json"), string(list))
	return d
}

// contents are the files that an archive has to hold.
func (d dist) contents(a artifact) entries {
	return entries{
		d.binaryName(a) + "*": "binary",
		"LICENSE":             "terms",
		noticesFile:           "  The Go standard library 1.26.0: BSD-3-Clause\n",
	}
}

func writeChecksums(t *testing.T, d dist) {
	t.Helper()

	text := "0  terraform-provider-commercelayer_1.2.3_manifest.json\n" +
		"0  terraform-provider-commercelayer_1.2.3_sbom.cdx.json\n0  commercelayer-emulator_1.2.3_sbom.cdx.json\n"
	for _, a := range d.all(kindArchive) {
		text += "0  " + a.Name + "\n"
	}

	write(t, d.path("SHA256SUMS"), text)
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := errors.Join(
		os.MkdirAll(filepath.Dir(path), 0o700),
		os.WriteFile(path, []byte(content), 0o600),
	); err != nil {
		t.Fatal(err)
	}
}

func pack(t *testing.T, path string, content entries) {
	t.Helper()

	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}

	if filepath.Ext(path) == ".zip" {
		err = packZip(zip.NewWriter(file), content)
	} else {
		compressed := gzip.NewWriter(file)
		err = errors.Join(packTar(tar.NewWriter(compressed), content), compressed.Close())
	}
	if err := errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
}

func mode(name string) (string, os.FileMode) {
	if plain, found := strings.CutSuffix(name, "*"); found {
		return plain, 0o755
	}
	return name, 0o644
}

func packZip(archive *zip.Writer, content entries) error {
	for name, text := range content {
		plain, permissions := mode(name)
		header := &zip.FileHeader{Name: plain}
		header.SetMode(permissions)

		entry, err := archive.CreateHeader(header)
		if err != nil {
			return err
		}
		if _, err := entry.Write([]byte(text)); err != nil {
			return err
		}
	}
	return archive.Close()
}

func packTar(archive *tar.Writer, content entries) error {
	for name, text := range content {
		plain, permissions := mode(name)
		if err := archive.WriteHeader(
			&tar.Header{Name: plain, Mode: int64(permissions), Size: int64(len(text))},
		); err != nil {
			return err
		}
		if _, err := archive.Write([]byte(text)); err != nil {
			return err
		}
	}
	return archive.Close()
}

func TestAReleaseIsVerified(t *testing.T) {
	t.Parallel()

	// repack replaces the contents of the first archive of a program.
	repack := func(id string, change func(entries, string)) func(*testing.T, dist) {
		return func(t *testing.T, d dist) {
			t.Helper()

			a, err := d.one(kindArchive, id, host())
			if err != nil {
				t.Fatal(err)
			}

			content := d.contents(a)
			change(content, d.binaryName(a))
			pack(t, d.file(a), content)
		}
	}

	tests := map[string]struct {
		spoil  func(t *testing.T, d dist)
		verify func(d dist) (string, error)
		want   string
	}{
		"archives":  {verify: dist.verifyArchives},
		"checksums": {verify: dist.verifyChecksums},
		"provider":  {verify: dist.verifyProvider},
		"an archive without its binary": {
			spoil:  repack(providerID, func(e entries, binary string) { delete(e, binary+"*") }),
			verify: dist.verifyArchives, want: "that can be run",
		},
		"a binary that can't be run": {
			spoil:  repack(emulatorID, func(e entries, binary string) { delete(e, binary+"*"); e[binary] = "binary" }),
			verify: dist.verifyArchives, want: "that can be run",
		},
		"an archive without a licence": {
			spoil:  repack(emulatorID, func(e entries, _ string) { delete(e, "LICENSE") }),
			verify: dist.verifyArchives, want: "holds no LICENSE",
		},
		"an archive without notices": {
			spoil:  repack(providerID, func(e entries, _ string) { delete(e, noticesFile) }),
			verify: dist.verifyArchives, want: "holds no " + noticesFile,
		},
		"a name that the Registries don't know": {
			spoil: func(t *testing.T, d dist) {
				t.Helper()

				for i := range d.artifacts {
					d.artifacts[i].Name = strings.Replace(d.artifacts[i].Name, "_windows", "_win", 1)
				}
			},
			verify: dist.verifyArchives, want: "should be called",
		},
		"a file without a sum": {
			spoil:  func(t *testing.T, d dist) { t.Helper(); dropLine(t, d.path("SHA256SUMS"), "manifest.json") },
			verify: dist.verifyChecksums, want: "lacks terraform-provider-commercelayer_1.2.3_manifest.json",
		},
		"a sum without a file": {
			spoil:  func(t *testing.T, d dist) { t.Helper(); appendLine(t, d.path("SHA256SUMS"), "0  stray.zip") },
			verify: dist.verifyChecksums, want: "lists 8 files, and the release has 7",
		},
		"a provider of another version": {
			spoil: func(t *testing.T, d dist) {
				t.Helper()
				write(t, d.path(providerID+"_"+host()+"/"+project+"_v1.2.3"+exe()), "binary of 1.2.2")
			},
			verify: dist.verifyProvider, want: "does not know its version",
		},
		"a heavy provider": {
			spoil: func(t *testing.T, d dist) {
				t.Helper()
				write(
					t,
					d.path(providerID+"_"+host()+"/"+project+"_v1.2.3"+exe()),
					testVersion+strings.Repeat("x", maxBytes),
				)
			},
			verify: dist.verifyProvider, want: "bytes, and",
		},
		"a file that is no binary": {
			verify: func(d dist) (string, error) { return d.verifyBinaries("abc") },
			want:   "build information of " + project,
		},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			made := newDist(t)

			d, err := openDist(made.tree)
			if err != nil {
				t.Fatal(err)
			}

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

// exe is the extension of programs on this machine.
func exe() string {
	if strings.HasPrefix(host(), "windows") {
		return ".exe"
	}
	return ""
}

func TestABuildWithoutBinariesIsAnError(t *testing.T) {
	t.Parallel()

	d := dist{tree: t.TempDir()}
	if got, err := openDist(d.tree); err == nil {
		t.Errorf("got %v, want an error", got)
	}

	write(t, d.path("metadata.json"), `{"version":"1.2.3"}`)
	write(t, d.path("artifacts.json"), `[]`)
	if got, err := openDist(d.tree); err == nil {
		t.Errorf("got %v, want an error", got)
	}
}

func TestTheSettingsOfABuildAreVerified(t *testing.T) {
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
	if err := verifySettings(build("0"), artifact{OS: "linux", Arch: "arm64"}, "abc"); err != nil {
		t.Error(err)
	}

	for name, err := range map[string]error{
		"cgo":            verifySettings(build("1"), artifact{OS: "linux", Arch: "arm64"}, "abc"),
		"another target": verifySettings(build("0"), artifact{OS: "linux", Arch: "amd64"}, "abc"),
		"another commit": verifySettings(build("0"), artifact{OS: "linux", Arch: "arm64"}, "def"),
	} {
		if err == nil {
			t.Errorf("%s passed", name)
		}
	}
}

// TestTwoBuildsThatDifferAreFound uses a goreleaser whose second build differs
// from the first.
func TestTwoBuildsThatDifferAreFound(t *testing.T) {
	t.Parallel()

	first := newDist(t)
	build := builder{temp: t.TempDir()}
	build.run = func(_ context.Context, dir string, _ []string, name string, args ...string) (string, error) {
		if args[0] == "clone" {
			write(t, filepath.Join(args[len(args)-1], ".goreleaser.yml"), "version: 2\n")
		}

		if name == build.tool() {
			return "", errors.Join(os.RemoveAll(filepath.Join(dir, "dist")), os.CopyFS(dir, os.DirFS(first.tree)),
				os.WriteFile(filepath.Join(dir, "dist", "SHA256SUMS"), []byte("other\n"), 0o600))
		}
		return "", nil
	}
	if _, err := build.verifyReproducible(
		t.Context(),
		"abc",
		first,
	); err == nil ||
		!strings.Contains(err.Error(), "differ") {
		t.Errorf("got %v, want the difference", err)
	}
}

func TestBinariesThatDifferAreFound(t *testing.T) {
	t.Parallel()

	first, second := newDist(t), newDist(t)
	if err := sameProvider(first, second); err != nil {
		t.Errorf("the same bytes: %v", err)
	}

	a, err := second.one(kindBinary, providerID, host())
	if err != nil {
		t.Fatal(err)
	}

	write(t, second.file(a), "other")
	if err := sameProvider(first, second); err == nil {
		t.Error("other bytes passed")
	}
}

func TestTheFingerprintOfAKeyIsRead(t *testing.T) {
	t.Parallel()

	got, err := parseFingerprint(
		"sec:u:2048:1:3A8BD8F0:1:::u:::scESC:::+:::23::0:\nfpr:::::::::5B7CF0C8:\ngrp:::::::::0000:\n",
	)
	if err != nil || got != "5B7CF0C8" {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := parseFingerprint(""); err == nil {
		t.Errorf("got %q, want an error", got)
	}
}

func dropLine(t *testing.T, path, containing string) {
	t.Helper()

	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}

	kept := slices.DeleteFunc(strings.SplitAfter(string(content), "\n"), func(line string) bool {
		return strings.Contains(line, containing)
	})
	write(t, path, strings.Join(kept, ""))
}

func appendLine(t *testing.T, path, line string) {
	t.Helper()

	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}

	write(t, path, string(content)+line+"\n")
}
