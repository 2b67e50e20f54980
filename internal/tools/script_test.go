// Package tools tests the scripts in tools/, and the lists that name its modules.
package tools

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

var root = filepath.Join("..", "..")

// A script is a script of tools/ with an environment of its own. Its PATH has only
// what is needed to run it, and the stand-ins for other programs.
type script struct {
	path, dir, bin string
	env            []string
}

// newScript returns a script of tools/, which runs in a directory of its own. Each
// stand-in is a name, an equals sign, and the shell lines that it runs.
func newScript(t *testing.T, name string, standIns ...string) *script {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the scripts are for a POSIX shell")
	}
	path, err := filepath.Abs(filepath.Join(root, "tools", name))
	if err != nil {
		t.Fatal(err)
	}
	s := &script{path: path, dir: t.TempDir(), bin: t.TempDir()}
	s.env = []string{"PATH=" + s.bin, "HOME=" + s.dir}
	for _, program := range []string{
		"awk", "bash", "cat", "chmod", "cp", "cut", "diff", "dirname", "env", "git", "grep", "gzip", "mkdir", "mktemp", "mv",
		"rm", "sed", "sh", "sha256sum", "sort", "tar", "tee", "unzip", "wc", "xargs",
	} {
		target, err := exec.LookPath(program)
		if err != nil {
			t.Skipf("this machine has no %s", program)
		}
		s.link(t, target, program)
	}
	fake, err := filepath.Abs(filepath.Join("testdata", "bin", "fake"))
	if err != nil {
		t.Fatal(err)
	}
	for _, standIn := range standIns {
		name, lines, _ := strings.Cut(standIn, "=")
		s.link(t, fake, name)
		s.env = append(s.env, "FAKE_"+name[strings.LastIndex(name, "-")+1:]+"="+lines)
	}
	return s
}

func (s *script) link(t *testing.T, target, name string) {
	t.Helper()
	if err := os.Symlink(target, filepath.Join(s.bin, name)); err != nil {
		t.Fatal(err)
	}
}

// write puts a file into the directory in which the script runs.
func (s *script) write(t *testing.T, name, content string) {
	t.Helper()
	path := filepath.Join(s.dir, filepath.FromSlash(name))
	if err := errors.Join(
		os.MkdirAll(filepath.Dir(path), 0o700),
		os.WriteFile(path, []byte(content), 0o600),
	); err != nil {
		t.Fatal(err)
	}
}

// prepare runs shell lines where the script will run.
func (s *script) prepare(t *testing.T, lines string) {
	t.Helper()
	shell := *s
	shell.path = filepath.Join(s.bin, "sh")
	if succeeded, _, log := shell.run(t, "-c", lines); !succeeded {
		t.Fatal(log)
	}
}

// run runs the script, and returns whether it succeeded, and both outputs.
func (s *script) run(t *testing.T, args ...string) (succeeded bool, stdout, stderr string) {
	t.Helper()
	var out, log bytes.Buffer
	command := exec.CommandContext(t.Context(), s.path, args...)
	command.Dir, command.Env, command.Stdout, command.Stderr = s.dir, s.env, &out, &log
	err := command.Run()
	if err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	return err == nil, out.String(), log.String()
}
