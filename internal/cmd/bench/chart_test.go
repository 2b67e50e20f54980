package main

import (
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// limited makes a figure under the limits.
func limited(workload string, customers int, seconds, floor float64) figure {
	return figure{
		Workload: workload, Condition: limitedName, Customers: customers, Seconds: seconds, FloorSeconds: floor,
	}
}

// failed makes a figure of a plan that fails.
func failed(customers, refused int) figure {
	f := limited("`data \"http\"`, `for_each`", customers, 3.1, 10)
	f.Foreign, f.Failed, f.Requests, f.Refused = true, "429", customers, refused
	return f
}

func draw(t *testing.T, figures ...figure) string {
	t.Helper()
	var svg strings.Builder
	if err := drawChart(&svg, figures); err != nil {
		t.Fatal(err)
	}
	return svg.String()
}

func TestTheChartShowsEachFigureUnderTheLimits(t *testing.T) {
	t.Parallel()
	free := limited("`commercelayer_customer`", 1, 7.7, 0)
	free.Condition = "no limits"
	svg := draw(t, free, failed(1_000, 950), limited("`commercelayer_customer`", 1, 0.25, 0),
		limited("`commercelayer_customer`, `for_each`", 1_000, 60.84, 10), limited(pluralName, 1_000, 11.3, 10))
	for content, want := range map[string]int{
		">fails, 950 of 1,000 refused<": 1, ">60.8 s<": 1, ">11.3 s<": 1, ">10.0 s<": 1, ">1,000 customers<": 1,
		">1 customer<": 1, ">3.1 s<": 0, ">7.7 s<": 0, ">data &#34;http&#34;<": 1,
	} {
		if got := strings.Count(svg, content); got != want {
			t.Errorf("%s stands there %d times, want %d", content, got, want)
		}
	}
	for decoder := xml.NewDecoder(strings.NewReader(svg)); ; {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("the chart is no XML: %v", err)
		}
	}
	if err := drawChart(io.Discard, []figure{free}); err == nil {
		t.Error("nothing was drawn, and nobody said so")
	}
}

// The lines of the axis are where bars of their length end.
func TestTheAxisIsLogarithmic(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[float64]float64{0.01: 12, 0.1: 12, 1: 106, 10: 200, 100: 294, 1_000: 388} {
		if got := 12 + length(seconds); got != want {
			t.Errorf("a bar of %g s ends at %g, want %g", seconds, got, want)
		}
	}
}

// A phone shows the chart in 328 pixels, and letters of less than 11 pixels are
// hard to read. The letters of DejaVu Sans, a wide font, take eight units on
// average.
func TestTheChartCanBeReadOnAPhone(t *testing.T) {
	t.Parallel()
	const letter, phone = 8, 328
	svg := draw(t, failed(10_000, 9_999), limited("`commercelayer_customer`", 10_000, 1_000, 1_000),
		limited(pluralName, 10_000, 1_000, 1_000), limited(fieldsName, 10_000, 1_000, 1_000))
	var width, size int
	if _, err := fmt.Sscanf(svg, `<svg xmlns="http://www.w3.org/2000/svg" width="%d"`, &width); err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(svg, `font-size="`)
	if _, err := fmt.Sscan(strings.ReplaceAll(after, `"`, " "), &size); err != nil || size*phone/width < 11 {
		t.Errorf("the letters have %d units of %d: %v", size, width, err)
	}
	names := regexp.MustCompile(`>([^<]+)</text>\n<text .* text-anchor="end">([^<]+)</text>\n<rect`)
	rows := names.FindAllStringSubmatch(svg, -1)
	for _, row := range rows {
		if n := letter * len(html.UnescapeString(row[1]+" "+row[2])); n > width-2*12 {
			t.Errorf("%q and %q take %d of %d units", row[1], row[2], n, width)
		}
	}
	if len(rows) != len(allSeries) {
		t.Errorf("the chart has %d bars", len(rows))
	}
}

func TestTheChartHasTheColoursOfThePage(t *testing.T) {
	t.Parallel()
	svg := draw(t, limited(pluralName, 1, 1, 0))
	if n := strings.Count(svg, `fill="`); n != 1 {
		t.Errorf("%d fills are the same in the light and in the dark, want that of the bar alone", n)
	}
	if !strings.Contains(svg, "@media (prefers-color-scheme: dark)") {
		t.Error("it has no colours for the dark")
	}
}

// The README shows a chart and a table of the same run.
func TestEachBarOfTheREADMEIsInItsTable(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	svg, err := os.ReadFile("../../../.github/bench.svg")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(readme), "bench.svg)")
	table, _, _ = strings.Cut(table, "without limits")
	label := regexp.MustCompile(`text-anchor="end">([^<]+)</text>\n<rect`)
	bars := label.FindAllStringSubmatch(string(svg), -1)
	for _, bar := range bars {
		seconds, plan := strings.CutSuffix(bar[1], " s")
		short, _, _ := strings.Cut(bar[1], " refused") // as in "fails, 75 of 100 requests refused"
		n, _ := strconv.ParseFloat(seconds, 64)
		if !strings.Contains(table, " "+short) && (!plan || !strings.Contains(table, fmt.Sprintf(" %.0f s", n))) {
			t.Errorf("the table has no %s", bar[1])
		}
	}
	if len(bars) < 5 {
		t.Errorf("the chart has %d bars", len(bars))
	}
}
