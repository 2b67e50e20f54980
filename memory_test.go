package main

import (
	"math"
	"os"
	"runtime/debug"
	"testing"
)

func TestMemoryIsBoundedOnlyByAContainer(t *testing.T) {
	before := debug.SetMemoryLimit(-1)
	t.Cleanup(func() { debug.SetMemoryLimit(before) })
	t.Setenv("GOMEMLIMIT", "1GiB")
	debug.SetMemoryLimit(1 << 30)
	boundMemory()
	if got := debug.SetMemoryLimit(-1); got != 1<<30 {
		t.Errorf("what the environment says is changed to %d", got)
	}
	if err := os.Unsetenv("GOMEMLIMIT"); err != nil { // Setenv puts it back
		t.Fatal(err)
	}
	for _, ratio := range []string{"nonsense", "off"} {
		t.Setenv("AUTOMEMLIMIT", ratio)
		debug.SetMemoryLimit(math.MaxInt64)
		boundMemory()
		if got := debug.SetMemoryLimit(-1); got != math.MaxInt64 {
			t.Errorf("without a limit that can be read it is %d", got)
		}
	}
}
