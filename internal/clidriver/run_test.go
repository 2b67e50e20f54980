package clidriver

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAFailureOfTheCLIKeepsItsCause(t *testing.T) {
	t.Parallel()
	d := newDriver(t, `echo "planning"; echo "Error: no such customer" >&2; exit 2`)
	r, err := d.Run(t.Context(), "plan")
	if err != nil {
		t.Fatalf("a failure of the CLI is a result, and not %v", err)
	}
	if r.ExitCode != 2 || r.Stdout != "planning\n" || r.Stderr != "Error: no such customer\n" || r.Took <= 0 {
		t.Errorf("got %+v", r)
	}
	_, err = d.Output(t.Context(), "plan")
	for _, want := range []string{"cli plan: exit status 2", "planning", "Error: no such customer"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want in it %q", err, want)
		}
	}
}

func TestACLIThatIsMissingIsAnError(t *testing.T) {
	t.Parallel()
	d := newDriver(t, "")
	d.cli = filepath.Join(d.root, "nothing")
	if _, err := d.Run(t.Context(), "plan"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want that it does not exist", err)
	}
}

func TestTheEndOfTheContextInterruptsTheCLI(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	d := newDriver(t, "exec sleep 60")
	p, err := d.Start(ctx, "plan")
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := p.Wait(); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want it cancelled", err)
	}
}
