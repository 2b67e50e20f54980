package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// watchPeak watches the processes whose executable is below the folder. These
// are the providers, which the CLI starts from its mirror. Receiving the largest
// peak of resident memory, in MiB, ends the watching. The kernel keeps the peak of
// each process, so it is enough to look regularly.
func watchPeak(folder string) <-chan int {
	result := make(chan int)
	go func() {
		largest := 0
		for {
			select {
			case result <- largest:
				return
			case <-time.After(20 * time.Millisecond):
				largest = max(largest, peakBelow(folder))
			}
		}
	}()
	return result
}

// peakBelow returns the largest peak of the processes that run now. Only Linux has
// the files in which it is. Elsewhere the peak is 0.
func peakBelow(folder string) (mib int) {
	links, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, link := range links {
		program, err := os.Readlink(link)
		if err != nil || !strings.HasPrefix(program, folder+string(filepath.Separator)) {
			continue
		}
		// There is nothing to read when the process has ended.
		status, _ := os.ReadFile(filepath.Join(filepath.Dir(link), "status"))
		_, peak, _ := strings.Cut(string(status), "VmHWM:")
		var kib int
		if _, err := fmt.Sscan(peak, &kib); err == nil {
			mib = max(mib, kib>>10)
		}
	}
	return mib
}
