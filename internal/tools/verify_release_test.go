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
file=$3
case $file in *linux_arm64*) os=linux arch=arm64 ;; *) os=windows arch=386 ;; esac
echo "$file: go1.26.0"
case $file in *provider*) printf '\tpath\tp\n\tdep\texample.com/a\tv1.0.0+incompatible\th1:x=\n' ;; esac
printf '\tbuild\t%s\n' GOOS=$os GOARCH=$arch CGO_ENABLED=${CGO-0} -trimpath=true vcs.revision=abc vcs.modified=false`

// A built is what goreleaser made: the files in dist, and of each archive the files
// in it. Files of archives begin with the archive's name and a slash.
type built map[string]string

const (
	providerZip = "terraform-provider-commercelayer_1.2.3_linux_arm64.zip"
	emulatorTar = "commercelayer-emulator_1.2.3_linux_arm64.tar.gz"
	sums        = "terraform-provider-commercelayer_1.2.3_SHA256SUMS"
)

func newBuilt() built {
	const (
		std      = "  The Go standard library 1.26.0: BSD-3-Clause\n"
		module   = "  example.com/a v1.0.0+incompatible: MIT\n"
		material = `"bom-ref": "pkg:golang/github.com/commercelayer/terraform-provider-commercelayer@v1?type=module#x"` + "\n" +
			`"bom-ref": "pkg:golang/std@go1.26.0?type=module"` + "\n"
	)
	b := built{"metadata.json": `{"project_name":"p","version":"1.2.3","date":"x"}`}
	for _, target := range []string{"linux_arm64", "windows_386"} {
		emulator, exe := "commercelayer-emulator_1.2.3_"+target, ""
		archive := emulator + ".tar.gz"
		if target == "windows_386" {
			archive, exe = emulator+".zip", ".exe"
		}
		b[archive+"/commercelayer-emulator"+exe] = "1.2.3"
		b[archive+"/LICENSE"] = "terms"
		b[archive+"/THIRD_PARTY_NOTICES.txt"] = "preface\n" + std
		b[emulator+".cdx.json"] = material
		provider := "terraform-provider-commercelayer_1.2.3_" + target
		b[provider+".zip/terraform-provider-commercelayer_v1.2.3"+exe] = "1.2.3"
		b[provider+".zip/LICENSE"] = "terms"
		b[provider+".zip/THIRD_PARTY_NOTICES.txt"] = "preface\n" + std + module + "\nLicence: x\n"
		b[provider+".cdx.json"] = material + `"bom-ref": "pkg:golang/example.com/a@v1.0.0%2Bincompatible?type=module"` + "\n"
	}
	return b
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
	list := fmt.Sprintf("%x  %s\n", sha256.Sum256([]byte(manifest)), "terraform-provider-commercelayer_1.2.3_manifest.json")
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
	const (
		provider = providerZip + "/terraform-provider-commercelayer_v1.2.3"
		notices  = providerZip + "/THIRD_PARTY_NOTICES.txt"
		material = "terraform-provider-commercelayer_1.2.3_linux_arm64.cdx.json"
	)
	for name, test := range map[string]struct {
		spoil func(built)
		env   string
		gpg   string
		want  string
	}{
		"whole": {},
		"an archive without its program": {
			spoil: func(b built) { delete(b, provider) }, want: "holds no terraform-provider-commercelayer_v1.2.3 that can be run",
		},
		"a program that can't be run": {
			spoil: func(b built) { b[emulatorTar+"/commercelayer-emulator"] = "!1.2.3" }, want: "that can be run",
		},
		"an archive without a licence": {
			spoil: func(b built) { delete(b, emulatorTar+"/LICENSE") }, want: emulatorTar + " holds no LICENSE",
		},
		"an archive without notices":       {spoil: func(b built) { delete(b, notices) }, want: "THIRD_PARTY_NOTICES.txt"},
		"notices that lack a module":       {spoil: cut(notices, "  example.com/a"), want: "has no notices of what is linked"},
		"notices without Go":               {spoil: cut(notices, "  The Go"), want: "has no notices of what is linked"},
		"materials that lack a module":     {spoil: cut(material, `"bom-ref": "pkg:golang/ex`), want: material + " does not list"},
		"a program without its materials":  {spoil: func(b built) { delete(b, material) }, want: "not those of the release"},
		"a target without its archive":     {spoil: without(providerZip), want: "> " + providerZip},
		"a file that nobody expects":       {spoil: func(b built) { b["stray.zip"] = "x" }, want: "< stray.zip"},
		"a program of another version":     {spoil: func(b built) { b[provider] = "1.2.2" }, want: "does not know its version"},
		"a heavy program":                  {spoil: func(b built) { b[provider] += strings.Repeat("x", 21_000_000) }, want: "more than"},
		"a program that needs a C library": {env: "CGO=1", want: "was not built with CGO_ENABLED=0"},
		"a signature that gpg refuses":     {gpg: "exit 1", want: "gpg refuses"},
		"an armoured signature": {
			spoil: func(b built) { b[sums+".sig"] = "-----BEGIN PGP SIGNATURE-----\n" }, want: "armoured",
		},
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
			succeeded, output, log := s.run(t, "dist", "abc", "linux_arm64", "windows_386")
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

// without spoils a release: it loses an archive.
func without(archive string) func(built) {
	return func(b built) {
		maps.DeleteFunc(b, func(name, _ string) bool { return strings.HasPrefix(name, archive+"/") })
	}
}

func TestAFileThatChangedAfterwardsIsFound(t *testing.T) {
	t.Parallel()
	const changed = "commercelayer-emulator_1.2.3_linux_arm64.cdx.json"
	s := newScript(t, "verify-release.sh", describes, "gpg=")
	b := newBuilt()
	b.write(t, s)
	s.write(t, "dist/"+changed, b[changed]+"\n")
	if succeeded, output, log := s.run(t, "dist", "abc", "linux_arm64", "windows_386"); succeeded ||
		!strings.Contains(log, "a file is not the one in "+sums) {
		t.Errorf("succeeded: %t\n%s%s", succeeded, output, log)
	}
}

func TestAReleaseOfAnotherCommitIsFound(t *testing.T) {
	t.Parallel()
	s := newScript(t, "verify-release.sh", describes, "gpg=")
	newBuilt().write(t, s)
	if succeeded, output, log := s.run(t, "dist", "def", "linux_arm64", "windows_386"); succeeded ||
		!strings.Contains(log, "was not built with vcs.revision=def") {
		t.Errorf("succeeded: %t\n%s%s", succeeded, output, log)
	}
}

func TestATargetThatTheReleaseDoesNotHaveIsRefused(t *testing.T) {
	t.Parallel()
	s := newScript(t, "release-check.sh", `go=[ "$1" = env ] && echo linux`, "gpgconf=")
	s.write(t, ".goreleaser.yml", string(readFile(t, ".goreleaser.yml")))
	s.prepare(t, "git init -q && git add . && git -c user.name=a -c user.email=a@b commit -qm c")
	for _, wrong := range []string{"linux_mips", "linux"} {
		if succeeded, output, log := s.run(t, "terraform", "linux_amd64", wrong); succeeded ||
			!strings.Contains(log, "the release has no target") || !strings.Contains(log, wrong+"\n") {
			t.Errorf("succeeded: %t\n%s%s", succeeded, output, log)
		}
	}
}
