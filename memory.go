package main

import "github.com/KimMachineGun/automemlimit/memlimit"

const (
	// memoryGoal is what the provider tries to stay below, in bytes, so that its
	// peak stays below 1 GB. Long lists are encoded in several forms, of 256 MiB
	// at most each. Without a goal the garbage collector would let the heap grow
	// to twice of what is in use.
	memoryGoal = 640 << 20
	// shareOfContainer is which part of a container's memory that is at most: the
	// CLI, other providers and the page cache are in the same container.
	shareOfContainer = 2
)

// boundMemory tells the garbage collector how much memory it should make do
// with. GOMEMLIMIT in the environment says it better.
func boundMemory() {
	_, _ = memlimit.Set(memlimit.WithRatio(1), memlimit.WithProvider(availableMemory))
}

// availableMemory asks the control group of the container, if there is one.
func availableMemory() (uint64, error) {
	limit, err := memlimit.FromCgroup()
	if err != nil {
		return memoryGoal, nil //nolint:nilerr // there is no container, or it tells nothing
	}
	return min(memoryGoal, limit/shareOfContainer), nil
}
