package tools

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// installs stands in for the go command. It notes its arguments, and makes the file
// that it should build or install. With OFFLINE, it can't download Terraform.
const installs = `go=
[ "$1" = env ] && exit
echo "$*" >>"$HOME/ran"
case $OFFLINE$* in 1*hc-install*) exit 1 ;; esac
while [ $# -gt 1 ]; do
	case $1 in -path) file=$2/terraform ;; -o) file=$2 ;; esac
	shift
done
mkdir -p "${file%/*}" && : >"$file" && chmod +x "$file"`

// version stands in for a tofu of a version.
func version(number string) string {
	return `tofu=echo '{"terraform_version": "` + number + `","platform":"x"}'`
}

// pinned returns the version of OpenTofu that a module of tools/ requires.
func pinned(t *testing.T, module string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, "tools", module, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`github\.com/opentofu/opentofu v(\S+)`).FindSubmatch(content)
	if found == nil {
		t.Fatalf("%s requires no OpenTofu", module)
	}
	return string(found[1])
}

func TestACLIIsFoundOnThePathOrInstalledOnce(t *testing.T) {
	t.Parallel()
	var (
		current = pinned(t, "opentofu")
		old     = pinned(t, "opentofu-1.10")
		minor   = current[:strings.LastIndex(current, ".")]
	)
	for name, test := range map[string]struct {
		want     string
		standIns []string
		offline  bool
		// path is the end of the path that is printed. runs are parts of the commands
		// that install.
		path string
		runs []string
	}{
		"terraform wins on PATH":            {want: "auto", standIns: []string{"terraform=", "tofu="}, path: "/terraform"},
		"any tofu serves where it is alone": {want: "auto", standIns: []string{version("1.9.0")}, path: "/tofu"},
		"a new machine gets terraform": {
			want: "auto", path: "/.cache/terraform-provider-commercelayer/terraform-1.11.4/terraform", runs: []string{"hc-install"},
		},
		"without its site, opentofu": {
			want: "auto", offline: true, path: "/opentofu-" + current + "/tofu", runs: []string{"hc-install", "build"},
		},
		"terraform is not replaced by tofu": {
			want: "terraform", standIns: []string{version(current)}, path: "-1.11.4/terraform", runs: []string{"hc-install"},
		},
		"tofu of the pinned minor is taken": {want: "opentofu", standIns: []string{version(minor + ".99")}, path: "/tofu"},
		"another tofu is not": {
			want: "opentofu", standIns: []string{version("1.9.0")}, path: "/opentofu-" + current + "/tofu", runs: []string{"build"},
		},
		"the old tofu is built apart": {want: "opentofu-1.10", path: "/opentofu-" + old + "/tofu", runs: []string{"build"}},
		"a name is looked up":         {want: "tofu-nightly", standIns: []string{"tofu-nightly="}, path: "/tofu-nightly"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, "find-cli.sh", append(test.standIns, installs)...)
			if test.offline {
				s.env = append(s.env, "OFFLINE=1")
			}
			for range 2 {
				succeeded, path, log := s.run(t, test.want)
				if !succeeded || !strings.HasPrefix(path, "/") || !strings.HasSuffix(path, test.path+"\n") {
					t.Fatalf("got %q, want a path that ends in %s\n%s", path, test.path, log)
				}
				if test.offline {
					break
				}
			}
			content, err := os.ReadFile(filepath.Join(s.dir, "ran"))
			if err != nil && len(test.runs) > 0 {
				t.Fatal(err)
			}
			ran := strings.Split(strings.TrimSpace(string(content)), "\n")
			if content == nil {
				ran = nil
			}
			if len(ran) != len(test.runs) {
				t.Fatalf("ran %q, want %q", ran, test.runs)
			}
			for i, want := range test.runs {
				if !strings.Contains(ran[i], want) {
					t.Errorf("ran %q, want %q", ran, test.runs)
				}
			}
		})
	}
}

func TestAPathOfACLIBecomesAbsolute(t *testing.T) {
	t.Parallel()
	s := newScript(t, "find-cli.sh", "tofu=")
	if err := os.Symlink(filepath.Join(s.bin, "tofu"), filepath.Join(s.dir, "tofu")); err != nil {
		t.Fatal(err)
	}
	if _, path, log := s.run(t, "./tofu"); path != s.dir+"/./tofu\n" {
		t.Errorf("got %q\n%s", path, log)
	}
}

func TestWithoutACLIThereIsNoPath(t *testing.T) {
	t.Parallel()
	for want, remedy := range map[string]string{
		"trraform":  "there is no trraform: give terraform, opentofu,",
		"terraform": "there is no Terraform on PATH",
		"opentofu":  "building OpenTofu",
		"auto":      "could not be installed, so OpenTofu is built",
	} {
		s := newScript(t, "find-cli.sh", `go=[ "$1" = env ]`)
		if succeeded, path, log := s.run(t, want); succeeded || path != "" || !strings.Contains(log, remedy) {
			t.Errorf("%s: got %q and the log\n%s", want, path, log)
		}
	}
}
