package main

import (
	"errors"
	"fmt"
	"html"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A series is all bars of one colour. The colours can be told from white and
// from black.
type series struct {
	name, colour string
	// limits tells that the bars do not show plans. They show the shortest time
	// that the limits allow. Only plans can fail.
	limits bool
	value  func(figure) (seconds float64, mine bool)
}

const (
	pluralName = "`commercelayer_customers`"
	fieldsName = "`commercelayer_customers`, three `fields`"
)

var allSeries = []series{
	{`data "http"`, "#8b949e", false, func(f figure) (float64, bool) { return f.Seconds, f.Foreign }},
	{"commercelayer_customer", "#8957e5", false, func(f figure) (float64, bool) {
		return f.Seconds, !f.Foreign && f.Workload != pluralName && f.Workload != fieldsName
	}},
	{"commercelayer_customers", "#2da44e", false, func(f figure) (float64, bool) {
		return f.Seconds, f.Workload == pluralName
	}},
	{"commercelayer_customers, three fields", "#57ab7a", false, func(f figure) (float64, bool) {
		return f.Seconds, f.Workload == fieldsName
	}},
	{"the limits alone", "#d29922", true, func(f figure) (float64, bool) {
		return f.FloorSeconds, f.FloorSeconds > 0
	}},
}

// The measures of the chart. It is as wide as a phone, so that its letters keep
// their size there. Each bar has a line of text above it.
const (
	chartWidth   = 400
	plotLeft     = 12
	plotWidth    = chartWidth - 2*plotLeft
	headHeight   = 52
	groupHeight  = 32
	rowHeight    = 32
	barHeight    = 8
	footHeight   = 28
	letterHeight = 14
)

// The axis is logarithmic, and begins at a tenth of a second.
const (
	leastSeconds = 0.1
	decades      = 4
)

// A bar is one figure in the chart. The bar of a failed plan has no length, and
// its label says that the plan fails.
type bar struct {
	series
	label   string
	seconds float64
}

// style gives the chart the colours of the page that shows it. It has a
// background of its own, so that it can be read even where a browser chooses the
// other colours.
const style = `<style>
  rect.page { fill: #ffffff } text { fill: #1f2328 } path { stroke: #d0d7de }
  @media (prefers-color-scheme: dark) { rect.page { fill: #0d1117 } text { fill: #e6edf3 } path { stroke: #30363d } }
</style>
`

// drawChart draws the plans under the limits as an SVG. It leaves out the others,
// because they differ little.
func drawChart(w io.Writer, figures []figure) error {
	figures = slices.DeleteFunc(slices.Clone(figures), func(f figure) bool { return f.Condition != limitedName })
	if len(figures) == 0 {
		return errors.New("there are no figures under " + limitedName)
	}
	var sizes []int
	for _, f := range figures {
		sizes = append(sizes, f.Customers)
	}
	slices.Sort(sizes)

	var rows strings.Builder
	y := headHeight
	for _, size := range slices.Compact(sizes) {
		name := " customers"
		if size == 1 {
			name = " customer"
		}
		y += groupHeight
		writeText(&rows, plotLeft, y-10, "start", thousands(size)+name, ` font-weight="bold"`)
		for _, b := range barsOf(figures, size) {
			drawBar(&rows, y, b)
			y += rowHeight
		}
	}
	const title = "Seconds of a plan under the limits of a test organization"
	var svg strings.Builder
	height := y + footHeight
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d" role="img" `+
		`font-family="Helvetica, Arial, sans-serif" font-size="%[3]d">`+"\n", chartWidth, height, letterHeight)
	fmt.Fprintf(&svg, "<title>%s</title>\n%s", title, style)
	fmt.Fprintf(&svg, `<rect class="page" width="%d" height="%d"/>`+"\n", chartWidth, height)
	writeText(&svg, plotLeft, 24, "start", "Seconds of a terraform plan under the limits", "")
	writeText(&svg, plotLeft, 42, "start", "of a test organization (logarithmic)", "")
	drawAxis(&svg, y)
	svg.WriteString(rows.String() + "</svg>\n")
	_, err := io.WriteString(w, svg.String())
	return err
}

// drawAxis draws a line for each power of ten, down to the bottom of the bars.
func drawAxis(svg *strings.Builder, bottom int) {
	for i := range decades + 1 {
		seconds := leastSeconds * math.Pow10(i)
		x := plotLeft + length(seconds)
		anchor := map[int]string{0: "start", decades: "end"}[i]
		if anchor == "" {
			anchor = "middle"
		}
		fmt.Fprintf(svg, `<path d="M%.1f %dV%d"/>`+"\n", x, headHeight, bottom)
		writeText(svg, x, bottom+18, anchor, fmt.Sprintf("%g s", seconds), "")
	}
}

// barsOf are the bars of a group, in the order of the series.
func barsOf(figures []figure, size int) []bar {
	var bars []bar
	for _, s := range allSeries {
		for _, f := range figures {
			seconds, mine := s.value(f)
			if !mine || f.Customers != size {
				continue
			}
			b := bar{series: s, seconds: seconds, label: fmt.Sprintf("%.1f s", seconds)}
			if f.Failed != "" && !s.limits {
				b.seconds = leastSeconds
				b.label = fmt.Sprintf("fails, %s of %s refused", thousands(f.Refused), thousands(f.Requests))
			}
			// Several plans of a group have the same shortest time. One bar
			// shows it.
			same := func(other bar) bool { return other.name == b.name && other.label == b.label }
			if !slices.ContainsFunc(bars, same) {
				bars = append(bars, b)
			}
		}
	}
	return bars
}

// drawBar draws a bar below its name and its label.
func drawBar(svg *strings.Builder, top int, b bar) {
	writeText(svg, plotLeft, top+letterHeight, "start", b.name, "")
	writeText(svg, plotLeft+plotWidth, top+letterHeight, "end", b.label, "")
	fmt.Fprintf(svg, `<rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/>`+"\n",
		plotLeft, top+letterHeight+5, length(b.seconds), barHeight, b.colour)
}

// length is the length of a bar.
func length(seconds float64) float64 {
	return math.Log10(max(seconds, leastSeconds)/leastSeconds) / decades * plotWidth
}

func writeText[N int | float64](svg *strings.Builder, x N, y int, anchor, content, attributes string) {
	fmt.Fprintf(svg, `<text x="%.1f" y="%d" text-anchor="%s"%s>%s</text>`+"\n",
		float64(x), y, anchor, attributes, html.EscapeString(content))
}

// thousands writes a number with a comma before the last three digits.
func thousands(n int) string {
	if n < 1_000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%d,%03d", n/1_000, n%1_000)
}
