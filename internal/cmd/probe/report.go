package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// report is what the command prints. It holds no personal data, because people
// add it to issues. There are no hosts, no addresses and no attributes in it, and
// its IDs are shortened.
type report struct {
	Asked       string         `json:"asked"` // "emulator" or "organization"
	Mode        string         `json:"mode"`
	Started     time.Time      `json:"started"`
	Seconds     float64        `json:"seconds"`
	Summary     map[string]int `json:"summary"`
	Assumptions []reportRow    `json:"assumptions"`
	cut         error          // why it was not asked to the end, or nil
}

type reportRow struct {
	Name     string     `json:"name"`
	Assumed  string     `json:"assumed"`
	Outcome  outcome    `json:"outcome"`
	Saw      string     `json:"saw,omitempty"`
	Missing  string     `json:"missing,omitempty"`
	Means    string     `json:"means,omitempty"`
	Requests []exchange `json:"requests,omitempty"`
}

func newReport(org *organization, results []result, cut error, started time.Time) *report {
	r := &report{
		Asked: "organization", Mode: "test", Started: started.UTC().Truncate(time.Second),
		Seconds: time.Since(started).Round(time.Second / 10).Seconds(), Summary: map[string]int{},
		cut: cut,
	}
	if org.emulated {
		r.Asked = "emulator"
	}
	if org.live {
		r.Mode = "live"
	}
	for _, result := range results {
		row := reportRow{
			Name: result.assumption.Name, Assumed: result.assumption.Assumed, Outcome: result.verdict.outcome,
			Requests: result.exchanges,
		}
		switch row.Outcome {
		case held:
			row.Saw = result.verdict.saw
		case refuted:
			row.Saw, row.Means = result.verdict.saw, result.assumption.IfWrong
		case untold:
			row.Missing = result.verdict.saw
		}
		r.Summary[string(row.Outcome)]++
		r.Assumptions = append(r.Assumptions, row)
	}
	return r
}

// exitCode is 1 when an assumption is refuted. Assumptions that can't be told do
// not change it, unless the time was over.
func (r *report) exitCode() int {
	switch {
	case r.Summary[string(refuted)] > 0:
		return exitRefuted
	case r.cut != nil:
		return exitFailed
	default:
		return exitHeld
	}
}

func (r *report) writeJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(r); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// writeTable writes a row for each assumption. Below the table it describes the
// refuted assumptions in full.
func (r *report) writeTable(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "ASSUMPTION\tOUTCOME\tSEEN OR NEEDED\tREQUEST")
	for _, row := range r.Assumptions {
		text := row.Saw
		if row.Missing != "" {
			text = "needs " + row.Missing
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", row.Name, row.Outcome, text, row.request())
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("writing the table: %w", err)
	}
	var b strings.Builder
	for _, row := range r.Assumptions {
		if row.Outcome != refuted {
			continue
		}
		fmt.Fprintf(&b, "\nRefuted: %s\n  Assumed: %s\n  Seen: %s.\n  What it means: %s\n", row.Name, row.Assumed,
			row.Saw, row.Means)
		for _, e := range row.Requests {
			fmt.Fprintf(&b, "  %s -> %s\n", e.Request, strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, e.Code)))
		}
	}
	fmt.Fprintf(&b, "\n%d held, %d refuted, %d can't be told; asked in %s mode, in %.0f seconds.\n",
		r.Summary[string(held)], r.Summary[string(refuted)], r.Summary[string(untold)], r.Mode, r.Seconds)
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the summary: %w", err)
	}
	return nil
}

// request is the last request of the probe.
func (row reportRow) request() string {
	if len(row.Requests) == 0 {
		return ""
	}
	return row.Requests[len(row.Requests)-1].Request
}
