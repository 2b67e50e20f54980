package main

import (
	_ "embed"
	"io"
	"math"
	"strings"
	"text/template"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// chartText is the chart with blanks. It is as wide as a phone, so that its letters
// keep their size there. It takes the colours of the page that shows it, and has a
// background of its own, so that it can be read even where a browser chooses the
// other colours.
//
//go:embed chart.svg.tmpl
var chartText string

var chartTemplate = template.Must(template.New("chart").Parse(chartText))

// A chartRow is a bar below its name and its label, or the title of a group of bars.
type chartRow struct {
	Title, Name, Label, Colour string
	Length                     float64
	Y, BarY                    int
}

// length is the length of a bar. The axis is logarithmic, and begins at a tenth of a
// second.
func length(seconds float64) float64 {
	const decade = 94
	return math.Log10(max(seconds, 0.1)/0.1) * decade
}

// drawChart draws the plans under the limits as an SVG. It leaves out the others,
// because they differ little.
func drawChart(w io.Writer, figures []figure) error {
	const rowHeight = 32
	english := message.NewPrinter(language.English) // writes 1000 as 1,000
	y, customers := 52, 0
	var rows []chartRow
	for _, f := range figures {
		if !f.limited {
			continue
		}
		if f.customers != customers {
			customers = f.customers
			title := "1 customer"
			if customers > 1 {
				title = english.Sprintf("%d customers", customers)
			}
			rows = append(rows, chartRow{Title: title, Y: y + 22})
			y += rowHeight
		}
		row := chartRow{Name: strings.ReplaceAll(f.name, "`", ""), Colour: f.colour, Y: y + 14, BarY: y + 19}
		if f.failed {
			row.Label = english.Sprintf("fails, %d of %d refused", f.refused, f.requests)
		} else {
			row.Length, row.Label = length(f.seconds), english.Sprintf("%.1f s", f.seconds)
		}
		rows = append(rows, row)
		y += rowHeight
	}
	return chartTemplate.Execute(w, struct {
		Height, Bottom, Foot int
		Rows                 []chartRow
	}{y + 28, y, y + 18, rows})
}
