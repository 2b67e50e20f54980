package clidriver

import (
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

func TestAProgramThatWasWrittenStartsWhileOthersFork(t *testing.T) {
	t.Parallel()
	end := make(chan struct{})
	var forks sync.WaitGroup
	for range 4 {
		forks.Go(func() {
			for {
				select {
				case <-end:
					return
				default:
					_ = exec.CommandContext(t.Context(), "true").Run()
				}
			}
		})
	}
	for range 200 {
		program := filepath.Join(t.TempDir(), "program")
		if err := writeProgram(program, []byte("#!/bin/sh\n")); err != nil {
			t.Fatal(err)
		}
		if err := exec.CommandContext(t.Context(), program).Run(); err != nil {
			t.Error(err)
		}
	}
	close(end)
	forks.Wait()
}
