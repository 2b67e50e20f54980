package tools

import (
	"strings"
	"testing"
)

func TestEachFuzzTargetRunsUntilOneFails(t *testing.T) {
	t.Parallel()
	// The program that is compiled prints its arguments, and fails for one target.
	s := newScript(t, "fuzz.sh", `go=case $1 in
test) printf '#!/bin/sh\necho "$*"; case $* in *FuzzB*) exit 1 ;; esac\n' >"$6"; chmod +x "$6" ;;
esac`)
	s.write(t, "a/a_test.go", "func FuzzA(f *testing.F) {\n")
	s.write(t, "c/c_test.go", "func FuzzC(f *testing.F) {\n")
	succeeded, output, log := s.run(t, "5x")
	for _, want := range []string{"-test.fuzz ^FuzzA$ -test.fuzztime 5x", "-test.fuzz ^FuzzC$ -test.fuzztime 5x"} {
		if !succeeded || !strings.Contains(output, want) {
			t.Errorf("got\n%s%s\nwant in it %q", output, log, want)
		}
	}
	s.write(t, "a/b_test.go", "func FuzzB(f *testing.F) {\n")
	if succeeded, output, _ := s.run(t, "5x"); succeeded || strings.Contains(output, "FuzzC") {
		t.Errorf("the failure of a target is not noticed:\n%s", output)
	}
}
