// Package process prepares the process that a provider runs in.
package process

import "github.com/KimMachineGun/automemlimit/memlimit"

const (
	// memoryGoal is the soft limit of Go's memory, in bytes. It keeps the peak
	// of the process below 1 GB. A long list is held in several encoded forms
	// at once, each of at most 256 MiB. Without a limit the garbage collector
	// would let the heap grow to twice the size of what is in use.
	memoryGoal = 640 << 20
	// shareOfContainer divides the memory of a container: the provider uses at
	// most one half. The CLI, other providers and the page cache need the rest.
	shareOfContainer = 2
)

// BoundMemory sets the memory limit of the Go runtime. If the environment has
// GOMEMLIMIT, that limit is kept instead. An error is ignored: the provider
// works without a limit, too.
func BoundMemory() {
	_, _ = memlimit.Set(memlimit.WithRatio(1), memlimit.WithProvider(availableMemory))
}

// availableMemory returns the memory limit for this process. In a container it
// depends on the limit of the container's control group.
func availableMemory() (uint64, error) {
	limit, err := memlimit.FromCgroup()
	if err != nil {
		return memoryGoal, nil //nolint:nilerr // no container, or a container without a limit
	}
	return min(memoryGoal, limit/shareOfContainer), nil
}
