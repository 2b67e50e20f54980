package clidriver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// gracePeriod is the time that a CLI has to stop its provider after an
// interrupt.
const gracePeriod = 10 * time.Second

// Start starts the CLI. When ctx ends, the CLI is interrupted. If it is still
// running after the grace period, it is killed.
//
// The caller may interrupt the process of the command. The returned function waits
// for its end. If the CLI fails, the result says so, and the error is nil. An error
// means that the CLI did not run to its end, so that there is no result.
func (d *Driver) Start(ctx context.Context, args ...string) (*exec.Cmd, func() (*Result, error), error) {
	var stdout, stderr strings.Builder
	started := time.Now()
	command := exec.CommandContext(ctx, d.cli, args...)
	command.Dir, command.Env, command.SysProcAttr = d.WorkingDir(), d.env, d.Attributes
	command.Stdout, command.Stderr = &stdout, &stderr
	command.WaitDelay = gracePeriod
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	return command, func() (*Result, error) {
		err := command.Wait()
		r := &Result{
			Stdout: stdout.String(), Stderr: stderr.String(), Took: time.Since(started),
			command: filepath.Base(d.cli) + " " + strings.Join(args, " "),
		}
		if ctx.Err() != nil {
			return nil, r.explain(context.Cause(ctx))
		}
		var exit *exec.ExitError
		switch {
		case errors.As(err, &exit):
			r.ExitCode = exit.ExitCode()
		case err != nil:
			return nil, r.explain(err)
		}
		return r, nil
	}, command.Start()
}

// Result is the result of one run of the CLI.
type Result struct {
	Stdout, Stderr string
	// ExitCode is 0 after success and 1 after an error. With
	// -detailed-exitcode, 2 means that the plan has changes.
	ExitCode int
	Took     time.Duration

	command string
}

// Run runs the CLI to its end.
func (d *Driver) Run(ctx context.Context, args ...string) (*Result, error) {
	_, wait, err := d.Start(ctx, args...)
	if err != nil {
		return nil, err
	}
	return wait()
}

// Output runs the CLI and returns what it printed. A failure of the CLI is an
// error.
func (d *Driver) Output(ctx context.Context, args ...string) (string, error) {
	r, err := d.Run(ctx, args...)
	if err != nil {
		return "", err
	}
	return r.Stdout, r.Err()
}

// Err returns an error if the CLI failed. The error has all the output of the
// CLI, so that the cause can be found.
func (r *Result) Err() error {
	if r.ExitCode == 0 {
		return nil
	}
	return r.explain(fmt.Errorf("exit status %d", r.ExitCode))
}

func (r *Result) explain(err error) error {
	return fmt.Errorf("%s: %w\n%s%s", r.command, err, r.Stdout, r.Stderr)
}
