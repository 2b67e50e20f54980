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
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: foreground() == 0}
}

// pass sends the signal to the command. A command that has already ended makes
// this fail, and that does not matter.
func pass(child *os.Process, sig os.Signal) {
	if (sig == syscall.SIGINT || sig == syscall.SIGQUIT) && foreground() == unix.Getpgrp() {
		return // the terminal sends Ctrl-C and Ctrl-\ to the whole group
	}
	_ = child.Signal(sig)
}

// foreground is the process group that keys such as Ctrl-C signal. It is 0
// without a terminal.
func foreground() int {
	tty, err := os.Open("/dev/tty")
	if err != nil {
		return 0
	}
	defer tty.Close()
	group, _ := unix.IoctlGetInt(int(tty.Fd()), unix.TIOCGPGRP)
	return group
}
