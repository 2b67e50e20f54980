package main

import (
	"fmt"
	"io"
)

// printTable prints the figures as a Markdown table for each condition.
func printTable(w io.Writer, figures []figure) {
	condition := ""
	for _, f := range figures {
		if f.Condition != condition {
			condition = f.Condition
			fmt.Fprintf(w, "\n### Plans, %s\n\n", condition)
			fmt.Fprintln(w, "| customers | read with | wall time | requests | refused "+
				"| received | peak memory of the provider | shortest time under the limits |")
			fmt.Fprintln(w, "|---:|---|---:|---:|---:|---:|---:|---:|")
		}
		wall := fmt.Sprintf("%.2f s", f.Seconds)
		if f.Failed != "" {
			wall = fmt.Sprintf("fails after %.2f s", f.Seconds)
		}
		floor := "–"
		if condition == limitedName {
			floor = fmt.Sprintf("%.0f s", f.FloorSeconds)
		}
		fmt.Fprintf(w, "| %d | %s | %s | %d | %d | %.1f MiB | %d MiB | %s |\n",
			f.Customers, f.Workload, wall, f.Requests, f.Refused, float64(f.Bytes)/(1<<20), f.PeakMiB, floor)
	}
	fmt.Fprintf(w, "\n`data \"http\"` is the provider %s %s.\n", httpSource, httpVersion)
}
