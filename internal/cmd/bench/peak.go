package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// watchPeak watches the processes whose executable is below the folder. These
// are the providers, which the CLI starts from its mirror. The returned function
// ends the watching, and returns the largest peak of resident memory in MiB. The
// kernel keeps the peak of each process, so it is enough to look regularly.
func watchPeak(folder string) func() int {
	stop, result := make(chan struct{}), make(chan int)
	go func() {
		largest := 0
		ticker := time.NewTicker(20 * time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-stop:
				result <- largest
				return
			case <-ticker.C:
				largest = max(largest, peakBelow(folder))
			}
		}
	}()
	return func() int {
		close(stop)
		return <-result
	}
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
