package tools

import (
	"os/exec"
	"strings"
	"testing"
)

func TestOnlyWhatACommandChangesIsShown(t *testing.T) {
	t.Parallel()
	for command, want := range map[string]string{
		"true":                 "",
		"echo new >>written":   "\n mine\n+new\n",
		"echo new >unknown":    "+++ b/unknown\n",
		"rm committed":         "--- a/committed\n+++ /dev/null\n",
		"echo ignored >x.skip": "",
		"exit 1":               "",
	} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, "unchanged.sh")
			s.write(t, "committed", "first\n")
			s.write(t, ".gitignore", "*.skip\n")
			// The author has changed a file, and written another one.
			edit := exec.CommandContext(t.Context(), "sh", "-c", "git init -q && git add . && "+
				"git -c user.name=a -c user.email=a@b commit -qm c && echo second >>committed && echo mine >written")
			edit.Dir, edit.Env = s.dir, s.env
			if output, err := edit.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v", output, err)
			}
			succeeded, difference, log := s.run(t, "sh", "-c", command)
			if succeeded != (want == "" && command != "exit 1") || !strings.Contains(difference, want) ||
				strings.Contains(difference, "+second") || strings.Contains(difference, "+mine") {
				t.Errorf("succeeded: %t, and the difference is\n%s%s", succeeded, difference, log)
			}
		})
	}
}
