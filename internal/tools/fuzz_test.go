package tools

import (
	"strings"
	"testing"
)

// fuzzes stands in for a go command that lists three targets, and fails as FAILURE
// says.
const fuzzes = `go=
case $* in
*-list*)
	printf 'FuzzA\nFuzzB\nok  \texample.com/a\t0.1s\n'
	printf '?   \texample.com/b\t[no test files]\nFuzzC\nok  \texample.com/c\t0.1s\n'
	;;
*) echo "go $*"; [ -z "$FAILURE" ] || { printf "$FAILURE"; exit 1; } ;;
esac`

func TestEachFuzzTargetRunsAlone(t *testing.T) {
	t.Parallel()
	const failed = "--- FAIL: FuzzA (5.07s)\n"
	for name, test := range map[string]struct {
		failure   string
		succeeded bool
	}{
		"all pass": {"", true},
		// Go itself reports the end of the time as a failure, and it is none.
		"the deadline": {"fuzz: elapsed: 5s\n" + failed + "    context deadline exceeded\nFAIL\n", true},
		"an input": {
			failed + "    --- FAIL: FuzzA (0.00s)\n        a_test.go:9: context deadline exceeded\n\nFAIL\n", false,
		},
		"it does not compile": {"FAIL\tp [build failed]\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, "fuzz.sh", fuzzes)
			s.env = append(s.env, "FAILURE="+test.failure)
			succeeded, output, log := s.run(t, "1m")
			ranAll := strings.Contains(output, "-fuzz ^FuzzC$ -fuzztime 1m -fuzzminimizetime 10x example.com/c\n") &&
				strings.Contains(output, "3 fuzz targets ran, 1m each.\n")
			if succeeded != test.succeeded || ranAll != succeeded {
				t.Errorf("succeeded: %t\n%s%s", succeeded, output, log)
			}
		})
	}
}
