package tools

import (
	"strings"
	"testing"
)

// lists stands in for a go command. Each binary is linked from example.com/a, and
// that of Windows also from example.com/windows.
const lists = `go=
case $*$GOOS in
*-deps*windows) printf '\nexample.com/a\nexample.com/windows\n' ;;
*-deps*) printf '\nexample.com/a\n\n' ;;
*' example.com/a example.com/windows') `

func TestModulesThatAreBehindAreReported(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer    string
		want      string
		succeeded bool
	}{
		"all are new": {"echo", "All 2 linked modules have their newest version.", true},
		"one is old": {
			"printf '\nexample.com/a v1.0.0, the newest is v1.1.0\n'", "go mod tidy.\n\nexample.com/a v1", false,
		},
		"the proxy can't be reached": {"exit 1", "", false},
	} {
		succeeded, output, log := newScript(t, "outdated.sh", lists+test.answer+" ;;\nesac").run(t)
		if succeeded != test.succeeded || !strings.Contains(output, test.want) {
			t.Errorf("%s: succeeded: %t\n%s%s", name, succeeded, output, log)
		}
	}
}
