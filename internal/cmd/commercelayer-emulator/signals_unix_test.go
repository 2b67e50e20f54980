//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// playSignals prints each signal that it gets. At SIGUSR1 it prints the number of
// interrupts and ends. SIGUSR1 cannot overtake an interrupt, because Go delivers
// pending signals in the order of their numbers, and SIGINT has a lower one.
func playSignals() int {
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGUSR1)
	fmt.Println("waiting in process group", syscall.Getpgrp())
	interrupts := 0
	for sig := range signals {
		switch sig {
		case syscall.SIGINT:
			interrupts++
			fmt.Println("got", sig)
		case syscall.SIGUSR1:
			fmt.Println("interrupts:", interrupts)
			return 3
		default:
			fmt.Println("got", sig)
			return 4
		}
	}
	return 0
}

// alone makes the command start in its own session without a terminal, as in a
// pipeline.
func alone(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
}

func TestServeEndsWellWhenInterrupted(t *testing.T) {
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		p, _, _ := serving(t)
		if err := p.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		if code := p.end(t); code != 0 {
			t.Errorf("%v: exit code %d", sig, code)
		}
	}
}

// A pipe as -data can keep the emulator waiting for ever.
func TestASignalEndsTheReadingOfAPipe(t *testing.T) {
	const pipe = "pipe.json"
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		for _, args := range [][]string{
			{"-data", pipe}, {"-data", customers(t, "repeat", "test"), "-next", pipe}, {"exec", "-data", pipe, "--", "true"},
		} {
			dir := t.TempDir()
			if err := syscall.Mkfifo(filepath.Join(dir, pipe), 0o600); err != nil {
				t.Fatal(err)
			}
			p := start(t, func(command *exec.Cmd) { command.Dir = dir }, args...)
			// This fails until the emulator reads the pipe.
			writer, err := os.OpenFile(filepath.Join(dir, pipe), os.O_WRONLY|syscall.O_NONBLOCK, 0)
			for start := time.Now(); err != nil; time.Sleep(10 * time.Millisecond) {
				if time.Since(start) > time.Minute {
					t.Fatal(err)
				}
				writer, err = os.OpenFile(filepath.Join(dir, pipe), os.O_WRONLY|syscall.O_NONBLOCK, 0)
			}
			if err := p.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			p.end(t)
			if status, _ := p.ProcessState.Sys().(syscall.WaitStatus); status.Signal() != sig {
				t.Errorf("%q: %v, want %v", args, p.ProcessState, sig)
			}
			_ = writer.Close()
		}
	}
}

func TestServeSwitchesToNextAtHangUp(t *testing.T) {
	next := customers(t, "repeat", "test")
	p, _, url := serving(t, "-data", customers(t, "prospect", "test"), "-next", next)
	if _, body := mustAsk(t, url+"/api/customers/x"); !strings.Contains(body, "prospect") {
		t.Errorf("before: %s", body)
	}
	if err := p.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	said := make([]byte, 1000)
	n, err := p.stderr.Read(said)
	if want := "SIGHUP came, so " + next + " is served"; err != nil || !strings.Contains(string(said[:n]), want) {
		t.Fatalf("got %q and %v, want %s", said[:n], err, want)
	}
	if _, body := mustAsk(t, url+"/api/customers/x"); !strings.Contains(body, "repeat") {
		t.Errorf("after: %s", body)
	}
}

func TestExecPassesSignalsOn(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP} {
		p := start(t, alone, executing(t, "signals")...)
		p.until(t, "waiting")
		if err := p.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		p.until(t, "got "+sig.String())
		if code := p.end(t); code != 4 {
			t.Errorf("%v: exit code %d, want the command's", sig, code)
		}
	}
}

// TestExecPassesASignalOnOnce sends a signal to the whole process group, as
// timeout(1) and runners do. The command must get it only once, because Terraform
// stops immediately at a second interrupt.
func TestExecPassesASignalOnOnce(t *testing.T) {
	p := start(t, alone, executing(t, "signals")...)
	if lines := p.until(t, "waiting"); lines[0] == fmt.Sprint("waiting in process group ", p.Process.Pid) {
		t.Error("the command is in our process group, and is signalled twice")
	}
	if err := syscall.Kill(-p.Process.Pid, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	p.until(t, "got interrupt")
	if err := p.Process.Signal(syscall.SIGUSR1); err != nil {
		t.Fatal(err)
	}
	if lines := p.until(t, "interrupts:"); lines[len(lines)-1] != "interrupts: 1" {
		t.Errorf("got %q", lines)
	}
	if code := p.end(t); code != 3 {
		t.Errorf("exit code %d", code)
	}
}

func TestExecReturnsTheSignalThatEndedTheCommand(t *testing.T) {
	for sig, want := range map[string]int{"KILL": 137, "TERM": 143} {
		if r := runs(t, "exec", "--", "sh", "-c", "kill -"+sig+" $$"); r.code != want {
			t.Errorf("%s: got %d, want %d", sig, r.code, want)
		}
	}
}

// TestExecKeepsSignalsIgnored checks what nohup needs. A signal that this process
// ignores must be ignored by the command too.
func TestExecKeepsSignalsIgnored(t *testing.T) {
	p := start(t, func(command *exec.Cmd) {
		alone(command)
		command.Args = append([]string{"sh", "-c", `trap '' HUP; exec "$0" "$@"`}, command.Args...)
		command.Path = "/bin/sh"
	}, executing(t, "signals")...)
	p.until(t, "waiting")
	for _, sig := range []syscall.Signal{syscall.SIGHUP, syscall.SIGTERM} {
		if err := p.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
	}
	if lines := p.until(t, "got "); lines[0] != "got terminated" {
		t.Errorf("got %q: an ignored signal was passed on", lines)
	}
}
