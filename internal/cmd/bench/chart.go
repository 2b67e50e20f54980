package main

import (
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"text/template"
)

// chartText is the chart with blanks. It is as wide as a phone, so that its letters
// keep their size there. It takes the colours of the page that shows it, and has a
// background of its own, so that it can be read even where a browser chooses the
// other colours.
//
//go:embed chart.svg.tmpl
var chartText string

var chartTemplate = template.Must(template.New("chart").Parse(chartText))

// A series is all bars of one colour. The colours can be told from white and from
// black.
type series struct{ Name, Colour string }

var (
	httpSeries   = series{`data "http"`, "#8b949e"}
	singleSeries = series{"commercelayer_customer", "#8957e5"}
	pluralSeries = series{"commercelayer_customers", "#2da44e"}
	fieldsSeries = series{"commercelayer_customers, three fields", "#57ab7a"}
	limitsSeries = series{"the limits alone", "#d29922"}
	allSeries    = []series{httpSeries, singleSeries, pluralSeries, fieldsSeries, limitsSeries}
)

const (
	pluralName = "`commercelayer_customers`"
	fieldsName = "`commercelayer_customers`, three `fields`"
)

func seriesOf(f figure) series {
	switch {
	case f.Foreign:
		return httpSeries
	case f.Workload == pluralName:
		return pluralSeries
	case f.Workload == fieldsName:
		return fieldsSeries
	default:
		return singleSeries
	}
}

// A chartRow is a bar below its name and its label, or the title of a group of bars.
type chartRow struct {
	series

	Title, Label string
	Length       float64
	Y, BarY      int
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
	figures = slices.DeleteFunc(slices.Clone(figures), func(f figure) bool { return f.Condition != limitedName })
	if len(figures) == 0 {
		return errors.New("there are no figures under " + limitedName)
	}
	slices.SortStableFunc(figures, func(a, b figure) int {
		order := slices.Index(allSeries, seriesOf(a)) - slices.Index(allSeries, seriesOf(b))
		return cmp.Or(a.Customers-b.Customers, order)
	})
	const rowHeight = 32
	y := 52
	var rows []chartRow
	add := func(s series, seconds float64, label string) {
		rows = append(rows, chartRow{series: s, Label: label, Length: length(seconds), Y: y + 14, BarY: y + 19})
		y += rowHeight
	}
	for i, f := range figures {
		if i == 0 || f.Customers != figures[i-1].Customers {
			y += rowHeight
			title := thousands(f.Customers) + " customers"
			if f.Customers == 1 {
				title = "1 customer"
			}
			rows = append(rows, chartRow{Title: title, Y: y - 10})
		}
		if f.Failed == "" {
			add(seriesOf(f), f.Seconds, fmt.Sprintf("%.1f s", f.Seconds))
		} else {
			add(seriesOf(f), 0, fmt.Sprintf("fails, %s of %s refused", thousands(f.Refused), thousands(f.Requests)))
		}
		// All plans of a group have the same shortest time that the limits allow.
		last := i == len(figures)-1 || f.Customers != figures[i+1].Customers
		if last && f.FloorSeconds > 0 {
			add(limitsSeries, f.FloorSeconds, fmt.Sprintf("%.1f s", f.FloorSeconds))
		}
	}
	return chartTemplate.Execute(w, struct {
		Height, Bottom, Foot int
		Rows                 []chartRow
	}{y + 28, y, y + 18, rows})
}

// thousands writes a number with a comma before the last three digits.
func thousands(n int) string {
	if n < 1_000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%d,%03d", n/1_000, n%1_000)
}
