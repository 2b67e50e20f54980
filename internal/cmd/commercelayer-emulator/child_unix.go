//go:build unix

package main

import (
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// passedOn are the signals that the command gets from us.
var passedOn = []os.Signal{
	syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGUSR1, syscall.SIGUSR2,
}

// prepare sees to it that each signal reaches the command once: Terraform takes
// a second interrupt for the order to stop at once, whatever that breaks.
//
// Without a terminal the command gets a process group of its own, because
// runners and timeout(1) signal whole groups. With a terminal it stays in ours,
// since it could not read from the terminal otherwise; then pass leaves out what
// the terminal has sent to both.
func prepare(command *exec.Cmd) {
	tty, err := os.Open("/dev/tty")
	if err != nil {
		command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		return
	}
	_ = tty.Close()
}

// pass sends the signal on. A process that has ended gets none.
func pass(child *os.Process, sig os.Signal) {
	if (sig == syscall.SIGINT || sig == syscall.SIGQUIT) && inForeground() {
		return // Ctrl-C and Ctrl-\ reach the whole group
	}
	_ = child.Signal(sig)
}

// inForeground says whether the terminal's keys signal our process group.
func inForeground() bool {
	tty, err := os.Open("/dev/tty")
	if err != nil {
		return false
	}
	defer tty.Close()
	group, err := unix.IoctlGetInt(int(tty.Fd()), unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

// exitCode is the command's, or as a shell has it when a signal ended it.
func exitCode(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return exitSignalled + int(status.Signal())
	}
	return state.ExitCode()
}
