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
)

// execute serves while a command runs, and returns the command's exit code.
func execute(args []string, stdin io.Reader, stdout, stderr io.Writer) (int, error) {
	var o options
	flags := newFlags("commercelayer-emulator exec", stderr)
	o.register(flags, "list the requests on stderr at the end")
	if err := parse(flags, args); err != nil {
		return exitExecFailed, err
	}
	if flags.NArg() == 0 {
		return exitExecFailed, wrongUsage("exec needs a command: commercelayer-emulator exec [flags] -- terraform plan")
	}
	if err := o.check(); err != nil {
		return exitExecFailed, err
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
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(listener)
	}()
	env, dropped := childEnvironment(os.Environ(), urlOf(listener), o.live)
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
	<-served
	if o.log {
		summarize(stderr, api)
	}
	return code, err
}

// runChild runs the command, passes signals on, and returns its exit code.
func runChild(command *exec.Cmd) (int, error) {
	signals := make(chan os.Signal, 8)
	for _, sig := range passedOn {
		// A signal that this process ignores, as under nohup, is ignored by the
		// command too. To listen for it here would end that.
		if !signal.Ignored(sig) {
			signal.Notify(signals, sig)
		}
	}
	defer signal.Stop(signals)
	prepare(command)
	if err := command.Start(); err != nil {
		if command.Path == "" || errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
			return exitNotFound, fmt.Errorf("starting the command: %w", err)
		}
		return exitCannotRun, fmt.Errorf("starting the command: %w", err)
	}
	ended := make(chan struct{})
	passing := make(chan struct{})
	go func() {
		defer close(passing)
		for {
			select {
			case sig := <-signals:
				pass(command.Process, sig)
			case <-ended:
				return
			}
		}
	}()
	err := command.Wait()
	close(ended)
	<-passing
	if command.ProcessState == nil {
		return exitExecFailed, fmt.Errorf("waiting for the command: %w", err)
	}
	return exitCode(command.ProcessState), nil
}
