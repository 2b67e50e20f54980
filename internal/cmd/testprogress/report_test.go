package main

import (
	"strings"
	"testing"
	"time"
)

// begun is the time at which the runs in these tests begin.
var begun = time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC)

// after is the time so many seconds after the beginning of a run.
func after(seconds int) time.Time { return begun.Add(time.Duration(seconds) * time.Second) }

// on makes an event of the package p.
func on(seconds int, action, test, output string) event {
	return event{Time: after(seconds), Action: action, Package: "example.com/p", Test: test, Output: output}
}

func reported(t *testing.T, verbose bool, events ...event) string {
	t.Helper()

	var out strings.Builder

	r := newReport(&out, verbose, begun)
	for _, e := range events {
		r.add(e)
	}

	r.close()
	return out.String()
}

func TestAPackageThatPassesIsOneLine(t *testing.T) {
	t.Parallel()

	got := reported(t, false,
		on(0, "start", "", ""),
		on(0, "run", "TestA", ""),
		on(0, "output", "TestA", "=== RUN   TestA\n"),
		on(1, "output", "TestA", "    a_test.go:1: a note\n"),
		on(1, "pass", "TestA", ""),
		on(1, "skip", "TestB", ""),
		on(1, "output", "", "PASS\n"),
		on(1, "output", "", "ok  \texample.com/p\t1.0s\n"),
		on(1, "pass", "", ""))
	if want := "ok  \texample.com/p\t1.0s\n1 passed, 0 failed, 1 skipped\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestATestThatFailsShowsWhatItPrinted(t *testing.T) {
	t.Parallel()

	got := reported(t, false,
		on(0, "output", "TestA/sub", "=== RUN   TestA/sub\n"),
		on(0, "output", "TestA/sub", "    a_test.go:1: got 1, want 2\n"),
		on(0, "output", "TestA/sub", "    --- FAIL: TestA/sub (0.00s)\n"),
		on(0, "fail", "TestA/sub", ""),
		on(0, "output", "TestA", "--- FAIL: TestA (0.00s)\n"),
		on(0, "fail", "TestA", ""),
		on(1, "output", "", "FAIL\n"),
		on(1, "output", "", "FAIL\texample.com/p\t1.0s\n"),
		on(1, "fail", "", ""))
	want := "    a_test.go:1: got 1, want 2\n    --- FAIL: TestA/sub (0.00s)\n--- FAIL: TestA (0.00s)\n" +
		"FAIL\nFAIL\texample.com/p\t1.0s\n0 passed, 2 failed, 0 skipped\n"

	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestAPanicIsShown(t *testing.T) {
	t.Parallel()

	got := reported(t, false,
		on(0, "run", "TestA", ""),
		on(0, "output", "TestA", "panic: boom\n"),
		on(1, "output", "", "FAIL\texample.com/p\t1.0s\n"),
		on(1, "fail", "", ""))
	if !strings.HasPrefix(got, "panic: boom\nFAIL\texample.com/p") {
		t.Errorf("got\n%s", got)
	}
}

func TestAPackageThatDoesNotCompileIsShown(t *testing.T) {
	t.Parallel()

	got := reported(t, false,
		event{Action: "build-output", Output: "p/a.go:1: undefined: x\n"},
		event{Action: "build-fail"},
		on(1, "output", "", "FAIL\texample.com/p [build failed]\n"),
		on(1, "fail", "", ""))
	if want := "p/a.go:1: undefined: x\nFAIL\texample.com/p [build failed]\n"; !strings.HasPrefix(got, want) {
		t.Errorf("got\n%s", got)
	}
}

func TestVerboseShowsEverything(t *testing.T) {
	t.Parallel()

	got := reported(t, true,
		on(0, "output", "TestA", "=== RUN   TestA\n"),
		on(0, "output", "TestA", "--- PASS: TestA (0.00s)\n"),
		on(0, "pass", "TestA", ""),
		on(1, "output", "", "ok  \texample.com/p\t1.0s\n"),
		on(1, "pass", "", ""))

	want := "=== RUN   TestA\n--- PASS: TestA (0.00s)\nok  \texample.com/p\t1.0s\n1 passed, 0 failed, 0 skipped\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestProgressNamesWhatRuns(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		events []event
		want   string
	}{
		"nothing is compiled": {want: "   30s  compiling the tests, which takes a minute or two the first time\n"},
		"nothing runs": {
			events: []event{on(20, "start", "", "")},
			want:   "   30s  0 tests passed, 0 failed\n",
		},
		"a subtest runs": {
			events: []event{
				on(20, "start", "", ""), on(20, "pass", "TestDone", ""),
				on(21, "run", "TestA", ""), on(25, "run", "TestA/sub", ""),
			},
			want: "   30s  1 tests passed, 0 failed; p runs TestA/sub (for 5s)\n",
		},
		"a test waits for subtests that wait for their turn": {
			events: []event{
				on(20, "start", "", ""), on(21, "run", "TestA", ""), on(21, "run", "TestA/sub", ""),
				on(21, "pause", "TestA/sub", ""), on(28, "run", "TestB", ""),
			},
			want: "   30s  0 tests passed, 0 failed; p runs TestB (for 2s)\n",
		},
		"all subtests are done": {
			events: []event{
				on(20, "start", "", ""), on(21, "run", "TestA", ""), on(21, "run", "TestA/sub", ""),
				on(22, "pass", "TestA/sub", ""),
			},
			want: "   30s  1 tests passed, 0 failed; p runs TestA (for 9s)\n",
		},
		"a test waits for its turn": {
			events: []event{
				on(20, "start", "", ""), on(21, "run", "TestA", ""), on(21, "pause", "TestA", ""),
				on(22, "run", "TestB", ""), on(29, "cont", "TestA", ""),
			},
			want: "   30s  0 tests passed, 0 failed; p runs TestB (for 8s) and 1 more\n",
		},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			var out strings.Builder

			r := newReport(&out, false, begun)
			for _, e := range test.events {
				r.add(e)
			}

			r.progress(after(30))

			if got := out.String(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestFollowingEndsWithTheEvents(t *testing.T) {
	t.Parallel()

	var out strings.Builder

	events := make(chan event)

	go func() {
		defer close(events)

		decode(strings.NewReader("{\"Action\":\"pass\",\"Package\":\"p\",\"Test\":\"TestA\"}\nno event\n"), events)
	}()

	follow(events, nil, newReport(&out, false, begun))

	if want := "no event\n1 passed, 0 failed, 0 skipped\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}
