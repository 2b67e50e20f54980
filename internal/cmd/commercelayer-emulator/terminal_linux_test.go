package main

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// openTerminal makes a pseudo terminal. Bytes that are written to keyboard arrive
// as if somebody had typed them.
func openTerminal(t *testing.T) (keyboard, screen *os.File) {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("this machine has no pseudo terminals: %v", err)
	}
	t.Cleanup(func() { _ = keyboard.Close() })
	if err := unix.IoctlSetPointerInt(int(keyboard.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(int(keyboard.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	screen, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = screen.Close() })
	return keyboard, screen
}

// TestExecLeavesTheTerminalsKeysToTheTerminal types Ctrl-C, which the terminal
// sends to the command itself.
func TestExecLeavesTheTerminalsKeysToTheTerminal(t *testing.T) {
	keyboard, screen := openTerminal(t)
	p := start(t, func(command *exec.Cmd) {
		command.Stdin = screen
		command.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
	}, executing("signals")...)
	// In another group the command could not read from the terminal.
	if group, _ := p.until(t, "waiting in process group "); group != strconv.Itoa(p.Process.Pid) {
		t.Errorf("got the group %s, want our own, %d", group, p.Process.Pid)
	}
	if _, err := keyboard.WriteString("\x03"); err != nil {
		t.Fatal(err)
	}
	p.until(t, "got interrupt")
	// The system can make one signal of two, so this one comes alone.
	p.signal(t, syscall.SIGINT)
	p.signal(t, syscall.SIGTERM)
	if got, _ := p.until(t, "got "); got != "terminated" {
		t.Error("the interrupt was passed on as well")
	}
}
