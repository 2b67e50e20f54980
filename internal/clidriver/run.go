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

// Process is a running CLI.
type Process struct {
	// Command is the running command. A caller may interrupt its process.
	Command *exec.Cmd

	ctx            context.Context
	started        time.Time
	stdout, stderr strings.Builder
}

// Start starts the CLI. When ctx ends, the CLI is interrupted. If it is still
// running after the grace period, it is killed.
func (d *Driver) Start(ctx context.Context, args ...string) (*Process, error) {
	p := &Process{Command: exec.CommandContext(ctx, d.cli, args...), ctx: ctx, started: time.Now()}
	p.Command.Dir = d.WorkingDir()
	p.Command.Env = d.env
	p.Command.Stdout = &p.stdout
	p.Command.Stderr = &p.stderr
	p.Command.WaitDelay = gracePeriod
	p.Command.SysProcAttr = d.Attributes
	p.Command.Cancel = func() error { return p.Command.Process.Signal(os.Interrupt) }
	return p, p.Command.Start()
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

// Wait waits for the end of the CLI. If the CLI fails, the result says so, and
// the error is nil. An error means that the CLI did not run to its end, so that
// there is no result.
func (p *Process) Wait() (*Result, error) {
	err := p.Command.Wait()
	r := &Result{
		Stdout: p.stdout.String(), Stderr: p.stderr.String(), Took: time.Since(p.started),
		command: filepath.Base(p.Command.Path) + " " + strings.Join(p.Command.Args[1:], " "),
	}
	if p.ctx.Err() != nil {
		return nil, r.explain(context.Cause(p.ctx))
	}
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		r.ExitCode = exit.ExitCode()
	case err != nil:
		return nil, r.explain(err)
	}
	return r, nil
}

// Run runs the CLI to its end.
func (d *Driver) Run(ctx context.Context, args ...string) (*Result, error) {
	p, err := d.Start(ctx, args...)
	if err != nil {
		return nil, err
	}
	return p.Wait()
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
