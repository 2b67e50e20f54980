//go:build unix

package main

import (
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// passedOn are the signals that this process passes on to the command.
var passedOn = []os.Signal{
	syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGUSR1, syscall.SIGUSR2,
}

// prepare makes sure that each signal reaches the command only once. At a second
// interrupt, Terraform stops immediately and may lose its state.
//
// Without a terminal the command gets its own process group. Pipeline runners
// and timeout(1) signal whole groups, so in our group the command would get each
// signal from them and from us.
//
// With a terminal the command stays in our group, because otherwise it could not
// read from the terminal. Then pass leaves out the signals that the terminal has
// already sent to the whole group.
func prepare(command *exec.Cmd) {
	tty, err := os.Open("/dev/tty")
	if err != nil {
		command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		return
	}
	_ = tty.Close()
}

// pass sends the signal to the command. A command that has already ended makes
// this fail, and that does not matter.
func pass(child *os.Process, sig os.Signal) {
	if (sig == syscall.SIGINT || sig == syscall.SIGQUIT) && inForeground() {
		return // the terminal sends Ctrl-C and Ctrl-\ to the whole group
	}
	_ = child.Signal(sig)
}

// inForeground says whether keys such as Ctrl-C signal our process group.
func inForeground() bool {
	tty, err := os.Open("/dev/tty")
	if err != nil {
		return false
	}
	defer tty.Close()
	group, err := unix.IoctlGetInt(int(tty.Fd()), unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

// exitCode is the exit code of the command. When a signal ended the command, it
// is 128 plus the number of the signal, as in a shell.
func exitCode(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return exitSignalled + int(status.Signal())
	}
	return state.ExitCode()
}
