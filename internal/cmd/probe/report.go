package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// report is what the command prints. It holds no personal data, because people
// add it to issues. There are no hosts, no addresses and no attributes in it, and
// its IDs are shortened.
type report struct {
	Asked       string          `json:"asked"` // "emulator" or "organization"
	Mode        string          `json:"mode"`
	Started     time.Time       `json:"started"`
	Seconds     float64         `json:"seconds"`
	Summary     map[outcome]int `json:"summary"`
	Assumptions []reportRow     `json:"assumptions"`
	cut         error           // why it was not asked to the end, or nil
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

func (org *organization) newReport() *report {
	r := &report{
		Asked: "organization", Mode: cmp.Or(org.told, commercelayer.ModeTest),
		Started: org.started.UTC().Truncate(time.Second), Summary: map[outcome]int{},
	}
	if org.emulated {
		r.Asked = "emulator"
	}
	return r
}

// add adds the row of an assumption.
func (r *report) add(assumption emulator.Assumption, v verdict, answers []*answer) {
	row := reportRow{Name: assumption.Name, Assumed: assumption.Assumed, Outcome: v.outcome}
	switch v.outcome {
	case held:
		row.Saw = v.text
	case refuted:
		row.Saw, row.Means = v.text, assumption.IfWrong
	case untold:
		row.Missing = v.text
	}
	for _, a := range answers {
		row.Requests = append(row.Requests, a.exchange)
	}
	r.Assumptions = append(r.Assumptions, row)
	r.Summary[v.outcome]++
}

// exitCode is 1 when an assumption is refuted. Assumptions that can't be told do
// not change it, unless the time was over.
func (r *report) exitCode() int {
	switch {
	case r.Summary[refuted] > 0:
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
	return encoder.Encode(r)
}

// writeTable writes a row for each assumption, with the last request of its probe.
// Below the table it describes the refuted assumptions in full.
func (r *report) writeTable(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	var details strings.Builder
	fmt.Fprintln(table, "ASSUMPTION\tOUTCOME\tSEEN OR NEEDED\tREQUEST")
	for _, row := range r.Assumptions {
		text, last := row.Saw, ""
		if row.Missing != "" {
			text = "needs " + row.Missing
		}
		if n := len(row.Requests); n > 0 {
			last = row.Requests[n-1].Request
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", row.Name, row.Outcome, text, last)
		if row.Outcome == refuted {
			fmt.Fprintf(&details, "\nRefuted: %s\n  Assumed: %s\n  Seen: %s.\n  What it means: %s\n", row.Name, row.Assumed,
				row.Saw, row.Means)
			for _, e := range row.Requests {
				fmt.Fprintf(&details, "  %s -> %s\n", e.Request, e.summary())
			}
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%s\n%d held, %d refuted, %d can't be told; asked in %s mode, in %.0f seconds.\n", &details,
		r.Summary[held], r.Summary[refuted], r.Summary[untold], r.Mode, r.Seconds)
	return err
}
