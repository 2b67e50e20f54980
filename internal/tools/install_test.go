package tools

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestInstallNamesTheFolderThatHoldsTheBinary installs a program of one line.
func TestInstallNamesTheFolderThatHoldsTheBinary(t *testing.T) {
	t.Parallel()
	path, err := exec.LookPath("make")
	if err != nil {
		t.Skip("this machine has no make")
	}
	cache, err := exec.CommandContext(t.Context(), "go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for want, env := range map[string][]string{
		dir + "/a/bin": {"GOPATH=" + dir + "/a:" + dir + "/b", "GOBIN="},
		dir + "/c/bin": {"GOPATH=" + dir + "/c", "GOBIN="},
		dir + "/d":     {"GOPATH=" + dir + "/a", "GOBIN=" + dir + "/d"},
	} {
		s := newScript(t, "")
		s.path = path
		s.env = append(append(s.env, env...), "GOCACHE="+strings.TrimSpace(string(cache)))
		s.write(t, "GNUmakefile", readFile(t, "GNUmakefile"))
		s.write(t, "go.mod", "module example.com/program\n")
		s.write(t, "main.go", "package main\n\nfunc main() {}\n")
		succeeded, output, log := s.run(t, "install")
		if !succeeded || !strings.Contains(output, "Installed into "+want+".") ||
			!strings.Contains(output, `"commercelayer/commercelayer" = "`+want+`"`) {
			t.Errorf("%s is not named in\n%s%s", want, output, log)
		}
		if _, err := os.Stat(filepath.Join(want, "program")); err != nil {
			t.Error(err)
		}
	}
}
