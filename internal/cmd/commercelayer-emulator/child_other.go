//go:build !unix

package main

import (
	"os"
	"os/exec"
)

// passedOn are the signals that must not end us before the command. A console
// sends its events to the command as well, so none has to be passed on.
var passedOn = []os.Signal{os.Interrupt}

func prepare(*exec.Cmd) {}

func pass(*os.Process, os.Signal) {}

func exitCode(state *os.ProcessState) int { return state.ExitCode() }
