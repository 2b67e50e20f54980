//go:build !unix

package main

import (
	"os"
	"os/exec"
)

// passedOn are the signals that must not end this process before the command.
// The console sends them to the command as well, so pass has nothing to do.
var passedOn = []os.Signal{os.Interrupt}

func prepare(*exec.Cmd) {}

func pass(*os.Process, os.Signal) {}
