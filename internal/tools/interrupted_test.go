package tools

import (
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
)

// TestInterruptedScriptsLeaveNoFilesBehind stops scripts in the middle. The state
// of the demo holds customers.
func TestInterruptedScriptsLeaveNoFilesBehind(t *testing.T) {
	t.Parallel()
	// If the tests run under nohup, SIGHUP is ignored. A process that they start
	// ignores it too, unless it is caught here.
	caught := make(chan os.Signal, 1)
	signal.Notify(caught, syscall.SIGHUP)
	t.Cleanup(func() { signal.Stop(caught) })
	for _, name := range []string{"HUP", "INT", "TERM"} {
		interrupt := `kill -s ` + name + ` "$PPID"`
		for path, args := range map[string][]string{"demo.sh": nil, "unchanged.sh": {"sh", "-c", interrupt}} {
			t.Run(path+" "+name, func(t *testing.T) {
				t.Parallel()
				temporary := t.TempDir()
				s := newScript(t, path, "commercelayer-emulator="+interrupt, `git=case $1 in rev-parse) echo index ;; esac`)
				s.env = append(s.env, "TMPDIR="+temporary, "TF_ACC_TERRAFORM_PATH=terraform")
				s.write(t, "index", "")
				s.write(t, "examples/data-sources/commercelayer_customer/provider.tf", "")
				if err := os.Symlink(s.bin, filepath.Join(s.dir, "bin")); err != nil {
					t.Fatal(err)
				}
				succeeded, output, log := s.run(t, args...)
				left, err := os.ReadDir(temporary)
				if succeeded || err != nil || len(left) != 0 {
					t.Errorf("succeeded: %t, and the files %v stay\n%s%s", succeeded, left, output, log)
				}
			})
		}
	}
}
