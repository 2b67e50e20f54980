package tools

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
)

// describes stands in for go version -m. The program of the emulator is linked from
// nothing, and that of the provider from one module.
const describes = `go=
echo "$3: go1.26.0"
case $3 in *provider*) printf '\tpath\tp\n\tdep\texample.com/a\tv1.0.0+incompatible\th1:x=\n' ;; esac
printf '\tbuild\t%s\n' GOOS=linux GOARCH=arm64 CGO_ENABLED=${CGO-0} -trimpath=true \
	vcs.revision=${COMMIT-abc} vcs.modified=false`

// A built is what goreleaser made: the files in dist, and of each archive the files
// in it. Files of archives begin with the archive's name and a slash.
type built map[string]string

const (
	providerZip = "terraform-provider-commercelayer_1.2.3_linux_arm64.zip"
	emulatorTar = "commercelayer-emulator_1.2.3_linux_arm64.tar.gz"
	sums        = "terraform-provider-commercelayer_1.2.3_SHA256SUMS"
	materials   = "terraform-provider-commercelayer_1.2.3_linux_arm64.cdx.json"
	program     = "/terraform-provider-commercelayer_v1.2.3"
	notices     = "/THIRD_PARTY_NOTICES.txt"
)

func newBuilt() built {
	const (
		emulator = "commercelayer-emulator_1.2.3_linux_arm64"
		std      = "  The Go standard library 1.26.0: BSD-3-Clause\n"
		module   = "  example.com/a v1.0.0+incompatible: MIT\n"
		material = `"bom-ref": "pkg:golang/github.com/commercelayer/terraform-provider-commercelayer@v1?type=module#x"` +
			"\n" +
			`"bom-ref": "pkg:golang/std@go1.26.0?type=module"` + "\n"
	)
	return built{
		"metadata.json":                         `{"project_name":"p","version":"1.2.3","date":"x"}`,
		emulatorTar + "/commercelayer-emulator": "1.2.3",
		emulatorTar + "/LICENSE":                "terms",
		emulatorTar + notices:                   "preface\n" + std,
		emulator + ".cdx.json":                  material,
		providerZip + program:                   "1.2.3",
		providerZip + "/LICENSE":                "terms",
		providerZip + notices:                   "preface\n" + std + module + "\nLicence: x\n",
		materials: material +
			`"bom-ref": "pkg:golang/example.com/a@v1.0.0%2Bincompatible?type=module"` + "\n",
	}
}

// write puts everything into dist, and the checksums, unless they are spoiled.
func (b built) write(t *testing.T, s *script) {
	t.Helper()
	const manifest = `{"version":1}`
	s.write(t, "terraform-registry-manifest.json", manifest)
	files := built{}
	archives := map[string]built{}
	for name, content := range b {
		if archive, inside := path.Split(name); archive != "" {
			archive = strings.TrimSuffix(archive, "/")
			if archives[archive] == nil {
				archives[archive] = built{}
			}
			archives[archive][inside] = content
			continue
		}
		files[name] = content
	}
	for archive, content := range archives {
		if strings.HasSuffix(archive, ".zip") {
			files[archive] = content.zip(t)
		} else {
			files[archive] = content.tar(t)
		}
	}
	list := fmt.Sprintf("%x  %s\n", sha256.Sum256([]byte(manifest)),
		"terraform-provider-commercelayer_1.2.3_manifest.json")
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if name != "metadata.json" && name != sums && name != sums+".sig" {
			list += fmt.Sprintf("%x  %s\n", sha256.Sum256([]byte(files[name])), name)
		}
	}
	files[sums] = list
	if files[sums+".sig"] == "" {
		files[sums+".sig"] = "\x89signature"
	}
	for name, content := range files {
		s.write(t, "dist/"+name, content)
	}
}

// mode is that of a file in an archive. Only programs begin with a version.
func mode(content string) fs.FileMode {
	if strings.HasPrefix(content, "1.2.") {
		return 0o755
	}
	return 0o644
}

