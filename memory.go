package main

import "github.com/KimMachineGun/automemlimit/memlimit"

// memoryShare is the part of a container's memory that the provider tries to
// stay below. The CLI, other providers and the page cache are in the same
// container.
const memoryShare = 0.5

// boundMemory tells the garbage collector how much memory the container has. It
// would else let the heap grow to twice of what is in use, whatever the
// container allows. Without a container, or if its limit can't be read,
// everything stays as it is.
func boundMemory() {
	_, _ = memlimit.Set(memlimit.WithRatio(memoryShare))
}
