// Package tools tests the scripts in tools/, and the lists that name its modules.
package tools

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

var root = filepath.Join("..", "..")

// readFile reads a file of the source tree.
func readFile(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func readYAML(t *testing.T, name string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(readFile(t, name)), into); err != nil {
		t.Fatal(err)
	}
}

// glob lists files of the source tree.
func glob(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := fs.Glob(os.DirFS(root), pattern)
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// A script is a script of tools/ with an environment of its own. On its PATH, the
// stand-ins for other programs come first.
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
	s.env = []string{"PATH=" + s.bin + ":" + os.Getenv("PATH"), "HOME=" + s.dir}
	fake, err := filepath.Abs(filepath.Join("testdata", "bin", "fake"))
	if err != nil {
		t.Fatal(err)
	}
	for _, standIn := range standIns {
		name, lines, _ := strings.Cut(standIn, "=")
		if err := os.Symlink(fake, filepath.Join(s.bin, name)); err != nil {
			t.Fatal(err)
		}
		s.env = append(s.env, "FAKE_"+name[strings.LastIndex(name, "-")+1:]+"="+lines)
	}
	return s
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
