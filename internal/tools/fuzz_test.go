package tools

import (
	"strings"
	"testing"
)

// fuzzes stands in for a go command that lists three targets, and fails as FAILURE
// says.
const fuzzes = `go=
case $* in
*-list*) printf 'FuzzA\nFuzzB\nok  \texample.com/a\t0.1s\n?   \texample.com/b\t[no test files]\nFuzzC\nok  \texample.com/c\t0.1s\n' ;;
*) echo "go $*"; [ -z "$FAILURE" ] || { printf "$FAILURE"; exit 1; } ;;
esac`

func TestEachFuzzTargetRunsAlone(t *testing.T) {
	t.Parallel()
	succeeded, output, log := newScript(t, "fuzz.sh", fuzzes).run(t, "5000x")
	for _, want := range []string{
		"FuzzA (example.com/a)\n", "FuzzB (example.com/a)\n", "FuzzC (example.com/c)\n",
		"-fuzz ^FuzzC$ -fuzztime 5000x -fuzzminimizetime 10x example.com/c\n", "3 fuzz targets ran, 5000x each.\n",
	} {
		if !succeeded || !strings.Contains(output, want) {
			t.Errorf("%q is missing in\n%s%s", want, output, log)
		}
	}
}

func TestTheEndOfTheTimeIsNoFailureOfATarget(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		output    string
		succeeded bool
	}{
		"the deadline": {
			"fuzz: elapsed: 5s\n--- FAIL: FuzzA (5.07s)\n    context deadline exceeded\nFAIL\nexit status 1\nFAIL\tp\t5s\n", true,
		},
		"an input": {
			"--- FAIL: FuzzA (0.02s)\n    --- FAIL: FuzzA (0.00s)\n        a_test.go:9: bad\n\nFAIL\n", false,
		},
		"both": {
			"--- FAIL: FuzzA (0.02s)\n    --- FAIL: FuzzA (0.00s)\n        a_test.go:9: context deadline exceeded\n\nFAIL\n", false,
		},
		"a panic":             {"panic: context deadline exceeded\n", false},
		"it does not compile": {"FAIL\tp [build failed]\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, "fuzz.sh", fuzzes)
			s.env = append(s.env, "FAILURE="+test.output)
			if succeeded, output, log := s.run(t, "1m"); succeeded != test.succeeded {
				t.Errorf("succeeded: %t\n%s%s", succeeded, output, log)
			}
		})
	}
}

func TestFuzzingWithoutTargetsFails(t *testing.T) {
	t.Parallel()
	for _, list := range []string{"go=echo '?   example.com/b [no test files]'", "go=exit 1"} {
		if succeeded, output, _ := newScript(t, "fuzz.sh", list).run(t, "1m"); succeeded {
			t.Errorf("%s passed:\n%s", list, output)
		}
	}
}
