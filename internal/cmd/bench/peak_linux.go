package main

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"strconv"
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
		var largest int
		ticker := time.NewTicker(20 * time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-stop:
				result <- largest
				return
			case <-ticker.C:
				for _, process := range processesBelow(folder) {
					largest = max(largest, peakOf(process))
				}
			}
		}
	}()
	return func() int {
		close(stop)
		return <-result
	}
}

func processesBelow(folder string) []string {
	links, err := filepath.Glob("/proc/[0-9]*/exe")
	if err != nil {
		return nil
	}
	var list []string
	for _, link := range links {
		target, err := os.Readlink(link)
		if err == nil && strings.HasPrefix(target, folder+string(filepath.Separator)) {
			list = append(list, filepath.Dir(link))
		}
	}
	return list
}

func peakOf(process string) int {
	status, err := os.ReadFile(filepath.Join(process, "status"))
	if err != nil {
		return 0 // the process has ended
	}
	lines := bufio.NewScanner(bytes.NewReader(status))
	for lines.Scan() {
		if fields := strings.Fields(lines.Text()); len(fields) == 3 && fields[0] == "VmHWM:" {
			kib, err := strconv.Atoi(fields[1])
			if err != nil {
				return 0
			}
			return kib >> 10
		}
	}
	return 0
}
