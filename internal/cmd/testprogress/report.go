package main

import (
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
)

// event is a line that go test -json prints. `go doc test2json` describes it.
type event struct {
	Time    time.Time
	Action  string
	Package string
	Test    string
	Output  string
}

// name is the full name of a test. It has the package too, because two packages
// can have tests of the same name. The test is empty when the package is meant.
type name struct{ pkg, test string }

// parent is the test to which a subtest belongs. For a test that is not a
// subtest, it is the package.
func (n name) parent() name {
	return name{n.pkg, n.test[:max(strings.LastIndex(n.test, "/"), 0)]}
}

// report prints the progress and the results of a run.
type report struct {
	out     io.Writer
	verbose bool
	begun   time.Time
	// started tells whether the first package has been compiled.
	started bool
	// output is what running tests and packages have printed so far.
	output map[name]*strings.Builder
	// running has the time at which each running test started or went on. Tests
	// that wait for their turn are not in it.
	running map[name]time.Time
	// unfinished counts the subtests of a test that are not done yet. While a
	// test has such subtests, it only waits for them.
	unfinished              map[name]int
	passed, failed, skipped int
}

func newReport(out io.Writer, verbose bool, begun time.Time) *report {
	return &report{
		out: out, verbose: verbose, begun: begun,
		output: map[name]*strings.Builder{}, running: map[name]time.Time{}, unfinished: map[name]int{},
	}
}

func (r *report) add(e event) {
	of := name{e.Package, e.Test}

	switch e.Action {
	case "start":
		r.started = true
	case "run":
		r.running[of] = e.Time
		r.unfinished[of.parent()]++
	case "cont":
		r.running[of] = e.Time
	case "pause":
		delete(r.running, of)
	case "build-output":
		fmt.Fprint(r.out, e.Output)
	case "output":
		r.keep(of, e.Output)
	case "pass", "fail", "skip":
		r.end(of, e.Action)
	}
}

// keep stores the output until the test ends, because it is printed only when
// the test fails. With -v it prints the output at once.
func (r *report) keep(of name, text string) {
	if r.verbose {
		fmt.Fprint(r.out, text)
		return
	}

	if strings.HasPrefix(text, "=== ") {
		return
	}

	if r.output[of] == nil {
		r.output[of] = &strings.Builder{}
	}

	r.output[of].WriteString(text)
}

func (r *report) end(of name, action string) {
	delete(r.running, of)

	if of.test == "" {
		r.endPackage(of, action)
		return
	}

	switch action {
	case "pass":
		r.passed++
	case "fail":
		r.failed++

		r.flush(of)
	case "skip":
		r.skipped++
	}

	r.unfinished[of.parent()]--
	delete(r.output, of)
}

// endPackage prints the closing line of a package. When the package failed, it
// prints all output that is still stored. After a panic there are tests that
// never end, and their output tells what happened.
func (r *report) endPackage(of name, action string) {
	if action == "fail" {
		for _, left := range slices.SortedFunc(maps.Keys(r.output), func(a, b name) int {
			return strings.Compare(a.test, b.test)
		}) {
			if left.pkg == of.pkg && left.test != "" {
				r.flush(left)
			}
		}

		r.flush(of)
	} else if text := r.output[of]; text != nil {
		lines := strings.SplitAfter(strings.TrimSuffix(text.String(), "\n"), "\n")
		fmt.Fprintln(r.out, lines[len(lines)-1])
	}

	forget := func(n name) bool { return n.pkg == of.pkg }
	maps.DeleteFunc(r.output, func(n name, _ *strings.Builder) bool { return forget(n) })
	maps.DeleteFunc(r.running, func(n name, _ time.Time) bool { return forget(n) })
	maps.DeleteFunc(r.unfinished, func(n name, _ int) bool { return forget(n) })
}

func (r *report) flush(of name) {
	if text := r.output[of]; text != nil {
		fmt.Fprint(r.out, text.String())
	}

	delete(r.output, of)
}

// progress prints how far the run is.
func (r *report) progress(now time.Time) {
	took := now.Sub(r.begun).Round(time.Second)

	if !r.started {
		fmt.Fprintf(r.out, "%6s  compiling the tests, which takes a minute or two the first time\n", took)
		return
	}

	fmt.Fprintf(r.out, "%6s  %d tests passed, %d failed%s\n", took, r.passed, r.failed, r.slowest(now))
}

// slowest names the test that has been running longest.
func (r *report) slowest(now time.Time) string {
	var (
		found name
		since time.Time
		count int
	)

	for of, start := range r.running {
		if r.unfinished[of] > 0 {
			continue
		}

		count++

		if found == (name{}) || start.Before(since) {
			found, since = of, start
		}
	}

	switch count {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("; %s runs %s (for %s)", path.Base(found.pkg), found.test, now.Sub(since).Round(time.Second))
	default:
		return fmt.Sprintf("; %s runs %s (for %s) and %d more", path.Base(found.pkg), found.test,
			now.Sub(since).Round(time.Second), count-1)
	}
}

// close ends the report with the numbers of tests. Scripts look for this line.
func (r *report) close() {
	fmt.Fprintf(r.out, "%d passed, %d failed, %d skipped\n", r.passed, r.failed, r.skipped)
}