func (b built) zip(t *testing.T) string {
	t.Helper()
	var packed bytes.Buffer
	archive := zip.NewWriter(&packed)
	for name, content := range b {
		header := &zip.FileHeader{Name: name}
		header.SetMode(mode(content))
		entry, err := archive.CreateHeader(header)
		if err == nil {
			_, err = entry.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.String()
}

func (b built) tar(t *testing.T) string {
	t.Helper()
	var packed bytes.Buffer
	compressed := gzip.NewWriter(&packed)
	archive := tar.NewWriter(compressed)
	for name, content := range b {
		err := archive.WriteHeader(&tar.Header{Name: name, Mode: int64(mode(content)), Size: int64(len(content))})
		if err == nil {
			_, err = archive.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(archive.Close(), compressed.Close()); err != nil {
		t.Fatal(err)
	}
	return packed.String()
}

func TestAReleaseIsVerified(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		spoil func(built)
		env   string
		gpg   string
		want  string
	}{
		"whole": {},
		"an archive without its program": {
			spoil: without(providerZip + program), want: "holds no terraform-provider-commercelayer_v1.2.3 that can be run",
		},
		"a program that can't be run": {
			spoil: with(emulatorTar+"/commercelayer-emulator", "!1.2.3"), want: "that can be run",
		},
		"an archive without a licence": {
			spoil: without(emulatorTar + "/LICENSE"), want: emulatorTar + " holds no LICENSE",
		},
		"an archive without notices": {spoil: without(providerZip + notices), want: "THIRD_PARTY_NOTICES.txt"},
		"notices that lack a module": {
			spoil: cut(providerZip+notices, "  example.com/a"), want: "has no notices of what is linked",
		},
		"notices without Go": {
			spoil: cut(providerZip+notices, "  The Go"), want: "has no notices of what is linked",
		},
		"materials that lack a module": {
			spoil: cut(materials, `"bom-ref": "pkg:golang/ex`), want: materials + " does not list",
		},
		"a program without its materials": {spoil: without(materials), want: "not those of the release"},
		"a target without its archive":    {spoil: without(providerZip + "/"), want: "> " + providerZip},
		"a file that nobody expects":      {spoil: with("stray.zip", "x"), want: "< stray.zip"},
		"a program of another version":    {spoil: with(providerZip+program, "1.2.2"), want: "does not know its version"},
		"a heavy program": {
			spoil: with(providerZip+program, "1.2.3"+strings.Repeat("x", 21_000_000)), want: "more than",
		},
		"a program that needs a C library": {env: "CGO=1", want: "was not built with CGO_ENABLED=0"},
		"a program of another commit":      {env: "COMMIT=def", want: "was not built with vcs.revision=abc"},
		"a signature that gpg refuses":     {gpg: "exit 1", want: "gpg refuses"},
		"an armoured signature":            {spoil: with(sums+".sig", "-----BEGIN PGP SIGNATURE-----\n"), want: "armoured"},
		"a file that changed afterwards":   {env: "CHANGED=1", want: "a file is not the one in " + sums},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, "verify-release.sh", describes, "gpg="+test.gpg)
			s.env = append(s.env, test.env)
			b := newBuilt()
			if test.spoil != nil {
				test.spoil(b)
			}
			b.write(t, s)
			if test.env == "CHANGED=1" {
				s.write(t, "dist/"+materials, "changed")
			}
			succeeded, output, log := s.run(t, "dist", "abc", "linux_arm64")
			if succeeded != (test.want == "") || !strings.Contains(output+log, test.want) {
				t.Errorf("succeeded: %t\n%s%s", succeeded, output, log)
			}
		})
	}
}

// cut spoils a file: it loses the line that begins with the text.
func cut(name, beginning string) func(built) {
	return func(b built) {
		lines := slices.Collect(strings.Lines(b[name]))
		b[name] = strings.Join(slices.DeleteFunc(lines, func(line string) bool {
			return strings.HasPrefix(line, beginning)
		}), "")
	}
}

// without spoils a release: it loses the files that begin so.
func without(beginning string) func(built) {
	return func(b built) {
		maps.DeleteFunc(b, func(name, _ string) bool { return strings.HasPrefix(name, beginning) })
	}
}

// with spoils a release: a file has another content.
func with(name, content string) func(built) {
	return func(b built) { b[name] = content }
}
