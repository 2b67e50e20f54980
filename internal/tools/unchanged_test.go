package tools

import (
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
	} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, "unchanged.sh")
			s.env = append(s.env, "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b")
			s.write(t, "committed", "first\n")
			s.write(t, ".gitignore", "*.skip\n")
			prepare := *s
			prepare.path = "/bin/sh"
			// The author has changed a file, and written another one.
			if succeeded, _, log := prepare.run(t, "-c",
				"git init -q && git add . && git commit -qm c && echo second >>committed && echo mine >written"); !succeeded {
				t.Fatal(log)
			}
			succeeded, difference, log := s.run(t, "sh", "-c", command)
			if succeeded != (want == "") || !strings.Contains(difference, want) || strings.Contains(difference, "+second") ||
				strings.Contains(difference, "+mine") {
				t.Errorf("succeeded: %t, and the difference is\n%s%s", succeeded, difference, log)
			}
		})
	}
}

func TestACommandThatFailsHasNoDifference(t *testing.T) {
	t.Parallel()
	s := newScript(t, "unchanged.sh")
	prepare := *s
	prepare.path = "/bin/sh"
	if succeeded, _, log := prepare.run(t, "-c", "git init -q && >a && git add ."); !succeeded {
		t.Fatal(log)
	}
	if succeeded, difference, _ := s.run(t, "sh", "-c", "echo x >b; exit 1"); succeeded || difference != "" {
		t.Errorf("succeeded: %t\n%s", succeeded, difference)
	}
}
