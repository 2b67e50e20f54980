package provider

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// organization holds the variables COMMERCELAYER_* of the environment, for the
// tests in organization_test.go. All other tests read from an emulator only.
var organization = map[string]string{}

// TestMain removes COMMERCELAYER_* from the environment before the tests. After
// the tests it looks for goroutines that the reads have left behind.
func TestMain(m *testing.M) {
	for _, variable := range os.Environ() {
		if name, value, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "COMMERCELAYER_") {
			organization[name] = value
			_ = os.Unsetenv(name)
		}
	}
	code := m.Run()
	for what, found := range map[string]string{"races in the provider": removeBinary(), "goroutines that the reads left behind": leftGoroutines()} {
		if found != "" {
			fmt.Fprintf(os.Stderr, "There are %s:\n\n%s\n", what, found)
			code = 1
		}
	}
	os.Exit(code)
}

// leftGoroutines returns the stacks of goroutines of the client and the
// provider. It waits first, so that goroutines that are about to end do end.
func leftGoroutines() string {
	var left []string
	eventually(func() bool {
		buffer := make([]byte, 4<<20)
		buffer = buffer[:runtime.Stack(buffer, true)]
		left = slices.DeleteFunc(strings.Split(string(buffer), "\n\n"), func(stack string) bool {
			return strings.Contains(stack, "provider.TestMain(") ||
				!strings.Contains(stack, "/internal/commercelayer.") && !strings.Contains(stack, "/internal/provider.")
		})
		return len(left) == 0
	})
	return strings.Join(left, "\n\n")
}

// eventually waits for a condition, and tells whether it became true in time.
func eventually(condition func() bool) bool {
	deadline := time.After(5 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !condition() {
		select {
		case <-tick.C:
		case <-deadline:
			return condition()
		}
	}
	return true
}

// noError ends the test if there is an error.
func noError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
