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

// A series is all bars of one colour.
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
	{`data "http"`, "#9a9a9a", false, func(f figure) (float64, bool) { return f.Seconds, f.Foreign }},
	{"commercelayer_customer", "#7b42bc", false, func(f figure) (float64, bool) {
		return f.Seconds, !f.Foreign && f.Workload != pluralName && f.Workload != fieldsName
	}},
	{"commercelayer_customers", "#2e9e6b", false, func(f figure) (float64, bool) {
		return f.Seconds, f.Workload == pluralName
	}},
	{"three fields", "#8fd0b3", false, func(f figure) (float64, bool) {
		return f.Seconds, f.Workload == fieldsName
	}},
	{"the limits alone", "#e0a030", true, func(f figure) (float64, bool) {
		return f.FloorSeconds, f.FloorSeconds > 0
	}},
}

// The measures of the chart, in the units of its view box.
const (
	chartWidth, chartHeight = 700, 340
	plotLeft, plotRight     = 60, 680
	plotTop, plotBottom     = 90, 290
	barWidth, barGap        = 34, 4
	// The legend has rows of three entries. The longest entry fits even in a wide
	// font, because the reader's browser chooses the font.
	legendTop, legendRow     = 40, 20
	legendColumns, legendGap = 3, 210
)

// The axis is logarithmic, and begins at a tenth of a second.
const (
	leastSeconds = 0.1
	decades      = 4
)

// A bar is one figure in the chart. The bar of a failed plan has no height, and
// its label says that the plan fails.
type bar struct {
	colour, label string
	seconds       float64
}

// drawChart draws the plans under the limits as an SVG. It leaves out the others,
// because they differ little. The labels of bars and axes are placed by their
// middle or their end, so that the chart looks the same in each font.
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
	sizes = slices.Compact(sizes)

	var svg strings.Builder

	const title = "Seconds of a terraform plan under the limits of a test organization"

	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" `+
		`font-family="Helvetica, Arial, sans-serif" font-size="12">`+"\n", chartWidth, chartHeight)
	fmt.Fprintf(&svg, "<title>%s</title>\n", title)
	fmt.Fprintf(&svg, `<rect width="%d" height="%d" fill="#ffffff"/>`+"\n", chartWidth, chartHeight)
	text(&svg, chartWidth/2, 24, "middle", 14, title+" (logarithmic)")
	drawLegend(&svg)
	drawAxis(&svg)

	step := float64(plotRight-plotLeft) / float64(len(sizes))
	for i, size := range sizes {
		middle := plotLeft + (float64(i)+0.5)*step
		drawGroup(&svg, middle, barsOf(figures, size))
		text(&svg, middle, plotBottom+18, "middle", 12, thousands(size))
	}

	text(&svg, (plotLeft+plotRight)/2, plotBottom+38, "middle", 12, "customers")
	svg.WriteString("</svg>\n")

	_, err := io.WriteString(w, svg.String())
	return err
}

func drawLegend(svg *strings.Builder) {
	for i, s := range allSeries {
		x, y := plotLeft+i%legendColumns*legendGap, legendTop+i/legendColumns*legendRow
		fmt.Fprintf(svg, `<rect x="%d" y="%d" width="12" height="12" fill="%s"/>`+"\n", x, y, s.colour)
		text(svg, float64(x+18), float64(y+10), "start", 12, s.name)
	}
}

func drawAxis(svg *strings.Builder) {
	for i := range decades + 1 {
		seconds := leastSeconds * math.Pow10(i)
		y := height(seconds)
		fmt.Fprintf(svg, `<path d="M%d %.1fH%d" stroke="#dddddd"/>`+"\n", plotLeft, y, plotRight)
		text(svg, plotLeft-8, y+4, "end", 12, fmt.Sprintf("%g s", seconds))
	}
}

// barsOf are the bars of a group, in the order of the series. A series without a
// figure takes no room.
func barsOf(figures []figure, size int) []bar {
	var bars []bar

	for _, s := range allSeries {
		for _, f := range figures {
			seconds, mine := s.value(f)
			if !mine || f.Customers != size {
				continue
			}

			b := bar{colour: s.colour, seconds: seconds, label: fmt.Sprintf("%.1f", seconds)}
			if f.Failed != "" && !s.limits {
				b.seconds, b.label = leastSeconds, "fails"
			}

			// Several plans of a group have the same shortest time. One bar
			// shows it.
			if !slices.Contains(bars, b) {
				bars = append(bars, b)
			}
		}
	}
	return bars
}

func drawGroup(svg *strings.Builder, middle float64, bars []bar) {
	left := middle - float64(len(bars)*(barWidth+barGap)-barGap)/2

	for i, b := range bars {
		x, y := left+float64(i*(barWidth+barGap)), height(b.seconds)
		fmt.Fprintf(svg, `<rect x="%.1f" y="%.1f" width="%d" height="%.1f" fill="%s"/>`+"\n",
			x, y, barWidth, plotBottom-y, b.colour)
		text(svg, x+barWidth/2, y-5, "middle", 11, b.label)
	}
}

// height is the vertical position of a number of seconds on the axis.
func height(seconds float64) float64 {
	part := math.Log10(max(seconds, leastSeconds)/leastSeconds) / decades
	return plotBottom - part*(plotBottom-plotTop)
}

func text(svg *strings.Builder, x, y float64, anchor string, size int, content string) {
	fmt.Fprintf(svg, `<text x="%.1f" y="%.1f" text-anchor="%s" font-size="%d" fill="#222222">%s</text>`+"\n",
		x, y, anchor, size, html.EscapeString(content))
}

// thousands writes a number with a comma before the last three digits.
func thousands(n int) string {
	if n < 1_000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%d,%03d", n/1_000, n%1_000)
}
