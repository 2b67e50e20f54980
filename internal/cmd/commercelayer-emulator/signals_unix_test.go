//go:build unix

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// playSignals prints each signal that it gets. At another one than an interrupt, it
// prints the number of interrupts and ends. A signal cannot overtake an interrupt,
// because Go delivers pending signals in the order of their numbers. Only SIGHUP
// has a lower one.
func playSignals() int {
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGUSR1)
	fmt.Println("waiting in process group", syscall.Getpgrp())
	interrupts := 0
	for sig := range signals {
		fmt.Println("got", sig)
		if sig != syscall.SIGINT {
			break
		}
		interrupts++
	}
	fmt.Println("interrupts:", interrupts)
	return 4
}

// alone makes the command start in its own session without a terminal, as in a
// pipeline.
func alone(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
}

func TestServeEndsWellWhenInterrupted(t *testing.T) {
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		p, _, _ := serving(t)
		p.signal(t, sig)
		if code := p.end(); code != 0 {
			t.Errorf("%v: exit code %d", sig, code)
		}
	}
}

// A pipe as -data can keep the emulator waiting for ever.
func TestASignalEndsTheReadingOfAPipe(t *testing.T) {
	const pipe = "pipe.json"
	for sig, args := range map[syscall.Signal][]string{
		syscall.SIGINT:  {"-data", pipe},
		syscall.SIGTERM: {"-data", customers(t, "repeat", "test"), "-next", pipe},
		syscall.SIGHUP:  {"exec", "-data", pipe, "--", "true"},
	} {
		dir := t.TempDir()
		if err := syscall.Mkfifo(filepath.Join(dir, pipe), 0o600); err != nil {
			t.Fatal(err)
		}
		p := start(t, func(command *exec.Cmd) { command.Dir = dir }, args...)
		// To open it for writing fails until the emulator reads the pipe.
		var writer *os.File
		err := errors.New("not opened")
		for start := time.Now(); err != nil && time.Since(start) < time.Minute; time.Sleep(10 * time.Millisecond) {
			writer, err = os.OpenFile(filepath.Join(dir, pipe), os.O_WRONLY|syscall.O_NONBLOCK, 0)
		}
		p.signal(t, sig)
		p.end()
		if status, _ := p.ProcessState.Sys().(syscall.WaitStatus); err != nil || status.Signal() != sig {
			t.Errorf("%q: %v and %v, want %v", args, err, p.ProcessState, sig)
		}
		_ = writer.Close()
	}
}

func TestServeSwitchesToNextAtHangUp(t *testing.T) {
	next := customers(t, "repeat", "test")
	p, _, url := serving(t, "-data", customers(t, "prospect", "test"), "-next", next)
	if _, body := ask(url+"/api/customers/x", ""); !strings.Contains(body, "prospect") {
		t.Errorf("before: %s", body)
	}
	p.signal(t, syscall.SIGHUP)
	p.until(t, nameInErrors+next+" is served from now on")
	if _, body := ask(url+"/api/customers/x", ""); !strings.Contains(body, "repeat") {
		t.Errorf("after: %s", body)
	}
}

// TestExecPassesASignalOnOnce sends an interrupt to the whole process group, as
// timeout(1) and runners do. The command must get it only once, because Terraform
// stops immediately at a second interrupt. The other signals reach exec alone.
func TestExecPassesASignalOnOnce(t *testing.T) {
	for _, last := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGUSR1} {
		p := start(t, alone, executing("signals")...)
		if group, _ := p.until(t, "waiting in process group "); group == strconv.Itoa(p.Process.Pid) {
			t.Error("the command is in our process group, and is signalled twice")
		}
		if err := syscall.Kill(-p.Process.Pid, syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		p.until(t, "got interrupt")
		p.signal(t, last)
		p.until(t, "got "+last.String())
		p.until(t, "interrupts: 1")
		if code := p.end(); code != 4 {
			t.Errorf("%v: exit code %d, want the command's", last, code)
		}
	}
}

func TestExecReturnsTheSignalThatEndedTheCommand(t *testing.T) {
	if r := runs("exec", "--", "sh", "-c", "kill -KILL $$"); r.code != 137 {
		t.Errorf("got %+v", r)
	}
}

// TestExecKeepsSignalsIgnored checks what nohup needs. A signal that this process
// ignores must be ignored by the command too.
func TestExecKeepsSignalsIgnored(t *testing.T) {
	p := start(t, func(command *exec.Cmd) {
		alone(command)
		command.Args = append([]string{"sh", "-c", `trap '' HUP; exec "$0" "$@"`}, command.Args...)
		command.Path = "/bin/sh"
	}, executing("signals")...)
	p.until(t, "waiting")
	for _, sig := range []syscall.Signal{syscall.SIGHUP, syscall.SIGTERM} {
		p.signal(t, sig)
	}
	if got, _ := p.until(t, "got "); got != "terminated" {
		t.Errorf("the ignored signal was passed on: %s", got)
	}
}
