package process

import (
	"math"
	"os"
	"runtime/debug"
	"testing"
)

func TestMemoryHasAGoalUnlessTheEnvironmentSaysAnother(t *testing.T) {
	before := debug.SetMemoryLimit(-1)
	t.Cleanup(func() { debug.SetMemoryLimit(before) })
	limit := func() int64 {
		debug.SetMemoryLimit(math.MaxInt64)
		BoundMemory()
		return debug.SetMemoryLimit(-1)
	}
	for _, name := range []string{"GOMEMLIMIT", "AUTOMEMLIMIT"} {
		t.Setenv(name, "") // restores the variable after the test
		if err := os.Unsetenv(name); err != nil {
			t.Fatal(err)
		}
	}
	if got := limit(); got <= 0 || got > memoryGoal {
		t.Errorf("the goal is %d", got)
	}
	t.Setenv("AUTOMEMLIMIT", "nonsense")
	if got := limit(); got != math.MaxInt64 {
		t.Errorf("with a mistake in the environment the goal is %d", got)
	}
	t.Setenv("GOMEMLIMIT", "8GiB")
	if got := limit(); got != math.MaxInt64 {
		t.Errorf("what Go has read from the environment is changed to %d", got)
	}
}
