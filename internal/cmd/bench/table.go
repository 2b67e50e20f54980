package main

import (
	"fmt"
	"io"
)

// printTable prints the figures as two Markdown tables: without the limits, and
// under them.
func printTable(w io.Writer, figures []figure) {
	for _, limited := range []bool{false, true} {
		title := "without limits"
		if limited {
			title = "under the limits of a test organization"
		}
		fmt.Fprintf(w, "\n### Plans %s\n\n", title)
		fmt.Fprintln(w, "| customers | read with | wall time | requests | refused | peak memory of the provider |")
		fmt.Fprintln(w, "|---:|---|---:|---:|---:|---:|")
		for _, f := range figures {
			if f.limited != limited {
				continue
			}
			wall := fmt.Sprintf("%.2f s", f.seconds)
			if f.failed {
				wall = "fails after " + wall
			}
			peak := ""
			if f.peakMiB > 0 {
				peak = fmt.Sprintf("%d MiB", f.peakMiB)
			}
			fmt.Fprintf(w, "| %d | %s | %s | %d | %d | %s |\n", f.customers, f.name, wall, f.requests, f.refused, peak)
		}
	}
	fmt.Fprintf(w, "\n`data \"http\"` is version %s of its provider.\n", httpVersion)
}
