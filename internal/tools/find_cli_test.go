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

func TestACLIIsFoundOnThePathOrInstalledOnce(t *testing.T) {
	t.Parallel()
	const oldTofu = `tofu=echo '{"terraform_version": "1.9.0","platform":"x"}'`
	for name, test := range map[string]struct {
		want     string
		standIns []string
		offline  bool
		// path matches the end of what is printed. runs is a part of the command that
		// installs, or empty.
		path, runs string
	}{
		"terraform wins on PATH":            {"auto", []string{"terraform=", "tofu="}, false, `/terraform$`, ""},
		"any tofu serves where it is alone": {"auto", []string{oldTofu}, false, `/tofu$`, ""},
		"a new machine gets terraform":      {"auto", nil, false, `/\.cache/.*/terraform-1[^/]*/terraform$`, "hc-install"},
		"without its site, opentofu":        {"auto", nil, true, `/\.cache/.*/opentofu-1[^/]*/tofu$`, "/opentofu build"},
		"terraform is not replaced by tofu": {"terraform", []string{oldTofu}, false, `/terraform$`, "hc-install"},
		"another tofu is not taken": {
			"opentofu", []string{oldTofu}, false, `/opentofu-1[^/]*/tofu$`, "/opentofu build",
		},
		"the old tofu is built apart": {
			"opentofu-1.10", nil, false, `/opentofu-1\.10[^/]*/tofu$`, "/opentofu-1.10 build",
		},
		"a name is looked up": {"nightly", []string{"nightly="}, false, `/nightly$`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, "find-cli.sh", append(test.standIns, installs)...)
			if test.offline {
				s.env = append(s.env, "OFFLINE=1")
			}
			for range 2 {
				succeeded, path, log := s.run(t, test.want)
				if !succeeded || !regexp.MustCompile(`^/.*`+test.path).MatchString(strings.TrimSpace(path)) {
					t.Fatalf("got %q, want a path like %s\n%s", path, test.path, log)
				}
			}
			ran, _ := os.ReadFile(filepath.Join(s.dir, "ran")) // nothing ran if it is not there
			if !strings.Contains(string(ran), test.runs) || (test.runs == "") != (len(ran) == 0) ||
				strings.Count(string(ran), "build")+strings.Count(string(ran), "hc-install") > 1 && !test.offline {
				t.Errorf("ran %q, want %q once", ran, test.runs)
			}
		})
	}
}

func TestWithoutACLIThereIsNoPath(t *testing.T) {
	t.Parallel()
	for want, remedy := range map[string]string{
		"trraform": "there is no trraform: give terraform, opentofu,", "auto": "could not be installed, so OpenTofu is built",
	} {
		s := newScript(t, "find-cli.sh", `go=[ "$1" = env ]`)
		if succeeded, path, log := s.run(t, want); succeeded || path != "" || !strings.Contains(log, remedy) {
			t.Errorf("%s: got %q and the log\n%s", want, path, log)
		}
	}
}
