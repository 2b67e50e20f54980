package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
)

// execute serves while a command runs, and returns the command's exit code.
func execute(args []string, stdin io.Reader, stdout, stderr io.Writer) (int, error) {
	var o options
	flags := newFlags("commercelayer-emulator exec")
	o.register(flags, "list the requests on stderr at the end")
	if err := o.parse(flags, args, stderr); err != nil {
		return exitExecFailed, err
	}
	if flags.NArg() == 0 {
		return exitExecFailed, wrongUsage("exec needs a command: commercelayer-emulator exec [flags] -- terraform plan")
	}
	if o.next != "" && o.nextAtRun == 0 {
		// SIGHUP is passed on to the command, so it cannot mean a switch here. A
		// rehearsal compares two runs, so the switch comes between them.
		o.nextAtRun = 2
	}
	api, _, err := o.build(stderr)
	if err != nil {
		return exitExecFailed, err
	}
	listener, err := listen(context.Background(), "127.0.0.1:0", false)
	if err != nil {
		return exitExecFailed, err
	}
	// The listener is already open, so the system keeps connections that come
	// before the server accepts them.
	server := newServer(forThisMachine(api))
	go func() { _ = server.Serve(listener) }()
	env, dropped := childEnvironment(os.Environ(), urlOf(listener), o.mode())
	note := ""
	if len(dropped) > 0 {
		note = "; it does not see your " + strings.Join(dropped, ", ")
	}
	fmt.Fprintf(stderr, "%sthe provider reads the customers from %s, at %s%s\n",
		nameInErrors, o.source(), urlOf(listener), note)

	command := exec.CommandContext(context.Background(), flags.Arg(0), flags.Args()[1:]...)
	command.Stdin, command.Stdout, command.Stderr, command.Env = stdin, stdout, stderr, env
	code, err := runChild(command)
	api.Close()
	_ = server.Close()
	if o.log {
		summarize(stderr, api)
	}
	return code, err
}

// runChild runs the command, passes signals on, and returns its exit code. When a
// signal ended the command, it is 128 plus the number of the signal, as in a shell.
func runChild(command *exec.Cmd) (int, error) {
	signals := make(chan os.Signal, 8)
	defer close(signals)
	defer signal.Stop(signals)
	for _, sig := range passedOn {
		// A signal that this process ignores, as under nohup, is ignored by the
		// command too. To listen for it here would end that.
		if !signal.Ignored(sig) {
			signal.Notify(signals, sig)
		}
	}
	prepare(command)
	if err := command.Start(); err != nil {
		code := exitCannotRun
		if command.Path == "" || errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
			code = exitNotFound
		}
		return code, fmt.Errorf("starting the command: %w", err)
	}
	go func() {
		for sig := range signals {
			pass(command.Process, sig)
		}
	}()
	if err := command.Wait(); command.ProcessState == nil {
		return exitExecFailed, fmt.Errorf("waiting for the command: %w", err)
	}
	if status, ok := command.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return exitSignalled + int(status.Signal()), nil
	}
	return command.ProcessState.ExitCode(), nil
}
